import type { LogGroup as GroupOutput } from '@aws-sdk/client-cloudwatch-logs';
import type { Scope } from '../cloud.ts';
import { AwsError } from '../error.ts';
import { tagging } from '../iam/besides.ts';
import type { OperationOf } from '../operation.ts';
import { pageOf } from '../page.ts';
import { describeLimit, groupIdentifier, groupName, optionalGroupName, tags, token } from './constraints.ts';
import { checkedGroupName, groupArn, groupNameOf, groupOf, invalidParameter, invalidToken, logResource, logResources } from './names.ts';
import { type LogGroup, logStore } from './store.ts';

const logGroupClass = { values: ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY', 'ESSENTIALS'] } as const;

export const createLogGroup: OperationOf<'logs', 'CreateLogGroup'> = {
  constraints: { logGroupName: groupName, kmsKeyId: { maxLength: 256 }, tags, logGroupClass },
  resources: logResources,
  besides: ({ tags: given }) => tagging('logs:TagResource', given),
  handle(input, context) {
    logStore(context.cloud, context).createGroup(checkedGroupName(input.logGroupName ?? ''), {
      logGroupClass: input.logGroupClass ?? 'STANDARD',
      kmsKeyId: input.kmsKeyId,
      deletionProtected: input.deletionProtectionEnabled ?? false,
      tags: new Map(Object.entries(input.tags ?? {})),
    });
    return {};
  },
};

/** The group and everything in it. */
export const deleteLogGroup: OperationOf<'logs', 'DeleteLogGroup'> = {
  constraints: { logGroupName: groupName },
  resources: logResources,
  handle(input, context) {
    // The text for a protected group is unverified.
    if (groupOf(input, context).deletionProtected) {
      throw new AwsError('ValidationException', 'The specified log group has deletion protection enabled.');
    }
    logStore(context.cloud, context).deleteGroup(input.logGroupName ?? '');
    return {};
  },
};

export const describeLogGroups: OperationOf<'logs', 'DescribeLogGroups'> = {
  constraints: {
    logGroupNamePrefix: { ...optionalGroupName, maxLength: 512 },
    logGroupNamePattern: { pattern: /^[.\-_/#A-Za-z0-9]*$/, patternText: String.raw`[\.\-_/#A-Za-z0-9]*`, maxLength: 512 },
    nextToken: token,
    limit: describeLimit,
    logGroupClass,
    logGroupIdentifiers: { maxLength: 50, minLength: 1, each: groupIdentifier },
  },
  resources: (_input, context) => [logResource(context, '')],
  handle(input, context) {
    const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
    if (prefix !== undefined && pattern !== undefined) {
      throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    }
    const names = input.logGroupIdentifiers?.map((logGroupIdentifier) => groupNameOf({ logGroupIdentifier }));
    const groups = logStore(context.cloud, context)
      .groups()
      .filter(({ name }) => name.startsWith(prefix ?? '') && name.includes(pattern ?? '') && (names?.includes(name) ?? true))
      .filter((group) => input.logGroupClass === undefined || group.logGroupClass === input.logGroupClass);
    const { items, next } = pageOf(groups, { token: input.nextToken, limit: input.limit ?? 50 }, ({ name }) => name, invalidToken);
    const described = items.map((group) => describedGroup(group, context, pattern === undefined));
    return { logGroups: described, ...(next === undefined ? {} : { nextToken: next }) };
  },
};

/** @param whole a search by pattern tells less: neither how much is stored nor whether it is protected (recorded from CloudWatch Logs) */
function describedGroup(group: LogGroup, scope: Scope, whole: boolean): GroupOutput {
  const arn = groupArn(scope, group.name);
  return {
    logGroupName: group.name,
    creationTime: group.created,
    ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    // AWS brings these counts up to date about once a day, and so a young group has none.
    ...(whole ? { storedBytes: 0 } : {}),
    ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
    logGroupClass: group.logGroupClass,
    logGroupArn: arn,
    ...(whole ? { deletionProtectionEnabled: group.deletionProtected } : {}),
  };
}
