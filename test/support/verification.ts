import { tally } from '../../src/runner/verify/marks.ts';
import { Summary } from '../../src/runner/verify/summary.ts';
import type { Evidence, StepMark, StudentMarks, Verification } from '../../src/runner/verify/verification.ts';
import { planOf } from './stream-lab.ts';

/** Texts that each mean something to somebody: a browser, a terminal, Markdown, XML, a spreadsheet, a file system. */
export const hostile =
  '<script>alert(1)</script>"><img src=x onerror=alert(1)></details>]]>&amp;&lt;|`x`[a](javascript:alert)\u202e\u001b[31m ../../evil =1+1';

const heading = `Make it ${hostile}`;
const plan = planOf(['one', 'two', 'three'].map((id) => ({ id, with: { name: id } })));

const evidence: Evidence = {
  resources: [{ arn: 'arn:aws:kinesis:us-east-1:100000000001:stream/one', created: '2026-11-21T10:00:00.000Z' }],
  calls: [{ call: 'kinesis:DescribeStream', requestId: 'request-1', at: '2026-11-21T11:00:00.000Z', error: hostile }],
};

function step(id: string, state: StepMark['state'], over: Partial<StepMark> = {}): StepMark {
  const possible = 10;
  const points = { earned: state === 'met' ? possible : 0, possible };
  return { id, heading, uses: 'kinesis/stream', state, points, findings: [], evidence, ...over };
}

const met = (id: string) =>
  step(id, 'met', { findings: [{ fact: `stream ${id}`, expected: 'a stream', observed: `${hostile}`, ok: true }] });
const half = (id: string) =>
  step(id, 'not-met', {
    points: { earned: 5, possible: 10 },
    findings: [
      { fact: `stream ${id}`, expected: 'a stream', observed: 'a stream', ok: true },
      { fact: `shards of ${id}`, expected: '1', observed: hostile, ok: false, hint: `Change it.\n${hostile}` },
    ],
    hint: `It is easy. ${hostile}`,
  });
const absent = (id: string) =>
  step(id, 'absent', { findings: [{ fact: `stream ${id}`, expected: 'a stream', observed: 'none', ok: false, absent: true }] });
const unchecked = (id: string) =>
  step(id, 'unchecked', { problem: { message: `Nobody may look: ${hostile}`, hint: 'Give the role back.' } });
const leftOut = (id: string) => step(id, 'left-out', { problem: { message: 'Nothing shows it.' } });

/** The steps of somebody in each state. */
export const states: Readonly<Record<StudentMarks['state'] | 'part', readonly StepMark[]>> = {
  met: [met('one'), met('two'), leftOut('three')],
  'not-met': [met('one'), half('two'), absent('three')],
  absent: [absent('one'), absent('two'), leftOut('three')],
  unchecked: [unchecked('one'), unchecked('two'), unchecked('three')],
  part: [met('one'), half('two'), unchecked('three')],
};

/** What was found of a student. */
export function student(name: string, steps: readonly StepMark[], over: Partial<StudentMarks> = {}): StudentMarks {
  const why = steps.find(({ state }) => state === 'unchecked')?.problem;
  return {
    student: name,
    columns: { section: hostile },
    ...tally(steps),
    steps,
    region: 'us-east-1',
    account: '100000000001',
    principal: `arn:aws:sts::100000000001:assumed-role/grader/${hostile}`,
    prefix: '',
    learner: { nonce: 'n1', started: '2026-11-21T09:00:00.000Z', seenIn: `the log ${hostile}` },
    ...(why === undefined ? {} : { problem: why }),
    at: '2026-11-21T11:00:00.000Z',
    durationMs: 1_500,
    ...over,
  };
}

/** A verification of these students, which are made anew each time that they are gone through. */
export function verificationOf(
  students: () => Iterable<StudentMarks>,
  over: Partial<Verification['start'] & { interrupted: boolean }> = {},
): Verification {
  const summary = new Summary(plan);
  for (const marks of students()) summary.add(marks);
  const { interrupted = false, ...start } = over;
  return {
    start: {
      lab: { id: '07', title: `Streams ${hostile}`, file: 'labs/07-streams.md' },
      expect: 'built',
      probe: false,
      started: '2026-11-21T11:00:00.000Z',
      target: 'aws',
      roster: true,
      ...start,
    },
    end: summary.end({ interrupted, durationMs: 2_000 }),
    students,
  };
}

/** A class with a student in each state, whose name says it, and one whose name is hostile. */
export function everyState(): Verification {
  return verificationOf(() => [
    student('Anna', states.met),
    student('Ben', states['not-met']),
    student('Cleo', states.absent, { account: '100000000003' }),
    student('Dora', states.unchecked, { account: '100000000004' }),
    student('Emil', states.part, { account: '100000000005' }),
    student(hostile, states['not-met'], { account: '100000000006' }),
  ]);
}
