import { IAM } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { Lambda, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { paced, type SandboxClock } from '../../src/sandbox/clock.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { waiting } from '../support/kinesis.ts';
import { briefDelays, zipped } from '../support/lambda.ts';
import { patience } from '../support/patience.ts';
import { lambdaTrust } from '../support/policies.ts';
import { roleWith } from '../support/role.ts';

const accounts = Array.from({ length: 6 }, (_, index) => String(100_000_000_000 + index));
const streamsEach = 3;
const ZipFile = zipped({ 'index.js': 'exports.handler = async () => {};' });

let sandbox: Sandbox;
/** How many wait for the sandbox's clock. */
let asleep = 0;
const requestHandler = new NodeHttpHandler();

function countedClock(): SandboxClock {
  const clock = paced(1);
  const sleep: SandboxClock['sleep'] = async (ms, signal) => {
    asleep += 1;
    try {
      await clock.sleep(ms, signal);
    } finally {
      asleep -= 1;
    }
  };
  return { ...clock, sleep };
}

/** Timers that keep this process alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

/** Streams of one account, each read by a mapping of its function. */
async function fill(account: string): Promise<void> {
  const config = { endpoint: sandbox.endpoint, region: sandbox.region, credentials: sandbox.credentialsOf(account), requestHandler };
  const [kinesis, lambda] = [new Kinesis(config), new Lambda(config)];
  const managed = 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole';
  const Role = await roleWith(new IAM(config), 'reader', lambdaTrust, { managed });
  const settings = { FunctionName: 'reader', Runtime: 'nodejs22.x', Handler: 'index.handler' } as const;
  await lambda.createFunction({ ...settings, Role, Code: { ZipFile } });
  await waitUntilFunctionActiveV2({ client: lambda, ...waiting }, { FunctionName: 'reader' });
  for (let index = 0; index < streamsEach; index += 1) {
    const StreamName = `stream-${index}`;
    await kinesis.createStream({ StreamName, ShardCount: 2 });
    const EventSourceArn = `arn:aws:kinesis:${sandbox.region}:${account}:stream/${StreamName}`;
    await vi.waitFor(
      () => lambda.createEventSourceMapping({ EventSourceArn, FunctionName: 'reader', StartingPosition: 'LATEST' }),
      patience,
    );
  }
  await vi.waitFor(async () => {
    const { EventSourceMappings = [] } = await lambda.listEventSourceMappings({});
    expect(EventSourceMappings.map(({ State }) => State)).toEqual(Array(streamsEach).fill('Enabled'));
  }, patience);
}

beforeAll(async () => {
  sandbox = await startSandbox({ delays: briefDelays, clock: countedClock() });
});

afterAll(async () => {
  requestHandler.destroy();
  await sandbox.stop();
});

describe('a sandbox with many accounts, streams, functions and mappings', () => {
  it('waits for all of them without a timer for each', async () => {
    await fill(accounts[0] ?? '');
    await vi.waitFor(() => expect(asleep).toBe(0), patience);
    const before = timers();
    await Promise.all(accounts.slice(1).map(fill));
    await vi.waitFor(() => expect(asleep).toBe(0), patience);
    await vi.waitFor(() => expect(timers()).toBeLessThan(before + accounts.length), patience);
  });
});
