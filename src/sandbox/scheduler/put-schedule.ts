import type { CreateScheduleInput } from '@aws-sdk/client-scheduler';
import { passing } from '../iam/besides.ts';
import { refuseUnsupportedMembers } from '../not-implemented.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { assumable } from './call.ts';
import { scheduleMembers } from './constraints.ts';
import { invalid } from './errors.ts';
import { parseExpression } from './expression.ts';
import { onSchedule } from './request.ts';
import type { ScheduleGroup, ScheduleSettings } from './schedule.ts';
import { schedulesOf } from './schedules.ts';
import { checkTarget } from './target.ts';
import { timeZone } from './time-zone.ts';

/** How far in the past a start may be, in milliseconds (as a third party's test has it). */
const latestStart = 300_000;

const givesRole = ({ Target }: Pick<CreateScheduleInput, 'Target'>) => passing('scheduler.amazonaws.com', Target?.RoleArn);

/** CreateSchedule (EventBridge Scheduler API reference; errors recorded). */
export const createSchedule: OperationOf<'scheduler', 'CreateSchedule'> = {
  constraints: scheduleMembers,
  resources: onSchedule,
  besides: givesRole,
  handle(input, context) {
    const schedules = schedulesOf(context.cloud, context);
    const group = schedules.group(input.GroupName);
    return { ScheduleArn: schedules.create(group, input.Name ?? '', settingsOf(input, group, context)).arn };
  },
};

/** UpdateSchedule (EventBridge Scheduler API reference): all of it is said anew. */
export const updateSchedule: OperationOf<'scheduler', 'UpdateSchedule'> = {
  constraints: scheduleMembers,
  resources: onSchedule,
  besides: givesRole,
  handle(input, context) {
    const schedules = schedulesOf(context.cloud, context);
    const schedule = schedules.schedule(input.Name ?? '', input.GroupName);
    schedules.change(schedule, settingsOf(input, schedule.group, context));
    return { ScheduleArn: schedule.arn };
  },
};

/** The order of the checks, and the texts but those for the expression and the start, are unverified. */
function settingsOf(input: CreateScheduleInput, group: ScheduleGroup, { cloud, account }: RequestContext): ScheduleSettings {
  const now = cloud.clock.now();
  const { ScheduleExpression: expression = '', ScheduleExpressionTimezone: zoneName = 'UTC', StartDate: start, EndDate: end } = input;
  refuseUnsupportedMembers('scheduler:CreateSchedule', input, ['KmsKeyArn']);
  const zone = timeZone(zoneName);
  if (zone === undefined) throw invalid(`Invalid Schedule Expression Timezone ${zoneName}.`);
  const bounds = { made: now, start: start?.getTime(), end: end?.getTime(), zone };
  const occurrences = parseExpression(expression, bounds);
  if (occurrences === undefined) throw invalid(`Invalid Schedule Expression ${expression}.`);
  if (start !== undefined && start.getTime() < now - latestStart) {
    throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
  }
  if (end !== undefined && end.getTime() < (start?.getTime() ?? now))
    throw invalid('The EndDate you specify cannot be earlier than the StartDate.');
  const window = input.FlexibleTimeWindow ?? { Mode: 'OFF' };
  if (window.Mode === 'FLEXIBLE' && window.MaximumWindowInMinutes === undefined) {
    throw invalid('MaximumWindowInMinutes must be specified for a FlexibleTimeWindow of mode FLEXIBLE.');
  }
  const target = checkTarget(input.Target);
  if (target.RoleArn.split(':')[4] !== account || !assumable({ cloud, roleArn: target.RoleArn, sourceArn: group.arn })) {
    throw invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  }
  return {
    expression,
    timeZone: zoneName,
    occurrences,
    start,
    end,
    description: input.Description,
    state: input.State ?? 'ENABLED',
    window,
    target,
    afterwards: input.ActionAfterCompletion ?? 'NONE',
  };
}
