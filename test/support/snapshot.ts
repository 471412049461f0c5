import { type ApiCall, apiCall } from '../../src/aws/api-call.ts';
import type { Aws } from '../../src/aws/aws.ts';
import { storedRecords } from '../../src/steps/kinesis/record.ts';
import { functionPolicy } from '../../src/steps/lambda/permission.ts';
import { type Json, toJson } from '../../src/util/json.ts';

/** What differs between two accounts in which the same was done: times, made-up ids, how far processing is, how the same files were zipped. */
const volatile =
  /^(CreateDate|CreationTime|creationTime|CodeSha256|CodeSize|LastModified|LastProcessingResult|RevisionId|RoleId|UUID|EventSourceMappingArn)$|Timestamp$/;

/** All that an account holds of what labs create, without what differs each time. */
export async function snapshot(aws: Aws): Promise<Json> {
  const roles = (await aws.call(apiCall('iam', 'ListRoles', {}))).Roles ?? [];
  const streams = (await aws.call(apiCall('kinesis', 'ListStreams', {}))).StreamNames ?? [];
  const queues = (await aws.call(apiCall('sqs', 'ListQueues', {}))).QueueUrls ?? [];
  const rules = (await aws.call(apiCall('events', 'ListRules', {}))).Rules ?? [];
  const functions = (await aws.call(apiCall('lambda', 'ListFunctions', {}))).Functions ?? [];
  const buckets = (await aws.call(apiCall('s3', 'ListBuckets', {}))).Buckets ?? [];
  const deliveries = (await aws.call(apiCall('firehose', 'ListDeliveryStreams', {}))).DeliveryStreamNames ?? [];
  return stable({
    roles: await Promise.all(roles.map(({ RoleName = '' }) => roleIn(aws, RoleName))),
    streams: await Promise.all(streams.map((name) => streamIn(aws, name))),
    functions: await Promise.all(functions.map(async (each) => ({ ...each, policy: await functionPolicy(aws, each.FunctionName ?? '') }))),
    rules: await Promise.all(
      rules.map(async (rule) => ({ ...rule, ...(await aws.call(apiCall('events', 'ListTargetsByRule', { Rule: rule.Name }))) })),
    ),
    mappings: (await aws.call(apiCall('lambda', 'ListEventSourceMappings', {}))).EventSourceMappings,
    buckets: buckets.map(({ Name }) => Name),
    deliveries: await Promise.all(
      deliveries.map((name) => aws.call(apiCall('firehose', 'DescribeDeliveryStream', { DeliveryStreamName: name }))),
    ),
    queues: await Promise.all(queues.map((QueueUrl) => queueIn(aws, QueueUrl))),
  });
}

async function roleIn(aws: Aws, RoleName: string): Promise<unknown> {
  const { PolicyNames = [] } = await aws.call(apiCall('iam', 'ListRolePolicies', { RoleName }));
  const inline = PolicyNames.map((PolicyName): ApiCall => apiCall('iam', 'GetRolePolicy', { RoleName, PolicyName }));
  const reads: ApiCall[] = [apiCall('iam', 'GetRole', { RoleName }), apiCall('iam', 'ListAttachedRolePolicies', { RoleName }), ...inline];
  return Promise.all(reads.map((read) => aws.call(read)));
}

async function streamIn(aws: Aws, StreamName: string): Promise<unknown> {
  const { StreamDescriptionSummary } = await aws.call(apiCall('kinesis', 'DescribeStreamSummary', { StreamName }));
  const records = await storedRecords(aws, StreamName, ['1', 'device-1', 'device-2']);
  // A record may be there more than once: it is put again when a mapping missed it.
  const distinct = new Set(records?.map(({ ShardId, partitionKey, text }) => `${ShardId} ${partitionKey} ${text}`));
  return { StreamDescriptionSummary, records: [...distinct] };
}

async function queueIn(aws: Aws, QueueUrl: string): Promise<unknown> {
  const { Attributes = {} } = await aws.call(apiCall('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }));
  return Attributes;
}

function stable(value: unknown): Json {
  return JSON.parse(JSON.stringify(toJson(value)), (key, member) => (volatile.test(key) ? '<differs>' : member));
}
