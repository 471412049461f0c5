import type { Finding } from '../../steps/step.ts';
import { failureOf } from '../problem.ts';
import type { Walk } from './ground.ts';
import { couldNotRun } from './judgement.ts';
import type { MutationResult } from './proof.ts';

/** What a trial came to. */
export type Sight = Pick<MutationResult, 'outcome' | 'noticedBy' | 'problem'>;

/**
 * Who noticed that something is wrong.
 * @param how in a walk that does the lab, a step can fail without its check having been asked; that shows nothing about
 * the check, though it does show that a learner would notice.
 */
export function sightOf(walk: Walk, how: 'doing' | 'looking'): Sight {
  const broken = [...walk.steps.values()].find(({ problem }) => problem?.bug !== undefined)?.problem;
  if (broken !== undefined) return { outcome: 'untried', noticedBy: [], problem: broken };
  const red = [...walk.steps].filter(([, { outcome }]) => outcome === 'not-met');
  const noticedBy = red
    .filter(([, { findings }]) => how === 'looking' || findings.some(({ ok }) => !ok))
    .map(([step, { findings }]) => ({ step, facts: factsOf(findings, ({ ok }) => !ok) }));
  if (red.length > 0) return { outcome: 'noticed', noticedBy };
  if (walk.result.outcome === 'could-not-run') return { outcome: 'untried', noticedBy: [], problem: couldNotRun(walk) };
  return {
    outcome: 'unnoticed',
    noticedBy: [],
    problem: {
      message: 'Every step of the lab is met all the same.',
      hint: 'Let a check look at it, or at what depends on it; a learner who makes this mistake would be told that all is well.',
    },
  };
}

/** A mutation that could not be made. */
export function notMade(error: unknown): Sight {
  const { problem } = failureOf(error);
  return { outcome: 'untried', noticedBy: [], problem: { ...problem, message: `It could not be made so: ${problem.message}` } };
}

/** The facts of those findings that are wanted; a second finding of the same fact is told apart by its number. */
export function factsOf(findings: readonly Finding[], wanted: (finding: Finding) => boolean): readonly string[] {
  const seen = new Map<string, number>();
  return findings.flatMap((finding) => {
    const count = (seen.get(finding.fact) ?? 0) + 1;
    seen.set(finding.fact, count);
    if (!wanted(finding)) return [];
    return [count === 1 ? finding.fact : `${finding.fact} (${count})`];
  });
}
