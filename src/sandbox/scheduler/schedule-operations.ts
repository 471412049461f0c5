import type { OperationOf } from '../operation.ts';
import { pageOf } from '../page.ts';
import { limit, optionalName, requiredName, states, token } from './constraints.ts';
import { invalid } from './errors.ts';
import { onSchedule } from './request.ts';
import { schedulesOf } from './schedules.ts';

/** What one page of a list has when the request does not say (EventBridge Scheduler API reference: 100 at the most). */
export const mostListed = 100;

export const invalidToken = () => invalid('Invalid NextToken.');

export const getSchedule: OperationOf<'scheduler', 'GetSchedule'> = {
  constraints: { Name: requiredName, GroupName: optionalName },
  resources: onSchedule,
  handle(input, context) {
    const schedule = schedulesOf(context.cloud, context).schedule(input.Name ?? '', input.GroupName);
    const { expression, timeZone, start, end, description, state, window, target, afterwards } = schedule.settings;
    return {
      Arn: schedule.arn,
      GroupName: schedule.group.name,
      Name: schedule.name,
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: timeZone,
      ...(start === undefined ? {} : { StartDate: start }),
      ...(end === undefined ? {} : { EndDate: end }),
      ...(description === undefined ? {} : { Description: description }),
      State: state,
      CreationDate: new Date(schedule.created),
      LastModificationDate: new Date(schedule.modified),
      Target: target,
      FlexibleTimeWindow: window,
      ActionAfterCompletion: afterwards,
    };
  },
};

export const deleteSchedule: OperationOf<'scheduler', 'DeleteSchedule'> = {
  constraints: { Name: requiredName, GroupName: optionalName },
  resources: onSchedule,
  handle(input, context) {
    const schedules = schedulesOf(context.cloud, context);
    schedules.delete(schedules.schedule(input.Name ?? '', input.GroupName));
    return {};
  },
};

/** Of all groups, when the request does not name one. */
export const listSchedules: OperationOf<'scheduler', 'ListSchedules'> = {
  constraints: { GroupName: optionalName, NamePrefix: optionalName, State: states, NextToken: token, MaxResults: limit },
  resources: () => ['*'],
  handle(input, context) {
    const schedules = schedulesOf(context.cloud, context);
    const group = input.GroupName === undefined ? undefined : schedules.group(input.GroupName);
    const found = schedules
      .schedules()
      .filter((schedule) => group === undefined || schedule.group === group)
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
      .filter(({ settings }) => input.State === undefined || settings.state === input.State);
    const page = pageOf(found, { token: input.NextToken, limit: input.MaxResults ?? mostListed }, ({ arn }) => arn, invalidToken);
    return {
      Schedules: page.items.map((schedule) => ({
        Arn: schedule.arn,
        GroupName: schedule.group.name,
        Name: schedule.name,
        State: schedule.settings.state,
        CreationDate: new Date(schedule.created),
        LastModificationDate: new Date(schedule.modified),
        Target: { Arn: schedule.settings.target.Arn },
      })),
      ...(page.next === undefined ? {} : { NextToken: page.next }),
    };
  },
};
