import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CreateDeliveryStreamCommand, DescribeDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateStreamCommand, GetRecordsCommand, GetShardIteratorCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { InvokeCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waiting } from '../../support/kinesis.ts';
import type { Invoked } from '../../support/lambda.ts';
import { mappingSandbox } from '../../support/mapping.ts';
import { lambdaTrust, policyText, trustText } from '../../support/policies.ts';
import { hasBoto3, needs } from '../../support/programs.ts';

const sandbox = mappingSandbox();

const StreamName = 'TelemetricStream';
const RoleName = 'TelemetricRole';
const producer = 'produceKinesisEvents';
const consumer = 'consumeKinesisEvents';
const Bucket = 'telemetry';
const DeliveryStreamName = 'TelemetryToS3';

/** The policy that goes with these handlers, which allows far more than they need. */
const LambdaKinesisRolePolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: '*',
      Effect: 'Allow',
      Sid: 'CloudWatchLogsAccess',
    },
    { Action: ['kinesis:*'], Resource: '*', Effect: 'Allow', Sid: 'KinesisAccess' },
  ],
});

/** Deploys a handler with what the console of Lambda proposes for Python. */
function deploy(FunctionName: string, folder: string): Promise<string> {
  const file = fileURLToPath(new URL(`../../support/tutorial-handlers/${folder}/lambda_function.py`, import.meta.url));
  return sandbox.lambda.deploy(
    { 'lambda_function.py': readFileSync(file, 'utf8') },
    {
      FunctionName,
      Runtime: 'python3.13',
      Handler: 'lambda_function.lambda_handler',
      Role: `arn:aws:iam::000000000000:role/${RoleName}`,
    },
  );
}

interface Stored {
  readonly sequenceNumber: string | undefined;
  readonly key: string | undefined;
  readonly text: string;
  readonly at: number;
}

/** All that is in the stream. */
async function stored(): Promise<readonly Stored[]> {
  const { ShardIterator } = await sandbox.kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records = [] } = await sandbox.kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ SequenceNumber, PartitionKey, Data = [], ApproximateArrivalTimestamp }) => ({
    sequenceNumber: SequenceNumber,
    key: PartitionKey,
    text: Buffer.from(Data).toString(),
    at: ApproximateArrivalTimestamp?.getTime() ?? 0,
  }));
}

/** What the producer has printed of the answers of Kinesis, as events of its log. */
async function answersPrinted() {
  return (await sandbox.lambda.events(producer)).filter(({ message = '' }) => message.startsWith("{'ShardId': 'shardId-000000000000'"));
}

