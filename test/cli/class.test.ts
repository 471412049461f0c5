import { describe, expect, it } from 'vitest';
import { type LookTools, lookAtClass } from '../../src/cli/class.ts';
import type { StudentMarks } from '../../src/runner/verify/verification.ts';
import { deferred } from '../../src/util/deferred.ts';

const marks = { student: 'anybody' } as StudentMarks;

/** A class whose students are looked at for as long as the test says. */
function classroom(students: number, options: { readonly concurrency: number; readonly timeLimitMs?: number }) {
  const ending = Array.from({ length: students }, () => deferred<StudentMarks>());
  const begun: LookTools[] = [];
  const done: number[] = [];
  const interrupt = new AbortController();
  const ended = lookAtClass({
    students: ending.keys(),
    concurrency: options.concurrency,
    timeLimitMs: options.timeLimitMs ?? 60_000,
    signal: interrupt.signal,
    async look(student, tools) {
      begun[student] = tools;
      const given = new Promise<StudentMarks>((resolve) => {
        tools.signal.addEventListener('abort', () => resolve(marks));
      });
      return Promise.race([ending[student]?.promise ?? marks, given]);
    },
    done: (student) => void done.push(student),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (student: number): Promise<void> => {
    ending[student]?.resolve(marks);
    await settle();
  };
  return { begun, done, ended, interrupt, end, settle };
}

describe('a class', () => {
  it('is looked at by as many as was said, whoever is done first', async () => {
    const { begun, done, ended, end, settle } = classroom(5, { concurrency: 2 });
    await settle();
    expect(begun).toHaveLength(2);
    await end(1);
    expect([begun.length, done]).toEqual([3, [1]]);
    for (const student of [0, 2, 3, 4]) await end(student);
    await ended;
    expect(done).toEqual([1, 0, 2, 3, 4]);
  });

  it('makes room for others while an account is waited for', async () => {
    const { begun, done, ended, end, settle } = classroom(4, { concurrency: 1 });
    await settle();
    begun[0]?.waiting(true);
    await settle();
    expect(begun).toHaveLength(2);
    for (const student of [1, 2, 3]) await end(student);
    expect(done).toEqual([1, 2, 3]);
    await end(0);
    await ended;
  });

  it('is looked at by half as many when AWS asks for fewer calls, and by one more with each who is let through', async () => {
    const { begun, ended, end, settle } = classroom(10, { concurrency: 4 });
    await settle();
    begun[0]?.throttled();
    begun[1]?.throttled();
    await end(0);
    await end(1);
    // Two of four are left, and each who was done has let one more in.
    expect(begun).toHaveLength(6);
    for (let student = 2; student < 10; student++) await end(student);
    await ended;
  });

  it('is not held up by somebody who takes too long', async () => {
    const { begun, done, ended, end } = classroom(2, { concurrency: 2, timeLimitMs: 20 });
    await end(1);
    await ended;
    expect(done).toEqual([1, 0]);
    expect(begun[0]?.signal.reason).toMatchObject({ message: 'It took longer than 0.02 seconds, and was given up.', exitCode: 3 });
  });

  it('ends with those who are known when it is interrupted, and begins with nobody else', async () => {
    const { begun, done, ended, interrupt, end } = classroom(5, { concurrency: 2 });
    await end(0);
    interrupt.abort();
    await ended;
    expect(done).toEqual([0, 1, 2]);
    expect(begun[1]?.signal.reason).toMatchObject({ message: 'It was interrupted before it was done.' });
  });
});
