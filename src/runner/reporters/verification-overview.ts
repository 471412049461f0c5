import { listed } from '../../util/text.ts';
import type { StepMark, StudentMarks, Verification } from '../verify/verification.ts';
import { type MissedStep, missedSteps, stateNames } from './verification-words.ts';

/** What a class has in common, for reports that show more of it than numbers. */
export interface Overview {
  /** How many of those who could be checked altogether have which part of the points. */
  readonly spread: readonly { readonly part: string; readonly students: number }[];
  readonly missed: readonly CommonMiss[];
  /** Why some could not be checked, or not altogether; the reason of most first. */
  readonly unchecked: readonly UncheckedGroup[];
}

export interface CommonMiss extends MissedStep {
  /** What is wrong with it most often. */
  readonly finding?: CommonFinding;
}

interface CommonFinding {
  /** What was looked at, or why there is nothing to look at, as with the first student of whom it is true. */
  readonly what: string;
  readonly expected?: string;
  readonly observed?: string;
  readonly students: number;
}

interface UncheckedGroup {
  /** As with the first of them. */
  readonly message: string;
  readonly hint?: string;
  /** The first of their names. */
  readonly names: string;
  readonly students: number;
  /** Points that are left open. */
  readonly points: number;
}

const parts = ['none', 'under 25 %', '25 to 49 %', '50 to 74 %', '75 to 99 %', 'all'] as const;

// What is counted is kept in memory: there is an end to how many different things that can be, however different students are.
const mostDifferent = 200;
const mostNames = 20;

/** Goes through a class once, and keeps numbers and examples of it. */
export function overviewOf({ end, students }: Verification): Overview {
  const spread = new Map<string, number>(parts.map((part) => [part, 0]));
  const wrong = new Map<string, Map<string, CommonFinding>>();
  const unchecked = new Map<string, Omit<UncheckedGroup, 'names'> & { readonly list: string[] }>();
  for (const marks of students()) {
    const part = partOf(marks);
    if (part !== undefined) spread.set(part, (spread.get(part) ?? 0) + 1);
    for (const step of marks.steps) {
      if (step.state !== 'not-met' && step.state !== 'absent') continue;
      const found = wrong.get(step.id) ?? new Map<string, CommonFinding>();
      wrong.set(step.id, found);
      const finding = firstWrong(step);
      put(found, alike(finding.what, marks), (before) => ({ ...(before ?? finding), students: (before?.students ?? 0) + 1 }));
    }
    if (marks.state !== 'unchecked') continue;
    const { message, hint } = marks.problem ?? { message: stateNames.unchecked, hint: undefined };
    put(unchecked, alike(message, marks), (before) => {
      const list = before?.list ?? [];
      if (list.length < mostNames) list.push(marks.student);
      const points = (before?.points ?? 0) + marks.points.unchecked;
      return { message, ...(hint === undefined ? {} : { hint }), ...before, list, points, students: (before?.students ?? 0) + 1 };
    });
  }
  return {
    spread: [...spread].map(([part, count]) => ({ part, students: count })),
    missed: missedSteps(end.steps).map((step) => {
      const [finding] = byNumber(wrong.get(step.id)?.values() ?? []);
      return { ...step, ...(finding === undefined ? {} : { finding }) };
    }),
    unchecked: byNumber(unchecked.values()).map(({ list, ...group }) => ({
      ...group,
      names: `${listed(list)}${group.students > list.length ? ` and ${group.students - list.length} more` : ''}`,
    })),
  };
}

function partOf({ points: { earned, possible, unchecked }, state }: StudentMarks): string | undefined {
  if (state === 'unchecked' || unchecked > 0 || possible === 0) return undefined;
  if (earned === 0) return 'none';
  return earned >= possible ? 'all' : parts[1 + Math.floor((earned / possible) * 4)];
}

/** What stands first of what is wrong with a step. */
function firstWrong({ findings, problem, state }: StepMark): CommonFinding {
  const found = findings.find(({ ok }) => !ok);
  if (problem !== undefined || found === undefined) return { what: problem?.message ?? stateNames[state], students: 1 };
  return { what: found.fact, expected: found.expected, observed: found.observed, students: 1 };
}

/** The same of all students: without the names and numbers that each has for themselves. */
function alike(text: string, { prefix }: StudentMarks): string {
  return (prefix === '' ? text : text.replaceAll(prefix, '')).replace(/\d{12}/g, '');
}

function put<Value>(values: Map<string, Value>, key: string, next: (before: Value | undefined) => Value): void {
  if (values.has(key) || values.size < mostDifferent) values.set(key, next(values.get(key)));
}

function byNumber<Value extends { readonly students: number }>(values: Iterable<Value>): readonly Value[] {
  return [...values].sort((one, other) => other.students - one.students);
}
