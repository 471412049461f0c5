import { accessSync, constants } from 'node:fs';
import { openSession } from '../aws/session.ts';
import { clockOf } from '../aws/target.ts';
import { cleanRun, resourceKinds } from '../runner/clean.ts';
import type { Left, Reporter } from '../runner/event.ts';
import { Ledger } from '../runner/ledger.ts';
import type { LedgerContent, LedgerTarget } from '../runner/ledger-text.ts';
import { lockRun } from '../runner/lock.ts';
import type { Plan } from '../runner/plan.ts';
import { recordedSteps } from '../runner/progress.ts';
import type { RunSettings } from '../runner/run-settings.ts';
import { makeFolder, unwritable } from '../runner/state-disk.ts';
import { beginLedger, type StateFolder, servingProcess } from '../runner/state-folder.ts';
import { stepKinds } from '../steps/registry.ts';
import { ExitCode } from '../util/exit-code.ts';
import { identityOf } from '../util/process-identity.ts';
import { counted } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import type { LabFlags } from './options.ts';
import type { OpenTarget } from './target.ts';

/** The ledger of a run, and its lock: no other process works on the same resources until both are released. */
export interface HeldLedger {
  readonly ledger: Ledger;
  release(): void;
}

export interface LedgerOptions {
  readonly plan: Plan;
  /** The file of the lab; absolute. */
  readonly file: string;
  readonly settings: RunSettings;
  readonly open: OpenTarget;
  readonly folder: StateFolder;
  /** The run that is gone on with or, with `restart`, whose resources are removed first; absent where others are left alone. */
  readonly earlier?: LedgerContent;
  readonly restart?: boolean;
  /** Whether somebody may go on with the run later. Then nobody else may have it now, even on a target that ends with the process. */
  readonly learner?: boolean;
  /** That of a run that begins; made up where it is absent. */
  readonly nonce?: string;
  /** Told of what is removed for `restart`. */
  readonly report: Reporter;
  readonly abandon: AbortSignal;
}

/**
 * Takes the lock of a lab on a target, and opens the ledger of the run that begins or goes on.
 * @throws {UserError} when another process runs the lab there, or an earlier run stands in the way.
 */
export async function holdLedger(options: LedgerOptions): Promise<HeldLedger> {
  const { plan, file, settings, open, folder, earlier, restart = false, learner = false, nonce } = options;
  const { prefix, set } = settings;
  const run = { lab: earlier?.header.lab ?? { id: plan.lab.id, file }, target: ledgerTarget(open), prefix };
  prepare(folder);
  const alone = !learner && run.target.endsWithProcess !== undefined;
  const lock = alone ? { release: () => undefined } : lockRun(folder, run);
  try {
    if (restart && earlier !== undefined) await clearAway(earlier, options);
    const begin = () => {
      const begun = { ...run, lab: { id: plan.lab.id, file }, set, values: plan.values, ...(nonce === undefined ? {} : { nonce }) };
      return beginLedger(folder, begun, clockOf(open.target).now);
    };
    const ledger = earlier === undefined || restart ? begin() : Ledger.resume(earlier.file, clockOf(open.target).now);
    return {
      ledger,
      release() {
        ledger.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** @throws {UserError} when the state folder cannot be used. Without a ledger nothing may be created. */
function prepare({ path }: StateFolder): void {
  try {
    makeFolder(path, true);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** What the command line says about the names and values of a run. */
export function runSettings({ prefix = '', set = {} }: LabFlags): RunSettings {
  return { prefix, set };
}

/** A target as a ledger describes it. */
export function ledgerTarget({ target, account }: OpenTarget): LedgerTarget {
  const { label, endpoint, region, endsWithProcess, billed } = target;
  return {
    label,
    region,
    account,
    ...(billed ? { billed } : {}),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(endsWithProcess === undefined ? {} : { endsWithProcess: identityOf(endsWithProcess) }),
  };
}

/** Removes what an earlier run has left, and makes it one of which nothing is done. @throws {UserError} when something stays. */
async function clearAway(earlier: LedgerContent, { open, report, abandon }: LedgerOptions): Promise<void> {
  const ledger = Ledger.resume(earlier.file, clockOf(open.target).now);
  try {
    // What ended with its process needs no removal.
    if (servingProcess(earlier) === undefined) await removeAll(ledger, { open, report, abandon });
    ledger.note(...recordedSteps(ledger.entries).map((step) => ({ entry: 'reset' as const, step })));
  } finally {
    ledger.close();
  }
}

async function removeAll(ledger: Ledger, { open, report, abandon }: Pick<LedgerOptions, 'open' | 'report' | 'abandon'>): Promise<void> {
  const kinds = await resourceKinds(stepKinds);
  const { target, clock } = open;
  const left = await cleanRun({ ledger, kindOf: (type) => kinds.get(type), target, clock, openSession, report, abandon });
  if (left.length > 0) throw leftBehind(left, 'an earlier run');
}

/** That something could not be removed, and so nothing else can be begun. */
export function leftBehind(left: readonly Left[], whose: string): UserError {
  return new UserError(`${counted(left.length, 'resource')} of ${whose} could not be removed.`, {
    exitCode: ExitCode.leftBehind,
    hint: left.map(({ ref, why }) => `${ref.type} ${ref.id}: ${why}`).join('\n'),
  });
}
