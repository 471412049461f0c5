import { describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { AnswerLost } from '../../src/aws/aws.ts';
import { createWait } from '../../src/aws/wait.ts';
import { once } from '../../src/steps/once.ts';
import { swiftClock } from '../support/swift-clock.ts';

const putRecord = apiCall('kinesis', 'PutRecord', { StreamName: 's', PartitionKey: '1', Data: new Uint8Array([1]) });
const lost = new AnswerLost(putRecord, new Error('The connection was closed.'));

/** A write that is answered, or whose answer is lost, in turn; what it did shows after so many looks, or never. */
function writing(answers: readonly ('answered' | 'lost')[], showsAfter: number) {
  const clock = swiftClock();
  const waits: string[] = [];
  const seen = { writes: 0, looks: 0 };
  const write = async () => {
    seen.writes += 1;
    if (answers[Math.min(seen.writes, answers.length) - 1] === 'lost') throw lost;
    return 'answer';
  };
  const shows = async () => {
    seen.looks += 1;
    return seen.looks > showsAfter;
  };
  const wait = createWait({ clock, onWaiting: (what) => waits.push(what) });
  return { run: () => once(write, { what: 'the record', shows }, { wait }), seen, waits };
}

describe('a write that must not be made twice', () => {
  it('is made once, and looked for only when its answer was lost', async () => {
    const { run, seen } = writing(['answered'], 0);
    expect(await run()).toBe('answer');
    expect(seen).toEqual({ writes: 1, looks: 0 });
  });

  it('is not made again when it shows that it took effect', async () => {
    const { run, seen, waits } = writing(['lost'], 2);
    expect(await run()).toBeUndefined();
    expect(seen).toEqual({ writes: 1, looks: 3 });
    expect(waits).toEqual(['the record to show, because the answer was lost']);
  });

  it('is made again when it does not', async () => {
    const { run, seen } = writing(['lost', 'lost', 'answered'], Number.POSITIVE_INFINITY);
    expect(await run()).toBe('answer');
    expect(seen.writes).toBe(3);
  });

  it('is given up when its answer is lost each time', async () => {
    const { run, seen } = writing(['lost'], Number.POSITIVE_INFINITY);
    await expect(run()).rejects.toBe(lost);
    expect(seen.writes).toBe(5);
  });

  it('passes on everything else', async () => {
    const failure = new Error('no');
    const wait = createWait({ clock: swiftClock() });
    const shows = () => expect.unreachable();
    await expect(once(() => Promise.reject(failure), { what: 'the record', shows }, { wait })).rejects.toBe(failure);
  });
});
