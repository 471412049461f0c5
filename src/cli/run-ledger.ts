import { accessSync, constants } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { openSession } from '../aws/session.ts';
import { cleanRun, resourceKinds } from '../runner/clean.ts';
import type { Reporter } from '../runner/event.ts';
import { Ledger, liveResources } from '../runner/ledger.ts';
import { type LedgerHeader, type LedgerTarget, recordedValues } from '../runner/ledger-text.ts';
import { lockRun } from '../runner/lock.ts';
import type { Plan } from '../runner/plan.ts';
import { makeFolder, unwritable } from '../runner/state-disk.ts';
import { beginLedger, liveLedgers, readLedgers, type StateFolder } from '../runner/state-folder.ts';
import { stepKinds } from '../steps/registry.ts';
import { ExitCode } from '../util/exit-code.ts';
import { identityOf } from '../util/process-identity.ts';
import { counted } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import type { OpenTarget } from './target.ts';

/** The ledger of a run, and its lock: no other process works on the same resources until both are released. */
export interface HeldLedger {
  readonly ledger: Ledger;
  release(): void;
}

export interface LedgerOptions {
  readonly plan: Plan;
  readonly prefix: string;
  readonly open: OpenTarget;
  readonly folder: StateFolder;
  /** `resume`: go on with an earlier run whose resources are alive; `restart`: remove them first; `new`: leave them alone. */
  readonly earlier: 'resume' | 'restart' | 'new';
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
  const { plan, prefix, open, folder, nonce } = options;
  const run = { lab: { id: plan.lab.id, file: plan.lab.file }, target: ledgerTarget(open), prefix };
  prepare(folder);
  const lock = lockRun(folder, run);
  try {
    const earlier = options.earlier === 'new' ? undefined : earlierRun(folder, run);
    const taken = earlier === undefined ? undefined : await takeUp(earlier, options);
    const ledger = taken ?? beginLedger(folder, { ...run, values: plan.values, ...(nonce === undefined ? {} : { nonce }) });
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

/** A target as a ledger describes it. */
export function ledgerTarget({ target, account }: OpenTarget): LedgerTarget {
  const { label, endpoint, region, endsWithProcess } = target;
  return {
    label,
    region,
    account,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(endsWithProcess === undefined ? {} : { endsWithProcess: identityOf(endsWithProcess) }),
  };
}

/** Whether two targets are the same place. */
export function isSamePlace(one: LedgerTarget, other: LedgerTarget): boolean {
  return one.endpoint === other.endpoint && one.region === other.region && one.account === other.account;
}

/** The file of the last run of the lab that has left something alive on this target. */
function earlierRun(folder: StateFolder, run: Pick<LedgerHeader, 'lab' | 'target' | 'prefix'>): string | undefined {
  if (run.target.endsWithProcess !== undefined) return undefined;
  return liveLedgers(readLedgers(folder).ledgers).findLast(
    ({ header }) => header.lab.id === run.lab.id && header.prefix === run.prefix && isSamePlace(header.target, run.target),
  )?.file;
}

/** Goes on with an earlier run, or clears it away (then there is nothing to go on with). */
async function takeUp(file: string, { plan, open, earlier, report, abandon }: LedgerOptions): Promise<Ledger | undefined> {
  const ledger = Ledger.resume(file, Date.now);
  if (earlier === 'resume') {
    if (isDeepStrictEqual(ledger.header.values, recordedValues(plan.values))) return ledger;
    const alive = counted(liveResources(ledger.entries).length, 'resource');
    ledger.close();
    throw new UserError(`An earlier run of lab ${plan.lab.id}, of ${ledger.header.started}, had other values and has left ${alive}.`, {
      exitCode: ExitCode.couldNotRun,
      hint: 'Add --restart to remove them first, or give the same --set again to go on with that run.',
    });
  }
  const kinds = await resourceKinds(stepKinds);
  const { target, clock } = open;
  const left = await cleanRun({ ledger, kindOf: (type) => kinds.get(type), target, clock, openSession, report, abandon });
  ledger.close();
  if (left.length === 0) return undefined;
  throw new UserError(`${counted(left.length, 'resource')} of an earlier run could not be removed.`, {
    exitCode: ExitCode.leftBehind,
    hint: left.map(({ ref, why }) => `${ref.type} ${ref.id}: ${why}`).join('\n'),
  });
}
