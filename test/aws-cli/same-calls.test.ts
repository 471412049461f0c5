import { beforeAll, describe, expect, it } from 'vitest';
import { quickDelays } from '../../src/sandbox/delays.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { type Answers, comparable, playBoto3, playCli, playSdk } from '../support/call-players.ts';
import { type CallStep, callScript } from '../support/call-script.ts';
import { hasAwsCli, hasBoto3, needs } from '../support/programs.ts';

// What clients repeat by themselves, so that nobody hears of it.
const faults: readonly Fault[] = [
  { kind: 'throttle', call: 'kinesis:PutRecord', times: 2 },
  { kind: 'error', call: 'kinesis:GetShardIterator', times: 1 },
  { kind: 'throttle', call: 'kinesis:SplitShard', times: 1 },
  { kind: 'cut-before', call: 'kinesis:ListTagsForStream', times: 1 },
];

/** Plays a script on a sandbox of its own, where waiters have to look twice. */
async function played(play: (script: readonly CallStep[], sandbox: Sandbox) => Promise<Answers>, script = callScript): Promise<Answers> {
  const sandbox = await startSandbox({ delays: { ...quickDelays, streamCreate: 1_500 }, faults });
  try {
    const answers = await play(script, sandbox);
    expect(sandbox.faults.list.map(({ fault, met }) => [fault.kind, met])).toEqual(faults.map(({ kind, times }) => [kind, times]));
    return comparable(answers) as Answers;
  } finally {
    await sandbox.stop();
  }
}

describe('the same calls', { timeout: 240_000 }, () => {
  let answers: Answers;
  beforeAll(async () => {
    answers = await played(playSdk);
  }, 60_000);

  it('are answered to the SDK for JavaScript as expected: waiters wait, pages are turned, and what fails in passing is repeated', () => {
    const texts = (name: string) => (answers[name] as { Records: readonly { Data: string }[] }).Records.map(({ Data }) => Data);
    expect([texts('first'), texts('rest'), texts('after two')]).toEqual([['Grüße', 'two'], ['three'], ['three']]);
    expect(answers).toMatchObject({
      summary: { StreamDescriptionSummary: { StreamStatus: 'ACTIVE', OpenShardCount: 2 } },
      taken: { refused: 'ResourceInUseException', message: 'Stream orders under account 000000000000 already exists.' },
      tags: { Tags: [{ Key: 'stage', Value: 'test' }, { Key: 'team' }], HasMoreTags: true },
      batch: { FailedRecordCount: 0, Records: [{ ShardId: 'shardId-000000000000' }, { ShardId: 'shardId-000000000001' }] },
      'no iterator': { refused: 'InvalidArgumentException', message: 'Invalid ShardIterator.' },
      streams: { StreamNames: ['orders', 'payments'] },
      shards: { Shards: { length: 3 } },
      'last shard': { Shards: [{ ParentShardId: 'shardId-000000000000' }] },
      consumers: { Consumers: [{ ConsumerName: 'audit' }, { ConsumerName: 'billing' }] },
      pushed: { SubscribeToShardEvent: { Records: { length: 3 } } },
      nothing: { refused: 'ResourceNotFoundException', message: 'Stream orders under account 000000000000 not found.' },
    });
  });

  it.skipIf(!hasBoto3)(`are answered to boto3 in the same way${needs('python3 with boto3', hasBoto3)}`, async () => {
    expect(await played(playBoto3)).toEqual(answers);
  });

  it.skipIf(!hasAwsCli)(`are answered to the AWS CLI in the same way${needs('AWS CLI', hasAwsCli)}`, async () => {
    const script = callScript.filter(({ kind }) => kind !== 'event');
    const expected = Object.fromEntries(script.map(({ name }) => [name, answers[name]]));
    expect(await played(playCli, script)).toEqual(expected);
  });
});
