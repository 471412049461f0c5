import { describe, expect, it } from 'vitest';
import { Schedule } from '../../../src/sandbox/sqs/schedule.ts';
import { random } from '../../support/random.ts';

describe('a schedule', () => {
  it('gives up its items in the order in which they become due, and not before', () => {
    const schedule = new Schedule<number>();
    const next = random(7);
    const times = Array.from({ length: 500 }, () => Math.floor(next() * 100));
    for (const [index, at] of times.entries()) schedule.add(at, index);
    expect(schedule.next).toBe(Math.min(...times));
    const taken: number[] = [];
    for (let now = 0; now < 100; now++) {
      for (let entry = schedule.take(now); entry !== undefined; entry = schedule.take(now)) {
        expect(entry.at).toBe(now);
        expect(times[entry.item]).toBe(now);
        taken.push(entry.item);
      }
    }
    expect(taken.toSorted((one, other) => one - other)).toEqual(times.map((_, index) => index));
    expect([schedule.next, schedule.take(1000)]).toEqual([undefined, undefined]);
  });

  it('is empty after it was cleared', () => {
    const schedule = new Schedule<string>();
    schedule.add(1, 'a');
    schedule.clear();
    expect(schedule.take(2)).toBeUndefined();
  });
});
