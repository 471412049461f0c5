import { describe, expect, it } from 'vitest';
import { inSteps, nextTurn } from '../../src/sandbox/turn.ts';
import { servedDuring } from '../support/served.ts';

describe('tasks that take long', () => {
  it('have their turns one at a time, and everybody else is served in between', async () => {
    const seen: string[] = [];
    const task = async (name: string) => {
      for (let turn = 0; turn < 3; turn += 1) {
        await nextTurn();
        seen.push(name);
      }
    };
    await servedDuring(
      () => Promise.all(['a', 'b', 'c', 'd'].map(task)),
      () => seen.push('-'),
    );
    expect(seen.join('').replaceAll(/-+/g, '-')).toMatch(/^-?a-b-c-d-a-b-c-d-a-b-c-d-?$/);
  });

  it('let others be served while large data is looked at', async () => {
    const sums = [0, 0, 0];
    const look = (index: number) =>
      inSteps(new Uint8Array(4 * 1024 * 1024), (part) => {
        // Bytes that take long.
        for (let byte = 0; byte < part.length; byte += 1) sums[index] = (sums[index] ?? 0) + 1;
      });
    expect(await servedDuring(() => Promise.all(sums.map((_, index) => look(index))))).toBeGreaterThan(2);
    expect(sums).toEqual(sums.map(() => 4 * 1024 * 1024));
  });
});
