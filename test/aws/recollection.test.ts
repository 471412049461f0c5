import { afterEach, beforeEach, expect, it } from 'vitest';
import { AnswerOf, type ApiCall, apiCall } from '../../src/aws/api-call.ts';
import { ApiError } from '../../src/aws/aws.ts';
import { Recollection } from '../../src/aws/recollection.ts';
import { type AwsSession, type CallEvent, openSession } from '../../src/aws/session.ts';
import { createWait } from '../../src/aws/wait.ts';
import { wallClock } from '../../src/util/clock.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { patience } from '../support/patience.ts';

const lasting = lastingSandbox();
const createGroup = (logGroupName: string) => apiCall('logs', 'CreateLogGroup', { logGroupName });
const describeGroups = apiCall('logs', 'DescribeLogGroups', {});
const filterGroup = (logGroupName: string) => apiCall('logs', 'FilterLogEvents', { logGroupName });

let events: CallEvent[];
let awaited: boolean;
let aws: AwsSession;
let other: AwsSession;
beforeEach(() => {
  events = [];
  awaited = false;
  const common = { clock: wallClock, wait: createWait({ clock: wallClock }), target: lasting.target };
  const recollection = new Recollection(() => awaited);
  aws = openSession({ ...common, readOnly: true, recollection, onCall: (event) => events.push(event) });
  other = openSession(common);
});
afterEach(() => {
  for (const each of [aws, other]) each.destroy();
});

/** How many requests AWS has answered, told again or not. */
const asked = (): number => new Set(events.map(({ requestId }) => requestId)).size;
const failure = (call: ApiCall): Promise<unknown> => aws.call(call).catch((error: unknown) => error);

it('tells an answer again, with the request that it was the answer to and its time', async () => {
  await other.call(createGroup('/again'));
  const [first, second] = [await aws.call(describeGroups), await aws.call(apiCall('logs', 'DescribeLogGroups', {}))];
  expect(second).toBe(first);
  expect(events).toHaveLength(2);
  expect(events[1]).toBe(events[0]);
});

it('asks for what differs in anything, and for what another answer is needed for only once', async () => {
  await other.call(createGroup('/one'));
  await aws.call(apiCall('logs', 'DescribeLogGroups', { logGroupNamePrefix: '/one' }));
  const arn = new AnswerOf(apiCall('logs', 'DescribeLogGroups', { logGroupNamePrefix: '/one' }), 'logGroups[0].logGroupArn');
  const tagsOf = apiCall('logs', 'ListTagsForResource', { resourceArn: arn });
  await aws.call(tagsOf);
  await aws.call(tagsOf);
  await aws.call(describeGroups);
  expect(asked()).toBe(3);
});

it('tells again that something is not there', async () => {
  const [first, second] = [await failure(filterGroup('/nowhere')), await failure(filterGroup('/nowhere'))];
  expect(first).toBeInstanceOf(ApiError);
  expect(second).toBe(first);
  expect(asked()).toBe(1);
});

it('asks again where it was refused for anything else', async () => {
  const unheard = apiCall('logs', 'FilterLogEvents', { logGroupName: '/x', nextToken: 'unheard of' });
  await other.call(createGroup('/x'));
  expect(await failure(unheard)).toMatchObject({ code: 'InvalidParameterException' });
  await failure(unheard);
  expect(asked()).toBe(2);
});

it('asks again while something is waited for, and tells that from then on', async () => {
  await failure(filterGroup('/late'));
  await other.call(createGroup('/late'));
  expect(await failure(filterGroup('/late'))).toBeInstanceOf(ApiError);
  awaited = true;
  const there = await aws.call(filterGroup('/late'));
  awaited = false;
  expect(await aws.call(filterGroup('/late'))).toBe(there);
  expect(asked()).toBe(2);
});

it('asks again for what takes too much memory to be kept', async () => {
  await other.call(apiCall('kinesis', 'CreateStream', { StreamName: 'full', ShardCount: 1 }));
  await expect
    .poll(
      async () =>
        (await other.call(apiCall('kinesis', 'DescribeStreamSummary', { StreamName: 'full' }))).StreamDescriptionSummary?.StreamStatus,
      patience,
    )
    .toBe('ACTIVE');
  await other.call(apiCall('kinesis', 'PutRecord', { StreamName: 'full', PartitionKey: '1', Data: new Uint8Array(600_000) }));
  const begin = apiCall('kinesis', 'GetShardIterator', {
    StreamName: 'full',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const { ShardIterator } = await aws.call(begin);
  for (const Limit of [1, 1, 2, 2]) await aws.call(apiCall('kinesis', 'GetRecords', { ShardIterator, Limit }));
  expect(asked()).toBe(4);
});
