import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { Firehose } from '@aws-sdk/client-firehose';
import { IAM } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseFault } from '../../src/sandbox/fault.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { patience } from '../support/patience.ts';
import { refusal } from '../support/refusal.ts';

let sandbox: Sandbox;
const bugs: unknown[] = [];
const open: { destroy(): void }[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ onBug: (error) => bugs.push(error) });
});
afterEach(() => {
  sandbox.faults.clear();
});
afterAll(async () => {
  for (const client of open) client.destroy();
  await sandbox.stop();
  expect(bugs).toEqual([]);
});

function config(maxAttempts = 1) {
  return { endpoint: sandbox.endpoint, region: sandbox.region, credentials: sandbox.credentials, maxAttempts };
}

function opened<Client extends { destroy(): void }>(client: Client): Client {
  open.push(client);
  return client;
}

/** Kinesis by HTTP/2, as its client speaks by itself, and by HTTP/1.1. */
const versions = [
  ['HTTP/2', () => opened(new Kinesis(config()))],
  ['HTTP/1.1', () => opened(new Kinesis({ ...config(), requestHandler: new NodeHttpHandler() }))],
] as const;

function arm(...texts: readonly string[]): void {
  sandbox.faults.add(...texts.map(parseFault));
}

const calls: readonly (readonly [string, string, () => Promise<unknown>])[] = [
  ['kinesis', 'ListStreams', () => opened(new Kinesis(config())).listStreams({})],
  ['lambda', 'ListFunctions', () => opened(new Lambda(config())).listFunctions({})],
  ['iam', 'ListRoles', () => opened(new IAM(config())).listRoles({})],
  ['sts', 'GetCallerIdentity', () => opened(new STS(config())).getCallerIdentity({})],
  ['logs', 'DescribeLogGroups', () => opened(new CloudWatchLogs(config())).describeLogGroups({})],
  ['sqs', 'ListQueues', () => opened(new SQS(config())).listQueues({})],
  ['s3', 'ListBuckets', () => opened(new S3({ ...config(), forcePathStyle: true })).listBuckets({})],
  ['firehose', 'ListDeliveryStreams', () => opened(new Firehose(config())).listDeliveryStreams({})],
  ['events', 'ListRules', () => opened(new EventBridge(config())).listRules({})],
];

describe('a call that is throttled', () => {
  it.each([
    ['kinesis', 'LimitExceededException', 400],
    ['lambda', 'TooManyRequestsException', 429],
    ['iam', 'Throttling', 400],
    ['sts', 'Throttling', 400],
    ['logs', 'ThrottlingException', 400],
    ['sqs', 'RequestThrottled', 400],
    ['s3', 'SlowDown', 503],
    ['firehose', 'ThrottlingException', 400],
    ['events', 'ThrottlingException', 400],
  ])('is refused by %s in its own words: %s', async (service, name, status) => {
    const [, operation, call] = calls.find(([each]) => each === service) ?? expect.unreachable();
    arm(`${service}:${operation}=throttle`);
    expect(await refusal(call())).toMatchObject({ name, status, message: expect.stringMatching(/[Rr]ate|throttling/) });
    await call();
  });

  it('is refused with the limit of the shard where it writes or reads', async () => {
    arm('kinesis:PutRecord=throttle');
    const putting = opened(new Kinesis(config())).putRecord({ StreamName: 'orders', PartitionKey: '1', Data: new Uint8Array(1) });
    expect(await refusal(putting)).toEqual({
      name: 'ProvisionedThroughputExceededException',
      message: 'Rate exceeded for shard shardId-000000000000 in stream orders under account 000000000000.',
      status: 400,
    });
  });

  it('is repeated by an SDK until it is let through', async () => {
    arm('kinesis:ListStreams=throttle');
    expect(await opened(new Kinesis(config(3))).listStreams({})).toMatchObject({ StreamNames: [], $metadata: { attempts: 2 } });
  });
});

describe('a call on which the service fails', () => {
  it.each(calls)('is answered by %s with a 500 of its own (%s)', async (service, operation, call) => {
    arm(`${service}:${operation}=error`);
    expect(await refusal(call())).toMatchObject({ status: 500, message: expect.stringMatching(/\w/) });
    await call();
  });
});

