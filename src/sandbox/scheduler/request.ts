import type { RequestContext } from '../operation.ts';
import { groupArn, scheduleArn } from './schedule.ts';
import { defaultGroup } from './schedules.ts';

interface ScheduleReference {
  readonly Name?: string | undefined;
  readonly GroupName?: string | undefined;
}

/** What IAM is asked about: the ARN of the schedule, whether it exists or not. */
export function onSchedule({ Name = '', GroupName = defaultGroup }: ScheduleReference, context: RequestContext): readonly string[] {
  return [scheduleArn(context, GroupName, Name)];
}

export function onGroup({ Name = '' }: Pick<ScheduleReference, 'Name'>, context: RequestContext): readonly string[] {
  return [groupArn(context, Name)];
}
