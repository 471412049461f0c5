import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiCall, apiCall } from '../../src/aws/api-call.ts';
import { type AwsSession, openSession } from '../../src/aws/session.ts';
import { createWait } from '../../src/aws/wait.ts';
import { trustPolicy } from '../../src/steps/iam/policy-document.ts';
import { account, type Bench, openBench } from '../support/step-bench.ts';

const tags = { 'kinesis-labs:lab': '01', 'kinesis-labs:run': 'r1', 'kinesis-labs:created': '2026-11-21T09:00:00.000Z' };
const pairs = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

let bench: Bench;
let aws: AwsSession;
const recorded: ApiCall[] = [];
beforeAll(async () => {
  bench = await openBench();
  const { clock } = bench.sandbox;
  aws = openSession({ target: bench.target, clock, wait: createWait({ clock }), tags, onCall: ({ call }) => recorded.push(call) });
});
afterAll(async () => {
  aws.destroy();
  await bench.close();
});

describe('what a session creates', () => {
  it('has the tags of the run, which the recorded call does not show', async () => {
    const createStream = apiCall('kinesis', 'CreateStream', { StreamName: 's', ShardCount: 1 });
    await aws.call(createStream);
    const createRole = apiCall('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trustPolicy('lambda.amazonaws.com') });
    await aws.call(createRole);
    const createGroup = apiCall('logs', 'CreateLogGroup', { logGroupName: '/g' });
    await aws.call(createGroup);
    const createQueue = apiCall('sqs', 'CreateQueue', { QueueName: 'q' });
    const { QueueUrl } = await aws.call(createQueue);
    const createBucket = apiCall('s3', 'CreateBucket', { Bucket: 'bucket' });
    await aws.call(createBucket);
    expect(recorded).toEqual([createStream, createRole, createGroup, createQueue, createBucket]);

    const { Tags: ofStream } = await aws.call(apiCall('kinesis', 'ListTagsForStream', { StreamName: 's' }));
    expect(ofStream).toEqual(expect.arrayContaining(pairs));
    const { Tags: ofRole } = await aws.call(apiCall('iam', 'ListRoleTags', { RoleName: 'r' }));
    expect(ofRole).toEqual(expect.arrayContaining(pairs));
    const resourceArn = `arn:aws:logs:us-east-1:${account}:log-group:/g`;
    expect(await aws.call(apiCall('logs', 'ListTagsForResource', { resourceArn }))).toEqual({ tags });
    expect((await aws.call(apiCall('sqs', 'ListQueueTags', { QueueUrl }))).Tags).toEqual(tags);
    const { TagSet: ofBucket } = await aws.call(apiCall('s3', 'GetBucketTagging', { Bucket: 'bucket' }));
    expect(ofBucket).toEqual(expect.arrayContaining(pairs));
  });
});
