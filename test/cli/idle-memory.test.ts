import { describe, expect, it } from 'vitest';
import { giveMemoryBack, Rest } from '../../src/cli/idle-memory.ts';
import { until } from '../support/processes.ts';

/** Something that only this knows. */
function nobodys(): WeakRef<object> {
  return new WeakRef({ of: 'nobody' });
}

/** What is collected at each look, by the milliseconds of a processor that have been used until then; 0 at the beginning. */
function collected(...looks: number[]): string[] {
  const rest = new Rest(0);
  return looks.map((used) => rest.comes(used) ?? '-');
}

describe('A process that has worked', () => {
  it('rests when it has used next to nothing of a processor between two looks, and gives back what was made lately', () => {
    expect(collected(500, 1_000, 1_010, 1_011, 1_012)).toEqual(['-', '-', 'minor', '-', '-']);
  });

  it('gives all back when its work is longer ago than V8 remembers, and once only', () => {
    expect(collected(500, 501, 502, 503, 504, 505, 506, 507, 508)).toEqual(['-', 'minor', '-', '-', 'major', '-', '-', '-', '-']);
  });

  it('waits with that for a look at which it rests', () => {
    expect(collected(500, 501, 502, 503, 603, 604, 605)).toEqual(['-', 'minor', '-', '-', '-', 'major', '-']);
  });

  it('rests again after it has worked again, from the beginning', () => {
    expect(collected(500, 501, 1_001, 1_002, 1_003, 1_004, 1_005)).toEqual(['-', 'minor', '-', 'minor', '-', '-', 'major']);
  });

  it('does not rest where it has done too little for there to be anything to give back, all of which counts', () => {
    expect(collected(200, 201, 280, 281, 330)).toEqual(['-', '-', '-', '-', 'minor']);
  });

  it('gives back what it no longer uses when it rests', async () => {
    const looks = [0, 1_000];
    const end = giveMemoryBack(() => looks.shift() ?? 1_000, 5);
    const forgotten = nobodys();
    await until(() => forgotten.deref() === undefined);
    end();
  });
});
