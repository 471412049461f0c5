import { describe, expect, it } from 'vitest';
import { verificationCsv } from '../../../src/runner/reporters/verification-csv.ts';
import type { StepMark, StudentMarks, Verification } from '../../../src/runner/verify/verification.ts';

const step: StepMark = {
  id: 'stream',
  heading: 'A stream',
  uses: 'kinesis/stream',
  state: 'not-met',
  points: { earned: 2.5, possible: 10 },
  findings: [{ fact: 'capacity of s', expected: '1 shard', observed: '2 shards, "more"', ok: false, hint: 'Change it.' }],
  evidence: { resources: [], calls: [] },
};

function csvOf(students: readonly Partial<StudentMarks>[]): readonly string[] {
  const whole = students.map(
    (each): StudentMarks => ({
      student: 'Ada',
      columns: {},
      state: 'not-met',
      points: { earned: 2.5, possible: 10, unchecked: 0 },
      steps: [step],
      region: 'us-east-1',
      account: '012345678901',
      prefix: '',
      at: '2026-11-21T09:00:00.000Z',
      durationMs: 1,
      ...each,
    }),
  );
  const verification: Verification = {
    start: { lab: { id: '01', title: 'A lab', file: 'a.md' }, expect: 'built', probe: false, started: '', target: 'aws', roster: true },
    end: {
      states: { met: 0, 'not-met': 1, absent: 0, unchecked: 0 },
      students: 1,
      steps: [{ id: 'stream', heading: 'A stream', states: { met: 0, 'not-met': 1, absent: 0, unchecked: 0, 'left-out': 0 } }],
      alike: [],
      interrupted: false,
      durationMs: 1,
    },
    students: () => whole,
  };
  return [...verificationCsv(verification)].map((line) => line.replace(/\r\n$/, ''));
}

describe('a verification as CSV', () => {
  it('has a line for each student, with the points of each step and what is missing', () => {
    expect(csvOf([{}])).toEqual([
      'student,state,points,possible,unchecked,account,region,prefix,nonce,checked at,reasons,step stream',
      'Ada,not met,2.5,10,0,012345678901,us-east-1,,,2026-11-21T09:00:00.000Z,"stream: capacity of s: expected 1 shard, observed 2 shards, ""more""",2.5',
    ]);
  });

  it('has all columns that the roster has for anybody', () => {
    const [head, ada, bob] = csvOf([{ columns: { section: 'A' } }, { student: 'Bob', columns: { group: '7' } }]);
    expect(head).toContain(',reasons,section,group,step stream');
    expect([ada?.endsWith('",A,,2.5'), bob?.endsWith('",,7,2.5')]).toEqual([true, true]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '%0A', '|calc'])(
    'makes a text of %j, which a spreadsheet would take for a formula',
    (name) => {
      const [, line = ''] = csvOf([{ student: name }]);
      expect(line.replace(/^"/, '').startsWith(`'${name}`)).toBe(true);
    },
  );

  it('tells those who could not be checked from those who have nothing', () => {
    const problem = { message: 'The role cannot be assumed.' };
    const [, line] = csvOf([
      { state: 'unchecked', problem, points: { earned: 0, possible: 10, unchecked: 10 }, steps: [{ ...step, state: 'unchecked' }] },
    ]);
    expect(line).toContain('Ada,could not check,0,10,10,');
    expect(line).toMatch(/,The role cannot be assumed\.,could not check$/);
  });
});
