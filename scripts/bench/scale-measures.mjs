// What a class costs the sandbox: many accounts, streams and functions with mappings, all at once.
import { IAM } from '@aws-sdk/client-iam';
import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { Lambda } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { zipSync } from 'fflate';
import { percentile } from './measures.mjs';

export const scale = { accounts: 500, streams: 1_000, functions: 200 };
const callers = 8;
const ZipFile = zipSync({ 'index.js': new TextEncoder().encode('exports.handler = async () => {};') });
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/**
 * Milliseconds of a PutRecord (median) in one account that is alone and in one among all, the share of a processor and the
 * megabytes that all of them need while nobody calls.
 */
export async function classOfAccounts(running, { calls, idleMs }) {
  const requestHandler = new NodeHttpHandler({ httpAgent: { keepAlive: true, maxSockets: callers }, socketTimeout: 60_000 });
  const accounts = running.accounts.map(({ account, accessKeyId, secretAccessKey }) => {
    const config = { endpoint: running.endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey }, requestHandler };
    return { account, config, kinesis: new KinesisClient(config) };
  });
  const [first] = accounts;
  await createStreams(first, 1);
  const alone = await putRecords([first], calls);
  const perAccount = scale.streams / scale.accounts;
  await forEach(accounts, (account) => createStreams(account, perAccount));
  await forEach(accounts.slice(0, scale.functions), createMappedFunction);
  // Until the mappings have begun to read.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const used = running.cpu();
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  const idle = { share: (running.cpu() - used) / idleMs, megabytes: running.memory() };
  // Of accounts without functions: what those do is not what is measured.
  const among = await putRecords(accounts.slice(scale.functions), calls);
  requestHandler.destroy();
  return { alone, among, idle };
}

async function createStreams({ kinesis }, count) {
  for (let index = 0; index < count; index += 1) {
    const StreamName = `stream-${index}`;
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 })).catch((error) => {
      if (error.name !== 'ResourceInUseException') throw error;
    });
    for (let looks = 0; looks < 200; looks += 1) {
      const { StreamDescriptionSummary: summary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
      if (summary.StreamStatus === 'ACTIVE') break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function createMappedFunction({ account, config }) {
  const [iam, lambda] = [new IAM(config), new Lambda(config)];
  const { Role } = await iam.createRole({ RoleName: 'bench', AssumeRolePolicyDocument: trust });
  await iam.attachRolePolicy({ RoleName: 'bench', PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole' });
  const FunctionName = 'reader';
  await lambda.createFunction({ FunctionName, Runtime: 'nodejs22.x', Role: Role.Arn, Handler: 'index.handler', Code: { ZipFile } });
  const EventSourceArn = `arn:aws:kinesis:us-east-1:${account}:stream/stream-0`;
  await lambda.createEventSourceMapping({ EventSourceArn, FunctionName, StartingPosition: 'LATEST' });
}

/** The median of so many calls, one after the other, each in the next account. */
async function putRecords(accounts, calls) {
  const times = [];
  for (let call = 0; call < calls; call += 1) {
    const { kinesis } = accounts[call % accounts.length];
    const began = performance.now();
    await kinesis.send(new PutRecordCommand({ StreamName: 'stream-0', PartitionKey: '1', Data: Buffer.from('x') }));
    times.push(performance.now() - began);
  }
  return percentile(times.slice(Math.floor(calls / 4)), 0.5);
}

async function forEach(all, work) {
  const rest = [...all];
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let next = rest.shift(); next !== undefined; next = rest.shift()) await work(next);
    }),
  );
}
