import { DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { beforeAll, describe, expect, it } from 'vitest';
import { mappingSandbox, receiver } from '../../support/mapping.ts';
import { arnOf, newQueue, receive } from '../../support/queues.ts';

const sandbox = mappingSandbox();
const { lambda } = sandbox;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What the functions' role may do with destinations. */
const destinations = { RoleName: 'runner', PolicyName: 'destinations' };
const Action = ['sqs:SendMessage', 's3:PutObject', 's3:ListBucket'];
const allowed = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const allow = () => lambda.iam.send(new PutRolePolicyCommand({ ...destinations, PolicyDocument: allowed }));

beforeAll(allow);

/** The body of an invocation record, as far as tests look into it. */
interface FailureRecord {
  readonly requestContext: { readonly condition: string; readonly approximateInvokeCount: number };
  readonly responseContext?: { readonly functionError: string | null };
  readonly KinesisBatchInfo: { readonly batchSize: number; readonly startSequenceNumber: string; readonly endSequenceNumber: string };
}

/** Puts records together, then maps their stream to a function, with a queue for what it fails on. */
async function mapped(code: string, texts: readonly string[], settings: Parameters<typeof sandbox.map>[2] = {}) {
  const stream = await sandbox.stream();
  await sandbox.putAll(stream, texts);
  const name = await lambda.deploy(code);
  const queue = await newQueue(sandbox.sqs);
  const DestinationConfig = { OnFailure: { Destination: arnOf(queue) } };
  await sandbox.map(stream, name, { DestinationConfig, ...settings });
  return { stream, name, queue };
}

/** The bodies of the messages in a queue, once there are so many. */
async function failures(queue: string, count: number): Promise<readonly FailureRecord[]> {
  const found: FailureRecord[] = [];
  await sandbox.until(async () => {
    found.push(...(await receive(sandbox.sqs, queue)).map(({ Body = '' }) => JSON.parse(Body) as FailureRecord));
    return found.length >= count;
  });
  return found;
}

/** The objects in a bucket, once there are so many. */
async function objects(Bucket: string, count: number): Promise<readonly { readonly key: string; readonly text: string }[]> {
  await sandbox.until(async () => (await sandbox.s3.listObjectsV2({ Bucket })).KeyCount === count);
  const { Contents = [] } = await sandbox.s3.listObjectsV2({ Bucket });
  return Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await sandbox.s3.getObject({ Bucket, Key });
      return { key: Key, text: (await Body?.transformToString()) ?? '' };
    }),
  );
}

/** The data of the records that a failure record speaks of, fetched from the stream. */
async function lostData(StreamName: string, { KinesisBatchInfo: lost }: FailureRecord): Promise<readonly string[]> {
  const { ShardIterator } = await sandbox.kinesis.send(
    new GetShardIteratorCommand({
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: lost.startSequenceNumber,
    }),
  );
  const { Records = [] } = await sandbox.kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: lost.batchSize }));
  expect(Records.at(-1)?.SequenceNumber).toBe(lost.endSequenceNumber);
  return Records.map(({ Data = [] }) => Buffer.from(Data).toString());
}

const failing = receiver("if (texts.some((text) => text.startsWith('bad'))) throw new Error('bad record');");
const reporting = receiver(`return { batchItemFailures: event.Records
  .filter((record, index) => texts[index].startsWith('bad')).map((record) => ({ itemIdentifier: record.kinesis.sequenceNumber })) };`);

