import type { Scope } from '../cloud.ts';
import type { Schedule } from './schedule.ts';
import type { RuleTarget } from './target.ts';

/** What PutRule says of a rule. What it leaves out of a rule that exists is gone. */
export interface RuleSettings {
  /** As it was given. */
  readonly expression: string;
  readonly schedule: Schedule;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
}

/** A rule of the default event bus that fires on a schedule. */
export class Rule {
  readonly scope: Scope;
  readonly name: string;
  readonly arn: string;
  readonly tags: Map<string, string>;
  /** By their ids. */
  readonly targets = new Map<string, RuleTarget>();
  settings: RuleSettings;

  constructor(scope: Scope, name: string, settings: RuleSettings, tags: ReadonlyMap<string, string>) {
    this.scope = { account: scope.account, region: scope.region };
    this.name = name;
    this.arn = ruleArn(scope, name);
    this.settings = settings;
    this.tags = new Map(tags);
  }
}

/** `arn:aws:events:<region>:<account>:rule/<name>`: the default bus is not named in it. */
export function ruleArn({ account, region }: Scope, name: string): string {
  return `arn:aws:events:${region}:${account}:rule/${name}`;
}
