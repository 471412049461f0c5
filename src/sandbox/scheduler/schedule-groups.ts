import { tagging } from '../iam/besides.ts';
import type { OperationOf } from '../operation.ts';
import { pageOf } from '../page.ts';
import { limit, optionalName, requiredName, tags, token } from './constraints.ts';
import { invalid } from './errors.ts';
import { onGroup } from './request.ts';
import type { ScheduleGroup } from './schedule.ts';
import { invalidToken, mostListed } from './schedule-operations.ts';
import { defaultGroup, schedulesOf } from './schedules.ts';

export const createScheduleGroup: OperationOf<'scheduler', 'CreateScheduleGroup'> = {
  constraints: { Name: requiredName, Tags: tags },
  resources: onGroup,
  besides: ({ Tags }) => tagging('scheduler:TagResource', Tags),
  handle({ Name = '', Tags = [] }, { cloud, ...scope }) {
    const given = new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    return { ScheduleGroupArn: schedulesOf(cloud, scope).createGroup(Name, given).arn };
  },
};

export const getScheduleGroup: OperationOf<'scheduler', 'GetScheduleGroup'> = {
  constraints: { Name: requiredName },
  resources: onGroup,
  handle: ({ Name }, { cloud, ...scope }) => described(schedulesOf(cloud, scope).group(Name)),
};

/** The schedules of the group go with it. */
export const deleteScheduleGroup: OperationOf<'scheduler', 'DeleteScheduleGroup'> = {
  constraints: { Name: requiredName },
  resources: onGroup,
  handle({ Name }, { cloud, ...scope }) {
    const schedules = schedulesOf(cloud, scope);
    const group = schedules.group(Name);
    // The text is unverified.
    if (group.name === defaultGroup) throw invalid('The default schedule group cannot be deleted.');
    schedules.deleteGroup(group);
    return {};
  },
};

export const listScheduleGroups: OperationOf<'scheduler', 'ListScheduleGroups'> = {
  constraints: { NamePrefix: optionalName, NextToken: token, MaxResults: limit },
  resources: () => ['*'],
  handle({ NamePrefix: prefix = '', NextToken, MaxResults = mostListed }, { cloud, ...scope }) {
    const groups = schedulesOf(cloud, scope).groups();
    const found = groups.filter(({ name }) => name.startsWith(prefix));
    const page = pageOf(found, { token: NextToken, limit: MaxResults }, ({ name }) => name, invalidToken);
    return { ScheduleGroups: page.items.map(described), ...(page.next === undefined ? {} : { NextToken: page.next }) };
  },
};

function described({ name, arn, created }: ScheduleGroup) {
  const CreationDate = new Date(created);
  return { Arn: arn, Name: name, State: 'ACTIVE' as const, CreationDate, LastModificationDate: CreationDate };
}
