import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-kinesis';
import { DeleteEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { mappingSandbox, receiver } from '../../support/mapping.ts';

const sandbox = mappingSandbox();
const { lambda } = sandbox;

/** In this time, in milliseconds, nobody is allowed another call. */
const atOnce = 190;

/**
 * How many of ten calls of GetRecords at once are answered, after a second in which there was none. A machine that has
 * much to do does not get them done at once, and is asked again.
 */
async function answeredReads(StreamName: string): Promise<number> {
  const { clock } = lambda.sandbox;
  for (let tries = 0; tries < 30; tries += 1) {
    await sandbox.pass(1_000);
    const { ShardIterator } = await sandbox.kinesis.send(
      new GetShardIteratorCommand({ StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' }),
    );
    const before = clock.now();
    const calls = Array.from({ length: 10 }, () => sandbox.kinesis.send(new GetRecordsCommand({ ShardIterator })));
    const answered = (await Promise.allSettled(calls)).filter(({ status }) => status === 'fulfilled').length;
    if (clock.now() - before < atOnce) return answered;
  }
  throw new Error('Ten calls were never done at once.');
}

describe('A mapping shares what its shard can give', () => {
  it('with everybody else: of five calls a second it takes one for as long as it polls', async () => {
    const stream = await sandbox.stream();
    expect(await answeredReads(stream)).toBe(5);
    const UUID = await sandbox.map(stream, await lambda.deploy(receiver()));
    await sandbox.pass(1_000);
    expect(await answeredReads(stream)).toBe(4);
    await sandbox.client.send(new DeleteEventSourceMappingCommand({ UUID }));
    await sandbox.untilGone(UUID);
    expect(await answeredReads(stream)).toBe(5);
  });

  it('and reads no more than 2 MiB a second when it has to catch up', async () => {
    const stream = await sandbox.stream();
    for (let index = 0; index < 8; index += 1) {
      await sandbox.put(stream, `${index}`.repeat(1_000_000));
      await sandbox.pass(1_000);
    }
    const name = await lambda.deploy('exports.handler = async (event) => console.log(\'GOT {"Records":[]}\');');
    await sandbox.map(stream, name, { BatchSize: 1 });
    await sandbox.until(async () => (await sandbox.received(name)).length === 8);
    const times = (await sandbox.received(name)).map(({ at }) => at);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(2_000);
  });
});
