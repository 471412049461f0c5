import { describe, expect, it } from 'vitest';
import { giveMemoryBack, Rest } from '../../src/cli/idle-memory.ts';
import { until } from '../support/processes.ts';

/** Something that only this knows. */
function nobodys(): WeakRef<object> {
  return new WeakRef({ of: 'nobody' });
}

describe('A process that has worked', () => {
  it('rests when it has used next to nothing of a processor between two looks, and once only', () => {
    const rest = new Rest(100);
    expect([600, 1_100, 1_110, 1_111, 1_112].map((used) => rest.comes(used))).toEqual([false, false, true, false, false]);
  });

  it('rests again after it has worked again', () => {
    const rest = new Rest(0);
    expect([500, 501, 1_001, 1_002].map((used) => rest.comes(used))).toEqual([false, true, false, true]);
  });

  it('does not rest where it has done too little for there to be anything to give back, all of which counts', () => {
    const rest = new Rest(0);
    expect([200, 201, 280, 281, 330].map((used) => rest.comes(used))).toEqual([false, false, false, false, true]);
  });

  it('gives back what it no longer uses when it rests', async () => {
    const looks = [0, 1_000];
    const end = giveMemoryBack(() => looks.shift() ?? 1_000, 5);
    const forgotten = nobodys();
    await until(() => forgotten.deref() === undefined);
    end();
  });
});