describe.each(versions)('a connection over %s', (_, client) => {
  it('is cut before anything has happened', async () => {
    arm('kinesis:CreateStream=cut-before');
    const kinesis = client();
    expect((await refusal(kinesis.createStream({ StreamName: 'never', ShardCount: 1 }))).status).toBeUndefined();
    expect((await kinesis.listStreams({})).StreamNames).not.toContain('never');
  });

  it('is cut after it has happened, and the client can tell no difference', async () => {
    const StreamName = `lost-${_.replace('/', '')}`;
    arm('kinesis:CreateStream=cut-after');
    const kinesis = client();
    expect((await refusal(kinesis.createStream({ StreamName, ShardCount: 1 }))).status).toBeUndefined();
    expect((await kinesis.listStreams({})).StreamNames).toContain(StreamName);
  });

  it('is cut instead of an answer that is an error, too', async () => {
    arm('kinesis:DeleteStream=cut-after');
    expect((await refusal(client().deleteStream({ StreamName: 'nothing' }))).status).toBeUndefined();
  });

  it('is slow to answer, and answers', async () => {
    arm('kinesis:ListStreams=300ms');
    const began = performance.now();
    await client().listStreams({});
    expect(performance.now() - began).toBeGreaterThan(290);
  });
});

describe('a slow call on virtual time', () => {
  it('takes no time of the machine, because whoever waits for the answer lets the clock jump', async () => {
    const virtual = await startSandbox({ virtualTime: true, faults: [parseFault('kinesis:ListStreams=10m')] });
    const before = virtual.clock.now();
    const kinesis = opened(new Kinesis({ ...config(), endpoint: virtual.endpoint, credentials: virtual.credentials }));
    await kinesis.listStreams({});
    expect(virtual.clock.now() - before).toBeGreaterThanOrEqual(600_000);
    await virtual.stop();
  });
});

describe('reading', () => {
  it('meets an iterator that has expired, and goes on with a new one', async () => {
    const kinesis = opened(new Kinesis(config()));
    await kinesis.createStream({ StreamName: 'read', ShardCount: 1 });
    const iterator = () => kinesis.getShardIterator({ StreamName: 'read', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' });
    const { ShardIterator } = await vi.waitFor(iterator, patience);
    arm('kinesis:GetRecords=expired-iterator');
    expect(await refusal(kinesis.getRecords({ ShardIterator }))).toMatchObject({
      name: 'ExpiredIteratorException',
      message: expect.stringMatching(/^Iterator expired\. .* further in the future than the tolerated delay of 300000 milliseconds\.$/),
    });
    expect((await kinesis.getRecords({ ShardIterator: (await iterator()).ShardIterator })).Records).toEqual([]);
  });

  it('meets pages of a log without events, behind which the log goes on', async () => {
    const logs = opened(new CloudWatchLogs(config()));
    const [logGroupName, logStreamName] = ['pages', 'one'];
    await logs.createLogGroup({ logGroupName });
    await logs.createLogStream({ logGroupName, logStreamName });
    const now = Date.now();
    await logs.putLogEvents({ logGroupName, logStreamName, logEvents: ['a', 'b', 'c'].map((message) => ({ timestamp: now, message })) });
    await vi.waitUntil(async () => (await logs.filterLogEvents({ logGroupName })).events?.length === 3, patience);
    arm('logs:FilterLogEvents=empty-page,times=2', 'logs:FilterLogEvents=empty-page,after=1');
    const pages: string[][] = [];
    const tokens = new Set<string | undefined>();
    let nextToken: string | undefined;
    do {
      const page = await logs.filterLogEvents({ logGroupName, limit: 2, nextToken });
      pages.push((page.events ?? []).map(({ message = '' }) => message));
      nextToken = page.nextToken;
      expect(tokens.has(nextToken)).toBe(false);
      tokens.add(nextToken);
    } while (nextToken !== undefined && pages.length < 10);
    expect(pages).toEqual([[], [], ['a', 'b'], [], ['c']]);
    arm('logs:GetLogEvents=empty-page,times=2');
    const shown: string[] = [];
    let token: string | undefined;
    for (let count = 0; count < 10; count++) {
      const page = await logs.getLogEvents({ logGroupName, logStreamName, startFromHead: true, nextToken: token });
      shown.push((page.events ?? []).map(({ message }) => message).join(''));
      if (page.nextForwardToken === token) break;
      token = page.nextForwardToken;
    }
    expect(shown).toEqual(['', '', 'abc', '']);
    arm('logs:GetLogEvents=empty-page');
    const { nextBackwardToken } = await logs.getLogEvents({ logGroupName, logStreamName });
    const back = await logs.getLogEvents({ logGroupName, logStreamName, nextToken: nextBackwardToken });
    expect(back.events?.map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  });
});