describe('A queue for failures', () => {
  it('is told which records were given up after their retries, but not what was in them', async () => {
    const { stream, name, queue } = await mapped(failing, ['bad 1', 'bad 2'], { MaximumRetryAttempts: 1 });
    const [failure] = await failures(queue, 1);
    const [first] = await sandbox.received(name);
    const times = first?.records.map(({ kinesis }) => new Date(kinesis.approximateArrivalTimestamp * 1000).toISOString());
    expect(failure).toEqual({
      requestContext: {
        requestId: expect.stringMatching(uuid),
        functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(instant),
      KinesisBatchInfo: {
        shardId: 'shardId-000000000000',
        startSequenceNumber: first?.records[0]?.kinesis.sequenceNumber,
        endSequenceNumber: first?.records[1]?.kinesis.sequenceNumber,
        approximateArrivalOfFirstRecord: times?.[0],
        approximateArrivalOfLastRecord: times?.[1],
        batchSize: 2,
        streamArn: sandbox.arn(stream),
      },
    });
    const requests = (await lambda.logged(name)).flatMap((line) => /^START RequestId: (\S+)/.exec(line)?.[1] ?? []);
    expect(failure).toMatchObject({ requestContext: { requestId: requests.at(-1) } });
  });

  it('is told enough to fetch the records from the stream again', async () => {
    const { stream, queue } = await mapped(failing, ['good', 'bad 1', 'good'], { MaximumRetryAttempts: 2, BatchSize: 1 });
    const [failure] = await failures(queue, 1);
    expect(failure?.requestContext.approximateInvokeCount).toBe(3);
    expect(failure && (await lostData(stream, failure))).toEqual(['bad 1']);
  });

  it('is told of the one record that bisecting has found', async () => {
    const texts = ['a', 'b', 'bad 1', 'c'];
    const { stream, name, queue } = await mapped(failing, texts, { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 });
    const [failure] = await failures(queue, 1);
    expect(failure && (await lostData(stream, failure))).toEqual(['bad 1']);
    await sandbox.until(async () => (await sandbox.received(name)).some(({ data }) => data.join() === 'c'));
  });

  it('is told of the rest of a batch that the function has reported, tried as often as a batch of its own, and that the function itself did not fail', async () => {
    const texts = Array.from({ length: 10 }, (_, index) => (index < 5 ? `good ${index + 1}` : `bad ${index + 1}`));
    const report = { FunctionResponseTypes: ['ReportBatchItemFailures' as const] };
    const { stream, name, queue } = await mapped(reporting, texts, { ...report, BatchSize: 3, MaximumRetryAttempts: 3 });
    const [failure] = await failures(queue, 1);
    expect(failure).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 4 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: null },
      KinesisBatchInfo: { batchSize: 1 },
    });
    expect(failure && (await lostData(stream, failure))).toEqual(['bad 6']);
    // Once with two good ones, and then alone.
    const sent = (await sandbox.received(name)).flatMap(({ data }) => data).filter((text) => text === 'bad 6');
    expect(sent).toHaveLength(5);
  });

  it('is told of records that became too old while they were tried, without an answer of the function', async () => {
    const { name, queue } = await mapped(failing, ['bad 1'], { MaximumRecordAgeInSeconds: 60 });
    await sandbox.pass(60_000);
    const [failure] = await failures(queue, 1);
    const attempts = (await sandbox.received(name)).length;
    expect(attempts).toBeGreaterThanOrEqual(6);
    expect(failure).toMatchObject({ requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: attempts } });
    expect(failure).not.toHaveProperty('responseContext');
  });

  it('is told of records that were too old from the start, while the younger ones of the same poll are sent', async () => {
    const stream = await sandbox.stream();
    await sandbox.putAll(stream, ['old 1', 'old 2']);
    await sandbox.pass(100_000);
    await sandbox.put(stream, 'young');
    const name = await lambda.deploy(receiver());
    const queue = await newQueue(sandbox.sqs);
    const DestinationConfig = { OnFailure: { Destination: arnOf(queue) } };
    await sandbox.map(stream, name, { DestinationConfig, MaximumRecordAgeInSeconds: 60 });
    expect(await sandbox.batches(name, 1)).toEqual([['young']]);
    const [failure] = await failures(queue, 1);
    expect(failure).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 1 },
      KinesisBatchInfo: { batchSize: 2 },
    });
    expect(failure).not.toHaveProperty('responseContext');
    expect(failure && (await lostData(stream, failure))).toEqual(['old 1', 'old 2']);
  });

  it('that is gone, or may not be written to any more, holds nothing up', async () => {
    const { name, queue, stream } = await mapped(failing, ['good'], { MaximumRetryAttempts: 0, BatchSize: 1 });
    await lambda.iam.send(new DeleteRolePolicyCommand(destinations));
    await sandbox.putAll(stream, ['bad 1', 'good']);
    await sandbox.batches(name, 3);
    await allow();
    expect(await receive(sandbox.sqs, queue)).toEqual([]);
    await sandbox.sqs.deleteQueue({ QueueUrl: queue });
    await sandbox.putAll(stream, ['bad 2', 'good']);
    expect((await sandbox.batches(name, 5)).flat()).toEqual(['good', 'bad 1', 'good', 'bad 2', 'good']);
  });
});

