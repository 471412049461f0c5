import { describe, expect, it } from 'vitest';
import { createWait, impatient, WaitTimeout } from '../../src/aws/wait.ts';
import { wallClock } from '../../src/util/clock.ts';
import { swiftClock } from '../support/swift-clock.ts';

/** Answers `undefined` a number of times, then `value`. */
function afterPolls<T>(times: number, value: T): () => Promise<T | undefined> {
  let polls = 0;
  return async () => (polls++ < times ? undefined : value);
}

describe('a wait', () => {
  it('does not sleep, and says nothing, when what it waits for is there already', async () => {
    const clock = swiftClock();
    const said: string[] = [];
    const wait = createWait({ clock, onWaiting: (what) => said.push(what), onWaited: (what) => said.push(what) });
    expect(await wait({ what: 'rain', timeoutMs: 1_000 }, afterPolls(0, 'wet'))).toBe('wet');
    expect(clock.slept).toEqual([]);
    expect(said).toEqual([]);
  });

  it('polls at intervals that grow by half up to four times the first', async () => {
    const clock = swiftClock();
    await createWait({ clock })({ what: 'rain', timeoutMs: 60_000, intervalMs: 100 }, afterPolls(7, 'wet'));
    expect(clock.slept).toEqual([100, 150, 225, 338, 400, 400, 400]);
  });

  it('polls ever more seldom on a clock that jumps, where polls are all that waiting costs', async () => {
    const clock = swiftClock();
    await createWait({ clock: { ...clock, jumps: true } })({ what: 'rain', timeoutMs: 60_000, intervalMs: 100 }, afterPolls(7, 'wet'));
    expect(clock.slept).toEqual([100, 150, 225, 338, 507, 761, 1_142]);
  });

  it('begins with a pause where it was looked already, and says so at once', async () => {
    const clock = swiftClock();
    const said: string[] = [];
    const wait = createWait({ clock, onWaiting: (what) => said.push(`${what} after ${clock.slept.length} pauses`) });
    await wait({ what: 'rain', timeoutMs: 1_000, intervalMs: 100, looked: true }, afterPolls(0, 'wet'));
    expect(clock.slept).toEqual([100]);
    expect(said).toEqual(['rain after 0 pauses']);
  });

  it('takes a part of each pause by chance where many may wait for the same, and half of it at least', async () => {
    const clock = swiftClock();
    await createWait({ clock })({ what: 'rain', timeoutMs: 60_000, intervalMs: 1_000, spread: true }, afterPolls(9, 'wet'));
    const usual = [1_000, 1_500, 2_250, 3_375, 4_000, 4_000, 4_000, 4_000, 4_000];
    expect(clock.slept.every((ms, index) => ms >= (usual[index] ?? 0) / 2 && ms <= (usual[index] ?? 0))).toBe(true);
    expect(new Set(clock.slept.slice(4)).size).toBeGreaterThan(1);
  });

  it('passes on what is false but not undefined', async () => {
    expect(await createWait({ clock: swiftClock() })({ what: 'rain', timeoutMs: 1_000 }, afterPolls(1, false))).toBe(false);
  });

  it('announces when it begins and, with the time it took, when it ends', async () => {
    const said: unknown[] = [];
    const wait = createWait({
      clock: swiftClock(),
      onWaiting: (what) => said.push(what),
      onWaited: (what, durationMs) => said.push([what, durationMs]),
    });
    await wait({ what: 'rain', timeoutMs: 1_000 }, afterPolls(2, 'wet'));
    expect(said).toEqual(['rain', ['rain', 625]]);
  });

  it('gives up when the time is over, after a last look, and says for what it waited', async () => {
    const clock = swiftClock();
    const said: string[] = [];
    const wait = createWait({ clock, onWaited: (what) => said.push(what) });
    let polls = 0;
    const waiting = wait({ what: 'the stream orders to become ACTIVE', timeoutMs: 30_000, intervalMs: 20_000 }, async () => {
      polls++;
      return undefined;
    });
    await expect(waiting).rejects.toThrow('Waited 30 s for the stream orders to become ACTIVE, in vain.');
    await expect(waiting).rejects.toBeInstanceOf(WaitTimeout);
    expect(clock.slept).toEqual([20_000, 10_000]);
    expect(polls).toBe(3);
    expect(said).toEqual(['the stream orders to become ACTIVE']);
  });

  it('passes on what the poll throws, at once', async () => {
    const clock = swiftClock();
    const waiting = createWait({ clock })({ what: 'rain', timeoutMs: 1_000 }, async () => {
      throw new Error('no sky');
    });
    await expect(waiting).rejects.toThrow('no sky');
    expect(clock.slept).toEqual([]);
  });

  it('ends with the reason of the signal when the run is interrupted while it sleeps', async () => {
    const interruption = new AbortController();
    const wait = createWait({ clock: wallClock, signal: interruption.signal, onWaiting: () => interruption.abort(new Error('Ctrl-C')) });
    await expect(wait({ what: 'rain', timeoutMs: 60_000, intervalMs: 60_000 }, afterPolls(1, 'wet'))).rejects.toThrow('Ctrl-C');
  });

  it('does not even poll when the run was interrupted before', async () => {
    const wait = createWait({ clock: wallClock, signal: AbortSignal.abort(new Error('Ctrl-C')) });
    await expect(wait({ what: 'rain', timeoutMs: 1_000 }, () => expect.unreachable())).rejects.toThrow('Ctrl-C');
  });
});

describe('an impatient wait', () => {
  const never = async (): Promise<undefined> => undefined;

  it('waits in vain for so long in all, and looks once for everything after that', async () => {
    const clock = swiftClock();
    const wait = impatient(createWait({ clock }), 300);
    await expect(wait({ what: 'rain', timeoutMs: 60_000, intervalMs: 100 }, never)).rejects.toThrow(WaitTimeout);
    expect(clock.slept).toEqual([100, 150, 50]);
    await expect(wait({ what: 'snow', timeoutMs: 60_000 }, never)).rejects.toThrow(WaitTimeout);
    expect(await wait({ what: 'sun', timeoutMs: 60_000 }, afterPolls(0, 'warm'))).toBe('warm');
    expect(clock.slept).toHaveLength(3);
  });

  it('loses no patience where what it waits for comes about', async () => {
    const clock = swiftClock();
    const wait = impatient(createWait({ clock }), 300);
    for (const what of ['rain', 'snow', 'sun']) expect(await wait({ what, timeoutMs: 60_000 }, afterPolls(1, what))).toBe(what);
    expect(clock.slept).toEqual([250, 250, 250]);
  });
});
