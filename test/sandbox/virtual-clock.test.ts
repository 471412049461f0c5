import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/sandbox/virtual-clock.ts';

const minute = 60_000;

describe('a virtual clock', () => {
  it('passes an hour at once when somebody outside waits and nothing is going on', async () => {
    const clock = new VirtualClock();
    const [virtualStart, realStart] = [clock.now(), Date.now()];
    await clock.foreground.sleep(60 * minute);
    expect(clock.now() - virtualStart).toBeGreaterThanOrEqual(60 * minute);
    expect(Date.now() - realStart).toBeLessThan(5_000);
  });

  it('wakes sleepers in the order in which they are due, each at its own time', async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const woken: [string, number][] = [];
    const note = (name: string) => () => void woken.push([name, Math.round((clock.now() - start) / minute)]);
    const inside = [clock.sleep(2 * minute).then(note('second')), clock.sleep(minute).then(note('first'))];
    await clock.foreground.sleep(3 * minute).then(note('third'));
    await Promise.all(inside);
    expect(woken).toEqual([
      ['first', 1],
      ['second', 2],
      ['third', 3],
    ]);
  });

  it('does not move for sleepers inside alone', async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const controller = new AbortController();
    const sleeping = clock.sleep(60 * minute, controller.signal).catch((reason: unknown) => reason);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now() - start).toBeLessThan(minute);
    controller.abort('stop');
    expect(await sleeping).toBe('stop');
  });

  it('does not jump over work, and jumps as soon as the work is done', async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const done = clock.busy();
    const waiting = clock.foreground.sleep(60 * minute);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now() - start).toBeLessThan(minute);
    done();
    await waiting;
    expect(clock.now() - start).toBeGreaterThanOrEqual(60 * minute);
  });

  it('ends a sleep with the reason of its signal', async () => {
    const clock = new VirtualClock();
    await expect(clock.sleep(minute, AbortSignal.abort(new Error('interrupted')))).rejects.toThrow('interrupted');
  });
});
