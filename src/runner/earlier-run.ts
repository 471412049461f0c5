import type { Progress } from './event.ts';
import { lastSession, liveResources } from './ledger.ts';
import type { LedgerContent, LedgerEntry, LedgerTarget } from './ledger-text.ts';
import type { Plan } from './plan.ts';
import { isLearners, isUnfinished, progressOf } from './progress.ts';
import { leadOf } from './settings.ts';
import { servingProcess } from './state-folder.ts';

/** A run that can be gone on with. */
export interface EarlierRun {
  readonly ledger: LedgerContent;
  /** How far it had got in its last session; absent where its ledger does not say which steps there were. */
  readonly progress?: Progress;
  /** How many resources of it may exist, where they outlive processes. */
  readonly alive: number;
}

/**
 * The runs that can be gone on with, the oldest first: those that a learner has begun and not brought to an end, and those
 * that have left something. Of several of one lab with the same names on the same target the last one counts, or the last
 * one that has left something: what it has left would stand in the way.
 */
export function earlierRuns(ledgers: readonly LedgerContent[]): readonly EarlierRun[] {
  const last = new Map<string, EarlierRun>();
  for (const ledger of ledgers) {
    const { header, entries } = ledger;
    const key = JSON.stringify([header.lab.id, leadOf(header.prefix), placeKey(header.target)]);
    const progress = progressOf(entries);
    const alive = servingProcess(ledger) === undefined ? liveResources(entries).length : 0;
    const run = { ledger, alive, ...(progress === undefined ? {} : { progress }) };
    if (alive > 0 || (isLearners(entries) && (last.get(key)?.alive ?? 0) === 0)) last.set(key, run);
  }
  return [...last.values()].filter(({ ledger, alive }) => alive > 0 || isUnfinished(ledger.entries));
}

/**
 * Whether a run is one of this lab: it has the same id, or was begun from the same file, and they have at least one step in
 * common. Anybody can give a lab of their own an id that another one has.
 * @param file of the lab; absolute.
 */
export function isRunOf({ ledger }: EarlierRun, { lab, steps }: Plan, file: string): boolean {
  const { header, entries } = ledger;
  if (header.lab.id !== lab.id && header.lab.file !== file) return false;
  const before = stepsOf(entries);
  return before.size === 0 || steps.some(({ block }) => before.has(block.id));
}

/** Whether two targets are the same place. */
export function isSamePlace(one: LedgerTarget, other: LedgerTarget): boolean {
  return one.endpoint === other.endpoint && one.region === other.region && one.account === other.account;
}

/** Whether a run on one target can be gone on with on the other: in the same place, or in one that is made anew each time. */
export function isSameTarget(one: LedgerTarget, other: LedgerTarget): boolean {
  return placeKey(one) === placeKey(other);
}

function placeKey({ label, endpoint, region, account, endsWithProcess }: LedgerTarget): string {
  return JSON.stringify([endsWithProcess === undefined ? (endpoint ?? '') : label, region, account, endsWithProcess !== undefined]);
}

function stepsOf(entries: readonly LedgerEntry[]): ReadonlySet<string> {
  const listed = lastSession(entries)?.steps.map(({ id }) => id) ?? [];
  return new Set([...listed, ...entries.flatMap((entry) => ('step' in entry && entry.step !== undefined ? [entry.step] : []))]);
}
