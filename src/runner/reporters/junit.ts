import { printable } from '../../util/printable.ts';
import type { Problem } from '../event.ts';
import type { RunRecord, StepRecord } from './run-record.ts';

/**
 * Runs as JUnit XML: a test suite per lab, a test case per step. A step that is not met is a failure, one that could not
 * be looked at an error, and one that the run did not get to is skipped. What went wrong outside of any step (a name that
 * is taken, a resource that could not be removed) is a case of its own, so that such a run is never green. The document is
 * valid when nothing has run, too.
 */
export function junit(runs: readonly RunRecord[]): string {
  const suites = runs.map(suiteOf);
  const all = suites.flatMap((suite) => suite.cases);
  const time = suites.reduce((sum, suite) => sum + suite.seconds, 0);
  const lines = suites.flatMap(({ run, cases, seconds }) => [
    `  <testsuite ${attributes({
      name: `${run.lab.id} ${run.lab.title}`.trim(),
      ...tally(cases),
      time: seconds.toFixed(3),
      timestamp: new Date(run.startedAt).toISOString(),
    })}>`,
    ...cases.map(caseElement),
    '  </testsuite>',
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: 'kinesis-labs', ...tally(all), time: time.toFixed(3) })}>`,
    ...lines,
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  readonly name: string;
  readonly suite: string;
  readonly file: string;
  readonly line: number;
  readonly seconds: number;
  readonly ending?: { readonly kind: 'failure' | 'error' | 'skipped'; readonly message: string; readonly text?: string };
}

function suiteOf(run: RunRecord): { readonly run: RunRecord; readonly cases: readonly Case[]; readonly seconds: number } {
  const suite = `kinesis-labs.${run.lab.id}`;
  const outside = (name: string, message: string, text: string, kind: 'failure' | 'error'): Case => ({
    name,
    suite,
    file: run.lab.file,
    line: 1,
    seconds: 0,
    ending: { kind, message, text },
  });
  const cases = run.steps.map((step) => stepCase(step, run, suite));
  const problem = run.problem ?? run.result?.problem;
  if (problem && !run.steps.some((step) => step.problem?.message === problem.message)) {
    cases.push(outside('run', problem.message, words(problem), 'error'));
  }
  const left = run.result?.left ?? [];
  if (left.length > 0) {
    const list = left.map(({ ref, why }) => `${ref.type} ${ref.id}: ${why}`).join('\n');
    cases.push(outside('teardown', `${left.length} could not be removed`, list, 'failure'));
  }
  return { run, cases, seconds: (run.result?.durationMs ?? 0) / 1000 };
}

function stepCase(step: StepRecord, run: RunRecord, suite: string): Case {
  const ending = endingOf(step);
  const name = `${step.id}: ${step.heading}`;
  return { name, suite, file: run.lab.file, line: step.line, seconds: step.durationMs / 1000, ...(ending ? { ending } : {}) };
}

function endingOf({ outcome, problem, findings }: StepRecord): Case['ending'] {
  if (outcome === 'met') return undefined;
  if (outcome === 'skipped') return { kind: 'skipped', message: 'done by the runner' };
  if (outcome === 'left-out') return { kind: 'skipped', message: 'nothing is left of it that could be looked at' };
  if (outcome === 'not-reached') return { kind: 'skipped', message: 'the run did not get here' };
  const unmet = findings.filter((finding) => !finding.ok);
  const texts = unmet.map(({ fact, expected, observed, hint }) =>
    [fact, `  expected: ${expected}`, `  observed: ${observed}`, ...(hint === undefined ? [] : [`  ${hint}`])].join('\n'),
  );
  const facts = unmet.map(({ fact, observed }) => `${fact}: ${observed}`).join('; ');
  const message = problem?.message ?? (facts || 'the run ended here');
  const text = [...texts, ...(problem ? [words(problem)] : [])].join('\n');
  return { kind: outcome === 'not-met' ? 'failure' : 'error', message, text };
}

function words({ message, hint }: Problem): string {
  return hint === undefined ? message : `${message}\n${hint}`;
}

function tally(cases: readonly Case[]): Record<string, number> {
  const count = (kind: string) => cases.filter(({ ending }) => ending?.kind === kind).length;
  return { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
}

function caseElement({ name, suite, file, line, seconds, ending }: Case): string {
  const head = `    <testcase ${attributes({ name, classname: suite, time: seconds.toFixed(3), file, line })}`;
  if (ending === undefined) return `${head}/>`;
  const { kind, message, text } = ending;
  const open = `<${kind} ${attributes({ message })}`;
  const inner = text === undefined ? `${open}/>` : `${open}>${escaped(text)}</${kind}>`;
  return `${head}>\n      ${inner}\n    </testcase>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(String(value)).replace(/\n/g, '&#10;').replace(/\t/g, '&#9;')}"`)
    .join(' ');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML 1.0, which has no place at all for control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
function escaped(text: string): string {
  return printable(text)
    .replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