describe('A bucket for failures', () => {
  it('is told the same, and gets the records themselves', async () => {
    const Bucket = 'failures';
    await sandbox.s3.createBucket({ Bucket });
    const stream = await sandbox.stream();
    await sandbox.putAll(stream, ['bad 1', 'bad 2']);
    const name = await lambda.deploy(failing);
    const DestinationConfig = { OnFailure: { Destination: `arn:aws:s3:::${Bucket}` } };
    const id = await sandbox.map(stream, name, { DestinationConfig, MaximumRetryAttempts: 0 });
    expect((await sandbox.mapping(id)).DestinationConfig).toEqual(DestinationConfig);
    const [object] = await objects(Bucket, 1);
    const { payload, ...record } = JSON.parse(object?.text ?? '{}');
    const [received] = await sandbox.received(name);
    expect(JSON.parse(payload)).toEqual({ Records: received?.records });
    expect(record).toEqual({
      requestContext: {
        requestId: expect.stringMatching(uuid),
        functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 1,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(instant),
      KinesisBatchInfo: expect.objectContaining({ shardId: 'shardId-000000000000', batchSize: 2, streamArn: sandbox.arn(stream) }),
    });
    const [, day = '', , rest = ''] = /^aws\/lambda\/[^/]+\/[^/]+\/((\d{4})\/\d\d\/\d\d)\/(.*)$/.exec(object?.key ?? '') ?? [];
    expect(object?.key).toBe(`aws/lambda/${id}/shardId-000000000000/${day}/${rest}`);
    expect(rest).toMatch(new RegExp(`^${day.replaceAll('/', '-')}T\\d\\d\\.\\d\\d\\.\\d\\d-[0-9a-f-]{36}$`));
    expect(record.timestamp.startsWith(day.replaceAll('/', '-'))).toBe(true);
  });

  it('gets records of a tumbling window with the window', async () => {
    const Bucket = 'windows';
    await sandbox.s3.createBucket({ Bucket });
    const stream = await sandbox.stream();
    await sandbox.put(stream, 'bad 1');
    const DestinationConfig = { OnFailure: { Destination: `arn:aws:s3:::${Bucket}` } };
    const settings = { DestinationConfig, MaximumRetryAttempts: 0, TumblingWindowInSeconds: 60 };
    await sandbox.map(stream, await lambda.deploy(failing), settings);
    const [object] = await objects(Bucket, 1);
    const payload = JSON.parse(JSON.parse(object?.text ?? '{}').payload);
    expect(payload).toMatchObject({ shardId: 'shardId-000000000000', state: {}, isFinalInvokeForWindow: false });
  });

  it('that is gone holds nothing up', async () => {
    const stream = await sandbox.stream();
    await sandbox.putAll(stream, ['bad 1', 'good']);
    const name = await lambda.deploy(failing);
    const DestinationConfig = { OnFailure: { Destination: 'arn:aws:s3:::nowhere' } };
    await sandbox.map(stream, name, { DestinationConfig, MaximumRetryAttempts: 0, BatchSize: 1 });
    expect(await sandbox.batches(name, 2)).toEqual([['bad 1'], ['good']]);
  });
});