describe.skipIf(!hasBoto3)(`Handlers as tutorials print them, in Python${needs('python3 with boto3', hasBoto3)}`, () => {
  let firehose: FirehoseClient;
  let first: Invoked;
  let records: readonly Stored[];

  beforeAll(async () => {
    const { endpoint, region, credentials } = sandbox.lambda.sandbox;
    firehose = new FirehoseClient({ endpoint, region, credentials, maxAttempts: 1 });
    await sandbox.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await waitUntilStreamExists({ client: sandbox.kinesis, ...waiting }, { StreamName });
    const { iam } = sandbox.lambda;
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: lambdaTrust }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'LambdaKinesisRolePolicy', PolicyDocument: LambdaKinesisRolePolicy }));
    await deliverToS3();
    await sandbox.map(StreamName, await deploy(consumer, 'consumer'));
    first = await sandbox.lambda.invoke(await deploy(producer, 'producer'));
    // What it had asked for when it was ended is still done.
    await sandbox.pass(1_000);
    records = await stored();
  });

  afterAll(() => firehose?.destroy());

  /** "Create Firehose data stream from Kinesis data stream to firehose delivery S3 bucket", and no more is said about it. */
  async function deliverToS3(): Promise<void> {
    await sandbox.s3.createBucket({ Bucket });
    const { iam } = sandbox.lambda;
    const trust = trustText({ Service: 'firehose.amazonaws.com' });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'delivery', AssumeRolePolicyDocument: trust }));
    await iam.send(new PutRolePolicyCommand({ RoleName: 'delivery', PolicyName: 'all', PolicyDocument: policyText() }));
    const RoleARN = Role?.Arn;
    await firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName,
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration: { KinesisStreamARN: sandbox.arn(StreamName), RoleARN },
        ExtendedS3DestinationConfiguration: { BucketARN: `arn:aws:s3:::${Bucket}`, RoleARN },
      }),
    );
    await sandbox.until(async () => {
      const { DeliveryStreamDescription } = await firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }));
      return DeliveryStreamDescription?.DeliveryStreamStatus === 'ACTIVE';
    });
  }

  it('the producer is ended by the timeout of three seconds that a function has by itself, and counts as failed', () => {
    expect(first).toMatchObject({
      status: 200,
      error: 'Unhandled',
      answer: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/Task timed out after 3\.00 seconds$/) },
    });
  });

  it('until then it has put positions at random, all with the same key', () => {
    expect(records.length).toBeGreaterThanOrEqual(2);
    const positions = records.map(({ text }) => JSON.parse(text));
    for (const position of positions) {
      expect(Object.keys(position)).toEqual(['id', 'latitude', 'longitude']);
      expect(position.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(Math.abs(position.latitude)).toBeLessThanOrEqual(90);
      expect(Math.abs(position.longitude - 90)).toBeLessThanOrEqual(90);
    }
    expect(new Set(positions.map(({ id }) => id)).size).toBe(records.length);
    expect(new Set(positions.map(({ latitude }) => latitude)).size).toBe(records.length);
    expect(new Set(records.map(({ key }) => key))).toEqual(new Set(['geolocation']));
  });

  it('it has printed what Kinesis answered to each put', async () => {
    const printed = await answersPrinted();
    const numbers = printed.map(({ message = '' }) => /'SequenceNumber': '(\d{56})'/.exec(message)?.[1]);
    expect(printed[0]?.message).toContain("'HTTPStatusCode': 200");
    // Its end can come between a put and what is printed about it.
    expect(records.length - numbers.length).toBeLessThanOrEqual(1);
    expect(numbers).toEqual(records.slice(0, numbers.length).map(({ sequenceNumber }) => sequenceNumber));
  });

  it('the consumer prints the count and the data of each batch, and all positions in order over all batches', async () => {
    const batches = async () =>
      (await sandbox.lambda.logged(consumer)).filter((line) => line.startsWith('{"count"')).map((line) => JSON.parse(line));
    await sandbox.until(async () => (await batches()).flatMap(({ data }) => data).length >= records.length);
    for (const { count, data } of await batches()) expect(count).toBe(String(data.length));
    expect((await batches()).flatMap(({ data }) => data)).toEqual(records.map(({ text }) => JSON.parse(text)));
  });

  it('the consumer fails as a whole at a record that is no JSON', async () => {
    const Records = ['{"id": 1}', 'no JSON'].map((text) => ({ kinesis: { data: Buffer.from(text).toString('base64') } }));
    expect(await sandbox.lambda.invoke(consumer, { Records })).toMatchObject({
      error: 'Unhandled',
      answer: { errorType: 'JSONDecodeError', errorMessage: 'Expecting value: line 1 column 1 (char 0)' },
    });
  });

  it('Firehose delivers the positions to the bucket, one behind the other with nothing in between', async () => {
    let keys: readonly string[] = [];
    await sandbox.until(async () => {
      const { Contents = [] } = await sandbox.s3.listObjectsV2({ Bucket });
      keys = Contents.map(({ Key = '' }) => Key);
      return keys.length > 0;
    });
    expect(keys).toEqual([expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\d\d\/TelemetryToS3-1-/)]);
    const { Body } = await sandbox.s3.getObject({ Bucket, Key: keys[0] ?? '' });
    expect(await Body?.transformToString()).toBe(records.map(({ text }) => text).join(''));
  });

  it('the producer goes on where its timeout is raised to thirty seconds', async () => {
    const { client } = sandbox;
    const before = (await answersPrinted()).length;
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: producer, Timeout: 30 }));
    await waitUntilFunctionUpdatedV2({ client, ...waiting }, { FunctionName: producer });
    await client.send(new InvokeCommand({ FunctionName: producer, InvocationType: 'Event' }));
    // How far the last answer that it has printed is from the first one: three seconds would not be enough for that.
    const spread = async () => {
      const times = (await answersPrinted()).slice(before).map(({ timestamp = 0 }) => timestamp);
      return Math.max(...times) - Math.min(...times);
    };
    await sandbox.until(async () => (await spread()) > 3_000);
    expect((await sandbox.lambda.logged(producer)).filter((line) => line.includes('Task timed out'))).toHaveLength(1);
  });
});
