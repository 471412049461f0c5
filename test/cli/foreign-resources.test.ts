import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { type AwsSession, openSession } from '../../src/aws/session.ts';
import { createWait } from '../../src/aws/wait.ts';
import { ZippedFolder } from '../../src/aws/zipped-folder.ts';
import { trustPolicy } from '../../src/steps/iam/policy-document.ts';
import { wallClock } from '../../src/util/clock.ts';
import { cli, temporaryFolder } from '../support/cli.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { patience } from '../support/patience.ts';
import { assets } from '../support/step-bench.ts';

const sandbox = lastingSandbox();
let aws: AwsSession;
beforeAll(() => {
  aws = openSession({ target: sandbox.target, clock: wallClock, wait: createWait({ clock: wallClock }) });
});
afterAll(() => aws.destroy());

const role = 'arn:aws:iam::000000000000:role/somebody';

/** What somebody has made, of the names that lab 01 has for its own: how it comes to be there, and what is to be seen of it. */
const theirs = {
  role: {
    id: 'lambda-cli-role',
    make: [apiCall('iam', 'CreateRole', { RoleName: 'lambda-cli-role', AssumeRolePolicyDocument: trustPolicy('ec2.amazonaws.com') })],
    look: apiCall('iam', 'GetRole', { RoleName: 'lambda-cli-role' }),
  },
  stream: {
    id: 'lambda-cli-stream',
    make: [apiCall('kinesis', 'CreateStream', { StreamName: 'lambda-cli-stream', ShardCount: 2, Tags: { team: 'data' } })],
    look: apiCall('kinesis', 'DescribeStreamSummary', { StreamName: 'lambda-cli-stream' }),
  },
  'log group': {
    id: '/aws/lambda/kinesisEventLogger',
    make: [apiCall('logs', 'CreateLogGroup', { logGroupName: '/aws/lambda/kinesisEventLogger' })],
    look: apiCall('logs', 'DescribeLogGroups', { logGroupNamePrefix: '/aws/lambda/kinesisEventLogger' }),
  },
  function: {
    id: 'kinesisEventLogger',
    make: [
      apiCall('iam', 'CreateRole', { RoleName: 'somebody', AssumeRolePolicyDocument: trustPolicy('lambda.amazonaws.com') }),
      apiCall('lambda', 'CreateFunction', {
        FunctionName: 'kinesisEventLogger',
        Role: role,
        Runtime: 'nodejs22.x',
        Handler: 'kinesisEventLogger.handler',
        Code: { ZipFile: new ZippedFolder(`${assets}kinesis-event-logger`) },
      }),
    ],
    look: apiCall('lambda', 'GetFunctionConfiguration', { FunctionName: 'kinesisEventLogger' }),
  },
} as const;

const unmake = [
  apiCall('iam', 'DeleteRole', { RoleName: 'lambda-cli-role' }),
  apiCall('kinesis', 'DeleteStream', { StreamName: 'lambda-cli-stream' }),
  apiCall('logs', 'DeleteLogGroup', { logGroupName: '/aws/lambda/kinesisEventLogger' }),
];

async function seen(): Promise<string> {
  return JSON.stringify(await Promise.all(Object.values(theirs).map(({ look }) => aws.call<unknown>(look).catch(String))));
}

describe('what somebody else has made', () => {
  it.each(Object.entries(theirs))('stops the lab that wants the name of a %s, and is not touched', async (noun, { id, make }) => {
    const options = { home: temporaryFolder(), env: sandbox.env };
    for (const call of make) await aws.call(call);
    // A stream is CREATING for a moment, a function Pending.
    await expect.poll(seen, patience).not.toMatch(/"CREATING"|"Pending"/);
    const before = await seen();
    const { code, stderr } = await cli(['start', '01', '--yes', '--target', sandbox.endpoint], options);
    expect(stderr.replace(/\s+/g, ' ')).toContain(`The ${noun} ${id} exists already, and this run did not create it.`);
    expect(code).toBe(3);
    expect(await cli(['clean'], options)).toMatchObject({ code: 0, stdout: 'Nothing is alive.\n' });
    expect(await cli(['clean', '--all'], options)).toMatchObject({ code: 0, stdout: 'Nothing is alive.\n' });
    expect(await seen()).toBe(before);
    // Out of the way of the next one.
    for (const call of unmake) await aws.call(call).catch(() => undefined);
    await expect.poll(seen, patience).not.toContain('"DELETING"');
  });
});
