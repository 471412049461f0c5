// For how long a server keeps everybody waiting while it serves one large request.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { Worker } from 'node:worker_threads';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { IAM } from '@aws-sdk/client-iam';
import { GetRecordsCommand, GetShardIteratorCommand, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, Lambda, LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { clientOf, createStream, percentile } from './measures.mjs';
import { recorded, replay } from './replay.mjs';

const times = 10;
const batch = Array.from({ length: 500 }, (_, index) => ({ PartitionKey: `key-${index}`, Data: randomBytes(10_000) }));

/** Milliseconds of the longest of many small calls on a connection of their own while a large one is served: the median over ten large ones. */
export async function pauses(running) {
  const client = clientOf(running);
  await createStream(client, 'small', 1);
  await createStream(client, 'large', 1);
  const small = await recorded(client, new PutRecordCommand({ StreamName: 'small', PartitionKey: '1', Data: Buffer.alloc(100) }));
  const put = new PutRecordsCommand({ StreamName: 'large', Records: batch });
  for (let puts = 0; puts < 2; puts += 1) await client.send(put);
  const start = { StreamName: 'large', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' };
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(start));
  const pinger = new Worker(new URL('pinger.mjs', import.meta.url), { workerData: small });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const longestDuring = async (work) => {
    const longest = [];
    for (let time = 0; time < times; time += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await longestOf(pinger);
      await work();
      longest.push(await longestOf(pinger));
    }
    return percentile(longest, 0.5);
  };
  const during = async (call) => longestDuring(() => replay(call, agent));
  try {
    await longestDuring(() => new Promise((resolve) => setTimeout(resolve, 100)));
    return {
      quiet: await longestDuring(() => new Promise((resolve) => setTimeout(resolve, 100))),
      read: await during(await recorded(client, new GetRecordsCommand({ ShardIterator, Limit: 10_000 }))),
      put: await during(await recorded(client, put)),
      ...(running.ours ? await ofOtherServices(running, during, longestDuring, agent) : {}),
    };
  } finally {
    pinger.postMessage('end');
    await once(pinger, 'exit');
    agent.destroy();
    client.destroy();
  }
}

async function longestOf(pinger) {
  pinger.postMessage('look');
  const [longest] = await once(pinger, 'message');
  return longest;
}

/** What only the sandbox has: functions, their code and what they are given, and logs. */
async function ofOtherServices(running, during, longestDuring, agent) {
  const { endpoint, credentials } = running;
  const config = { endpoint, credentials, region: 'us-east-1' };
  const logs = new CloudWatchLogsClient(config);
  const log = { logGroupName: 'large', logStreamName: 'large' };
  await logs.send(new CreateLogGroupCommand(log));
  await logs.send(new CreateLogStreamCommand(log));
  const logEvents = Array.from({ length: 10_000 }, (_, index) => ({ timestamp: Date.now(), message: `event ${index}`.padEnd(70) }));
  for (let puts = 0; puts < 10; puts += 1) await logs.send(new PutLogEventsCommand({ ...log, logEvents }));
  const search = new FilterLogEventsCommand({ logGroupName: 'large', filterPattern: '"nothing like it"' });

  const [iam, lambda] = [new IAM(config), new Lambda(config)];
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const { Role } = await iam.createRole({ RoleName: 'large', AssumeRolePolicyDocument: JSON.stringify(trust) });
  await iam.attachRolePolicy({ RoleName: 'large', PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole' });
  const handler = new TextEncoder().encode('exports.handler = async () => {};');
  const FunctionName = 'large';
  const Code = { ZipFile: zipSync({ 'index.js': handler }) };
  await lambda.createFunction({ FunctionName, Runtime: 'nodejs22.x', Role: Role.Arn, Handler: 'index.handler', Code });
  const ZipFile = zipSync({ 'index.js': handler, 'large.bin': randomBytes(36_000_000) }, { level: 0 });
  const upload = await recorded(new LambdaClient(config), new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  const updated = async () => {
    for (let looks = 0; looks < 400; looks += 1) {
      const { State, LastUpdateStatus } = await lambda.getFunctionConfiguration({ FunctionName });
      if (State === 'Active' && LastUpdateStatus === 'Successful') return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('The function is not updated.');
  };
  await updated();
  const event = JSON.stringify(Array.from({ length: 360_000 }, (_, index) => ({ index })));
  const invoke = await recorded(new LambdaClient(config), new InvokeCommand({ FunctionName, Payload: event }));
  await replay(invoke, agent);
  const mapped = await mappedStream(running, lambda, FunctionName);
  const result = {
    search: await during(await recorded(logs, search)),
    invoke: await during(invoke),
    batch: await longestDuring(mapped),
    upload: await longestDuring(async () => {
      await replay(upload, agent);
      await updated();
    }),
  };
  for (const client of [logs, iam, lambda]) client.destroy();
  return result;
}

/** Fills a stream. @returns what maps a function to it, waits until that has got ten thousand records, and takes the mapping away */
async function mappedStream(running, lambda, FunctionName) {
  const client = clientOf(running);
  await createStream(client, 'mapped', 1);
  const Records = Array.from({ length: 500 }, (_, index) => ({ PartitionKey: `key-${index}`, Data: randomBytes(300) }));
  for (let puts = 0; puts < 20; puts += 1) await client.send(new PutRecordsCommand({ StreamName: 'mapped', Records }));
  client.destroy();
  const EventSourceArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/mapped';
  const until = async (UUID, isSo) => {
    for (let looks = 0; looks < 400; looks += 1) {
      if (isSo(await lambda.getEventSourceMapping({ UUID }).catch(() => undefined))) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('The mapping does not come to its end.');
  };
  return async () => {
    const { UUID } = await lambda.createEventSourceMapping({
      FunctionName,
      EventSourceArn,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10_000,
    });
    await until(UUID, (mapping) => mapping?.LastProcessingResult === 'OK');
    await lambda.deleteEventSourceMapping({ UUID });
    await until(UUID, (mapping) => mapping === undefined);
  };
}
