import { describe, expect, it } from 'vitest';
import { inSteps, nextTurn, Turn } from '../../src/sandbox/turn.ts';

/** Runs work while a task of another kind is served whenever the event loop comes round. @returns how often that was */
async function servedDuring(work: () => Promise<unknown>, serve: () => void = () => undefined): Promise<number> {
  let served = 0;
  let working = true;
  const other = (): void => {
    served += 1;
    serve();
    if (working) setImmediate(other);
  };
  setImmediate(other);
  await work();
  working = false;
  return served;
}

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
      inSteps(new Uint8Array(4 * 1024 * 1024).fill(1), (part) => {
        for (const byte of part) sums[index] = (sums[index] ?? 0) + byte;
      });
    expect(await servedDuring(() => Promise.all(sums.map((_, index) => look(index))))).toBeGreaterThan(2);
    expect(sums).toEqual(sums.map(() => 4 * 1024 * 1024));
  });

  it('go on at once where their turn is not over', async () => {
    const turn = new Turn();
    expect(turn.over).toBe(false);
    while (!turn.over);
    await turn.pass();
    expect(turn.over).toBe(false);
  });
});
