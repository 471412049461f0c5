import type { ActionAfterCompletion, FlexibleTimeWindow, ScheduleState } from '@aws-sdk/client-scheduler';
import type { Scope } from '../cloud.ts';
import type { Occurrences } from './expression.ts';
import type { ScheduleTarget } from './target.ts';

/** What CreateSchedule and UpdateSchedule say of a schedule. What an update leaves out is as if it had never been said. */
export interface ScheduleSettings {
  /** As it was given. */
  readonly expression: string;
  readonly timeZone: string;
  readonly occurrences: Occurrences;
  readonly start: Date | undefined;
  readonly end: Date | undefined;
  readonly description: string | undefined;
  readonly state: ScheduleState;
  readonly window: FlexibleTimeWindow;
  readonly target: ScheduleTarget;
  readonly afterwards: ActionAfterCompletion;
}

export interface ScheduleGroup {
  readonly name: string;
  readonly arn: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly tags: Map<string, string>;
}

export class Schedule {
  readonly scope: Scope;
  readonly group: ScheduleGroup;
  readonly name: string;
  readonly arn: string;
  /** Epoch milliseconds. */
  readonly created: number;
  modified: number;
  settings: ScheduleSettings;

  constructor(scope: Scope, group: ScheduleGroup, name: string, settings: ScheduleSettings, now: number) {
    this.scope = { account: scope.account, region: scope.region };
    this.group = group;
    this.name = name;
    this.arn = scheduleArn(scope, group.name, name);
    this.created = now;
    this.modified = now;
    this.settings = settings;
  }
}

export function scheduleArn({ account, region }: Scope, group: string, name: string): string {
  return `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}`;
}

export function groupArn({ account, region }: Scope, name: string): string {
  return `arn:aws:scheduler:${region}:${account}:schedule-group/${name}`;
}
