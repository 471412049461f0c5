import { isDeepStrictEqual } from 'node:util';
import type { LabChange, Progress, StepOutcome } from './event.ts';
import { lastSession, liveResources } from './ledger.ts';
import type { LedgerEntry, SessionStep } from './ledger-text.ts';

/** How a step that is done ended. */
export type DoneOutcome = Extract<StepOutcome, 'met' | 'skipped'>;

interface StepRecord {
  readonly outcome: StepOutcome;
  readonly content?: string;
}

/** The steps of a run that are done, by id. A step that does something else by now is another step. */
export function doneSteps(entries: readonly LedgerEntry[], steps: readonly SessionStep[]): ReadonlyMap<string, DoneOutcome> {
  const records = stepRecords(entries);
  return new Map(
    steps.flatMap(({ id, content }) => {
      const record = records.get(id);
      if (record === undefined || isOfOther(record, content)) return [];
      return record.outcome === 'met' || record.outcome === 'skipped' ? [[id, record.outcome] as const] : [];
    }),
  );
}

/** How far a run has got, from its ledger alone; `undefined` where that does not say which steps there are (format 1). */
export function progressOf(
  entries: readonly LedgerEntry[],
  steps: readonly SessionStep[] | undefined = lastSession(entries)?.steps,
): Progress | undefined {
  if (steps === undefined) return undefined;
  const done = doneSteps(entries, steps);
  const sum = (counted: readonly SessionStep[]): number => counted.reduce((total, { points }) => total + points, 0);
  return {
    done: done.size,
    of: steps.length,
    points: { earned: sum(steps.filter(({ id }) => done.get(id) === 'met')), possible: sum(steps) },
  };
}

/** What is different about the steps since the last session of a run. */
export function labChanges(entries: readonly LedgerEntry[], steps: readonly SessionStep[]): readonly LabChange[] {
  const records = stepRecords(entries);
  const before = lastSession(entries)?.steps.map(({ id }) => id);
  const now = steps.map(({ id }) => id);
  const live = liveResources(entries);
  const gone = (before ?? [...records.keys()]).filter((id) => !now.includes(id));
  const common = before?.filter((id) => now.includes(id));
  const reordered =
    common !== undefined &&
    !isDeepStrictEqual(
      common,
      now.filter((id) => common.includes(id)),
    );
  return [
    ...steps
      .filter(({ id, content }) => isDone(records.get(id)) && isOfOther(records.get(id), content))
      .map(({ id: step }) => ({ change: 'changed', step }) as const),
    ...(before === undefined ? [] : now.filter((id) => !before.includes(id))).map((step) => ({ change: 'new', step }) as const),
    ...gone.map(
      (step) => ({ change: 'removed', step, alive: live.some(({ steps: makers }) => makers.every((id) => id === step)) }) as const,
    ),
    ...(reordered ? [{ change: 'reordered' } as const] : []),
  ];
}

/** Whether a learner has begun with a run and not come to its end. */
export function isUnfinished(entries: readonly LedgerEntry[]): boolean {
  const last = entries.findLast((entry) => entry.entry === 'session' || entry.entry === 'ended');
  const outcome = last?.entry === 'ended' ? last.outcome : undefined;
  return outcome !== 'met' && isLearners(entries) && [...stepRecords(entries).values()].some(isDone);
}

/**
 * Whether a run is one of a learner. What ran by itself, to its end or until it failed, is nothing to go on with: it would
 * only be run again.
 */
export function isLearners(entries: readonly LedgerEntry[]): boolean {
  const sessions = entries.filter((entry) => entry.entry === 'session');
  if (sessions.length > 0) return sessions.some(({ mode }) => mode === 'guide');
  // Format 1 did not say. What had failed had run by itself: a learner is asked again.
  return !entries.some((entry) => entry.entry === 'ended' && (entry.outcome === 'not-met' || entry.outcome === 'could-not-run'));
}

/** The steps of which a run knows how they ended. */
export function recordedSteps(entries: readonly LedgerEntry[]): readonly string[] {
  return [...stepRecords(entries).keys()];
}

/** What is known last about each step. That it could not be looked at says nothing about it. */
function stepRecords(entries: readonly LedgerEntry[]): ReadonlyMap<string, StepRecord> {
  const records = new Map<string, StepRecord>();
  for (const entry of entries) {
    if (entry.entry === 'reset') records.delete(entry.step);
    if (entry.entry === 'step' && entry.outcome !== 'unchecked') records.set(entry.step, entry);
  }
  return records;
}

function isDone(record: StepRecord | undefined): boolean {
  return record?.outcome === 'met' || record?.outcome === 'skipped';
}

function isOfOther(record: StepRecord | undefined, content: string): boolean {
  return record?.content !== undefined && record.content !== content;
}
