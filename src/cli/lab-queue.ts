import { availableParallelism } from 'node:os';
import type { Problem } from '../runner/event.ts';
import { findLab, listLabs, packageLabs } from '../runner/library.ts';
import type { Plan } from '../runner/plan.ts';
import { worstOf } from '../runner/verdict.ts';
import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';
import { printFailure } from './failure.ts';
import type { Interrupts } from './interrupts.ts';
import { loadPlan } from './lab.ts';
import type { LabFlags, OutputFlags } from './options.ts';
import type { Prompter } from './prompter.ts';
import { allowCommands } from './shell-consent.ts';
import type { Surroundings } from './surroundings.ts';
import { type Turn, takeTurns } from './turns.ts';

/** A lab that can be begun. */
export interface ReadyLab {
  readonly path: string;
  readonly plan: Plan;
  /** Its own: what is printed here comes out when the labs before it have come to their ends. */
  readonly io: Surroundings;
}

/** What is done with one lab. */
export interface LabJob {
  /** @throws what kept it from being done. */
  run(lab: ReadyLab): Promise<ExitCode>;
  /** Told why the lab could not be begun, or ended early. */
  couldNotRun(problem: Problem): void;
}

export interface LabQueueOptions {
  readonly flags: LabFlags & OutputFlags;
  readonly io: Surroundings;
  readonly interrupts: Interrupts;
  readonly prompter: Prompter;
  /** How many labs are done at the same time. Default: as many as there are processors, and two at least, because labs wait a lot. */
  readonly atOnce?: number;
  /** Called for each lab that was named, in their order. */
  readonly jobOf: (name: string) => LabJob;
  /** Called once before the first lab begins: the last time at which somebody can be asked. @throws what keeps all of them from being begun. */
  readonly prepare?: (plans: readonly Plan[]) => Promise<void>;
}

/** A lab that was named: ready to be begun, or how it counts that it cannot be. */
type Entry = { readonly job: LabJob; readonly turn: Turn } & (
  | { readonly ready: ReadyLab; readonly code?: never }
  | { readonly ready?: never; readonly code: ExitCode }
);

/**
 * Does labs side by side, all of the package when none is named. Whatever somebody has to be asked is asked before the first one
 * begins. What each prints comes out whole, in the order in which they were named. One that cannot be done keeps no other from
 * being done; after an interruption none is begun any more.
 * @returns the gravest of their exit codes.
 */
export async function doLabs(named: readonly string[], options: LabQueueOptions): Promise<ExitCode> {
  const { io, jobOf, atOnce = Math.max(2, availableParallelism()) } = options;
  const names = named.length > 0 ? named : (await listLabs(packageLabs)).map(({ path }) => path);
  const turns = takeTurns(names.length, io);
  const entries: Entry[] = [];
  for (const [index, turn] of turns.entries()) {
    const name = names[index] ?? '';
    entries.push(await enter(name, { job: jobOf(name), turn }, options));
  }
  return worstOf(await sideBySide(await prepared(entries, options), atOnce, (entry) => work(entry, options)));
}

/** Looks at a lab before any is begun: finds it, makes its plan, and has allowed what it runs on this machine. */
async function enter(name: string, { job, turn }: Pick<Entry, 'job' | 'turn'>, options: LabQueueOptions): Promise<Entry> {
  const { flags, io, interrupts, prompter } = options;
  const { signal } = interrupts;
  if (signal.aborted) return { job, turn, code: ExitCode.interrupted };
  try {
    const path = await findLab(name, io.cwd);
    const plan = await loadPlan(path, flags, turn.io);
    // Not the lab's own output: what is asked has to be seen now.
    await allowCommands(plan, path, flags, io, { prompter, signal });
    return { job, turn, ready: { path, plan, io: turn.io } };
  } catch (error) {
    return { job, turn, code: giveUp(error, job, turn.io, options) };
  }
}

async function prepared(entries: readonly Entry[], options: LabQueueOptions): Promise<readonly Entry[]> {
  const { prepare, io, interrupts } = options;
  const plans = entries.flatMap(({ ready }) => (ready === undefined ? [] : [ready.plan]));
  if (prepare === undefined || plans.length === 0 || interrupts.signal.aborted) return entries;
  try {
    await prepare(plans);
    return entries;
  } catch (error) {
    // It is told once, and counts for each lab.
    const code = tell(error, io, options);
    return entries.map((entry) => {
      if (entry.ready === undefined) return entry;
      if (!interrupts.signal.aborted) entry.job.couldNotRun(problemOf(error));
      return { job: entry.job, turn: entry.turn, code };
    });
  }
}

async function work({ job, turn, ready, code }: Entry, options: LabQueueOptions): Promise<ExitCode> {
  try {
    if (ready === undefined) return code;
    if (options.interrupts.signal.aborted) return ExitCode.interrupted;
    return await job.run(ready);
  } catch (error) {
    return giveUp(error, job, turn.io, options);
  } finally {
    turn.end();
  }
}

/** What something that keeps a lab from being done counts as. */
function giveUp(error: unknown, job: LabJob, io: Surroundings, options: LabQueueOptions): ExitCode {
  if (!options.interrupts.signal.aborted) job.couldNotRun(problemOf(error));
  return tell(error, io, options);
}

/** Whoever has interrupted knows already why nothing goes on. */
function tell(error: unknown, io: Surroundings, { flags, interrupts }: LabQueueOptions): ExitCode {
  return interrupts.signal.aborted ? ExitCode.interrupted : printFailure(error, io, flags.verbose ?? false);
}

function problemOf(error: unknown): Problem {
  const { message } = error instanceof Error ? error : new Error(String(error));
  return { message, ...(error instanceof UserError && error.hint !== undefined ? { hint: error.hint } : {}) };
}

/** Does `work` on each item, begun in their order, on so many of them at once. @returns the results in their order. */
async function sideBySide<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of rest) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
