// What only the sandbox has: functions that read streams.
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { IAM } from '@aws-sdk/client-iam';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { Lambda, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { clientOf, createStream, percentile } from './measures.mjs';

const group = '/aws/lambda/logger';
const code =
  "exports.handler = async ({ Records }) => { for (const { kinesis } of Records) console.log(Buffer.from(kinesis.data, 'base64').toString()); };";

/** Milliseconds from PutRecord until the log of a function that is warm shows the record, and what the sandbox needs while ten mappings wait. */
export async function functions(running, { puts, idleMs }) {
  const { endpoint, credentials } = running;
  const config = { endpoint, credentials, region: 'us-east-1' };
  const [iam, lambda, logs, kinesis] = [new IAM(config), new Lambda(config), new CloudWatchLogs(config), clientOf(running)];
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const { Role } = await iam.createRole({ RoleName: 'bench', AssumeRolePolicyDocument: JSON.stringify(trust) });
  await iam.attachRolePolicy({ RoleName: 'bench', PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole' });
  const ZipFile = zipSync({ 'index.js': new TextEncoder().encode(code) });
  await lambda.createFunction({
    FunctionName: 'logger',
    Runtime: 'nodejs22.x',
    Role: Role.Arn,
    Handler: 'index.handler',
    Code: { ZipFile },
  });
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName: 'logger' });
  for (let index = 0; index < 10; index += 1) {
    await createStream(kinesis, `mapped-${index}`, 1);
    const EventSourceArn = `arn:aws:kinesis:us-east-1:000000000000:stream/mapped-${index}`;
    await lambda.createEventSourceMapping({ EventSourceArn, FunctionName: 'logger', StartingPosition: 'TRIM_HORIZON', BatchSize: 1 });
  }
  const times = [];
  for (let put = 0; put < puts; put += 1) {
    const began = performance.now();
    await kinesis.send(new PutRecordCommand({ StreamName: 'mapped-0', PartitionKey: '1', Data: Buffer.from(`record ${put}.`) }));
    await shown(logs, `record ${put}.`);
    times.push(performance.now() - began);
  }
  const used = running.cpu();
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  const idle = { share: (running.cpu() - used) / idleMs, megabytes: running.memory() };
  for (const client of [iam, lambda, logs, kinesis]) client.destroy();
  // The first ones started the function.
  return { p50: percentile(times.slice(3), 0.5), p99: percentile(times.slice(3), 0.99), idle };
}

async function shown(logs, text) {
  for (let looks = 0; looks < 3_000; looks += 1) {
    const { events = [] } = await logs.filterLogEvents({ logGroupName: group, filterPattern: `"${text}"` }).catch(() => ({}));
    if (events.length > 0) return;
  }
  throw new Error(`The log does not show "${text}".`);
}
