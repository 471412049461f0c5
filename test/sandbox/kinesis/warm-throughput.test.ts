import { Kinesis, type UpdateStreamWarmThroughputInput } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { failureOf } from '../../support/failure.ts';
import { briefDelays } from '../../support/kinesis.ts';
import { manualClock } from '../../support/manual-clock.ts';

const clock = manualClock(Date.now());
let sandbox: Sandbox;
/** Of an account that is committed to a minimum of throughput, and of one that is not. */
let committed: Kinesis;
let free: Kinesis;

beforeAll(async () => {
  sandbox = await startSandbox({ clock, delays: briefDelays });
  const { endpoint, region, credentials } = sandbox;
  committed = new Kinesis({ endpoint, region, credentials, maxAttempts: 1 });
  free = new Kinesis({ endpoint, region, credentials: sandbox.credentialsOf('111111111111'), maxAttempts: 1 });
  await committed.updateAccountSettings({ MinimumThroughputBillingCommitment: { Status: 'ENABLED' } });
});

afterAll(async () => {
  committed.destroy();
  free.destroy();
  await sandbox.stop();
});

const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } } as const;

async function settled(kinesis: Kinesis, StreamName: string) {
  await clock.advance(1_000);
  return (await kinesis.describeStreamSummary({ StreamName })).StreamDescriptionSummary;
}

function warm(kinesis: Kinesis, input: UpdateStreamWarmThroughputInput) {
  return kinesis.updateStreamWarmThroughput(input);
}

describe('the warm throughput of a stream', () => {
  it('is what an on-demand stream begins with, or what it is created for', async () => {
    await committed.createStream({ StreamName: 'usual', ...onDemand });
    expect(await settled(committed, 'usual')).toMatchObject({ OpenShardCount: 4, WarmThroughput: { TargetMiBps: 4, CurrentMiBps: 4 } });
    await committed.createStream({ StreamName: 'created', ...onDemand, WarmThroughputMiBps: 6 });
    expect(await settled(committed, 'created')).toMatchObject({ OpenShardCount: 6, WarmThroughput: { TargetMiBps: 6, CurrentMiBps: 6 } });
  });

  it('grows and shrinks, and both are told while it does', async () => {
    await committed.createStream({ StreamName: 'scaled', ...onDemand });
    const { StreamDescriptionSummary: { StreamARN } = {} } = await committed.describeStreamSummary({ StreamName: 'scaled' });
    await settled(committed, 'scaled');
    expect(await warm(committed, { StreamName: 'scaled', WarmThroughputMiBps: 16 })).toMatchObject({
      StreamARN,
      StreamName: 'scaled',
      WarmThroughput: { TargetMiBps: 16, CurrentMiBps: 4 },
    });
    expect((await failureOf(warm(committed, { StreamARN, WarmThroughputMiBps: 8 }))).name).toBe('ResourceInUseException');
    expect(await settled(committed, 'scaled')).toMatchObject({ WarmThroughput: { TargetMiBps: 16, CurrentMiBps: 16 } });
    await warm(committed, { StreamARN, WarmThroughputMiBps: 0 });
    expect(await settled(committed, 'scaled')).toMatchObject({ OpenShardCount: 4, WarmThroughput: { TargetMiBps: 4, CurrentMiBps: 4 } });
  });

  it('can be given with the change to on-demand, and is of no other mode', async () => {
    await committed.createStream({ StreamName: 'changed', ShardCount: 2 });
    const { StreamARN, WarmThroughput } = (await settled(committed, 'changed')) ?? {};
    expect(WarmThroughput).toBeUndefined();
    expect((await failureOf(warm(committed, { StreamARN, WarmThroughputMiBps: 8 }))).name).toBe('InvalidArgumentException');
    expect((await failureOf(committed.createStream({ StreamName: 'p', ShardCount: 1, WarmThroughputMiBps: 8 }))).name).toBe(
      'InvalidArgumentException',
    );
    await committed.updateStreamMode({ StreamARN, ...onDemand, WarmThroughputMiBps: 5 });
    expect(await settled(committed, 'changed')).toMatchObject({ OpenShardCount: 5, WarmThroughput: { TargetMiBps: 5, CurrentMiBps: 5 } });
  });

  it('needs a commitment of the account, and is not told without', async () => {
    await free.createStream({ StreamName: 'free', ...onDemand });
    const { StreamARN, WarmThroughput } = (await settled(free, 'free')) ?? {};
    expect(WarmThroughput).toBeUndefined();
    expect(await failureOf(warm(free, { StreamARN, WarmThroughputMiBps: 8 }))).toMatchObject({
      name: 'InvalidArgumentException',
      message: expect.stringContaining('MinimumThroughputBillingCommitment'),
    });
    expect((await failureOf(free.createStream({ StreamName: 'q', ...onDemand, WarmThroughputMiBps: 8 }))).name).toBe(
      'InvalidArgumentException',
    );
  });

  it('is 10 GiB a second at the most', async () => {
    await committed.createStream({ StreamName: 'most', ...onDemand });
    await settled(committed, 'most');
    expect((await failureOf(warm(committed, { StreamName: 'most', WarmThroughputMiBps: 10_241 }))).name).toBe('LimitExceededException');
    await warm(committed, { StreamName: 'most', WarmThroughputMiBps: 2_000 });
    expect(await settled(committed, 'most')).toMatchObject({ OpenShardCount: 2_000 });
  });
});
