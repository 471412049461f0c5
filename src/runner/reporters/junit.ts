import type { Finding } from '../../steps/step.ts';
import type { Problem } from '../event.ts';
import { type Case, junitXml, type Suite } from './junit-xml.ts';
import type { RunRecord, StepRecord } from './run-record.ts';

/**
 * Runs as JUnit XML: a test suite per lab, a test case per step. A step that is not met is a failure, one that could not
 * be looked at an error, and one that the run did not get to is skipped. What went wrong outside of any step (a name that
 * is taken, a resource that could not be removed) is a case of its own, so that such a run is never green.
 */
export function junit(runs: readonly RunRecord[]): string {
  return junitXml(runs.map(suiteOf));
}

function suiteOf(run: RunRecord): Suite {
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
    cases.push(outside('run', problem.message, problemText(problem), 'error'));
  }
  const left = run.result?.left ?? [];
  if (left.length > 0) {
    const list = left.map(({ ref, why }) => `${ref.type} ${ref.id}: ${why}`).join('\n');
    cases.push(outside('teardown', `${left.length} could not be removed`, list, 'failure'));
  }
  const name = `${run.lab.id} ${run.lab.title}`.trim();
  return { name, cases, seconds: (run.result?.durationMs ?? 0) / 1000, startedAt: run.startedAt };
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
  return { kind: outcome === 'not-met' ? 'failure' : 'error', ...unmet(findings, problem, 'the run ended here') };
}

/** What a step has not met. @param otherwise what is said where neither findings nor a problem say anything */
export function unmet(
  findings: readonly Finding[],
  problem: Problem | undefined,
  otherwise: string,
): Pick<NonNullable<Case['ending']>, 'message' | 'text'> {
  const wrong = findings.filter(({ ok }) => !ok);
  const facts = wrong.map(({ fact, observed }) => `${fact}: ${observed}`).join('; ');
  const text = [...wrong.map(findingText), ...(problem ? [problemText(problem)] : [])].join('\n');
  return { message: problem?.message ?? (facts || otherwise), text };
}

/** A finding on several lines. */
export function findingText({ fact, expected, observed, hint }: Finding): string {
  return [fact, `  expected: ${expected}`, `  observed: ${observed}`, ...(hint === undefined ? [] : [`  ${hint}`])].join('\n');
}

export function problemText({ message, hint }: Problem): string {
  return hint === undefined ? message : `${message}\n${hint}`;
}
