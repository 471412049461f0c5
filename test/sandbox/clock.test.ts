import { describe, expect, it } from 'vitest';
import { paced } from '../../src/sandbox/clock.ts';

describe('a paced clock', () => {
  it('is the machine’s own at a speed of one, which functions see untouched', () => {
    expect(paced(1).ahead).toBeUndefined();
    expect(Math.abs(paced(1).now() - Date.now())).toBeLessThan(1_000);
  });

  it('passes so many times as fast, for those who sleep as well, and says how far it is ahead', async () => {
    const clock = paced(100);
    const [start, machine] = [clock.now(), performance.now()];
    await clock.sleep(30_000);
    const passed = clock.now() - start;
    const real = performance.now() - machine;
    expect(passed).toBeGreaterThanOrEqual(29_900);
    expect(passed / real).toBeGreaterThan(80);
    expect(passed / real).toBeLessThan(125);
    expect(Number.isInteger(clock.now())).toBe(true);
    expect(clock.ahead).toBeGreaterThanOrEqual(29_000);
  });

  it('stops sleeping when it is told to', async () => {
    const abort = new AbortController();
    const sleeping = paced(2).sleep(60_000, abort.signal);
    abort.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
  });
});
