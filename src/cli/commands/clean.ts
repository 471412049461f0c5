import { openSession } from '../../aws/session.ts';
import { cleanRun, resourceKinds } from '../../runner/clean.ts';
import type { RunResult } from '../../runner/event.ts';
import { Ledger } from '../../runner/ledger.ts';
import type { LedgerContent, LedgerTarget } from '../../runner/ledger-text.ts';
import { lockHolder, lockRun } from '../../runner/lock.ts';
import { liveLedgers, readLedgers, type StateFolder } from '../../runner/state-folder.ts';
import { worstOf } from '../../runner/verdict.ts';
import { stepKinds } from '../../steps/registry.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { UserError } from '../../util/user-error.ts';
import { confirmAccount } from '../account-guard.ts';
import { printFailure } from '../failure.ts';
import { type Interrupts, listenForInterrupts } from '../interrupts.ts';
import type { OutputFlags, TargetFlags } from '../options.ts';
import { createPrompter } from '../prompter.ts';
import { openReporter } from '../reporters.ts';
import { isSamePlace, ledgerTarget } from '../run-ledger.ts';
import { type Surroundings, stateFolder } from '../surroundings.ts';
import { type OpenTarget, openTarget } from '../target.ts';

export interface CleanFlags extends TargetFlags, OutputFlags {
  readonly yes?: boolean;
}

/**
 * Removes what runs have left, from their ledgers: of one lab or of all, on one target or on all that can be reached.
 * Goes on when something cannot be removed, and says why.
 */
export async function clean(lab: string | undefined, flags: CleanFlags, io: Surroundings): Promise<ExitCode> {
  const folder = stateFolder(io);
  const { ledgers, unreadable } = readLedgers(folder);
  for (const { problem } of unreadable) printFailure(problem, io, false);
  const wanted = liveLedgers(ledgers).filter(({ header }) => lab === undefined || isLab(header.lab.id, lab));
  const codes: ExitCode[] = unreadable.length > 0 ? [ExitCode.couldNotRun] : [ExitCode.ok];
  const interrupts = listenForInterrupts({
    onFirst: () => io.err('\nInterrupted. The resource that is being removed is still waited for; press Ctrl-C again to stop at once.\n'),
    onSecond: () => io.err('\nStopping at once.\n'),
  });
  try {
    const groups = byPlace(wanted).filter(([target]) => isMeant(target, flags));
    if (groups.length === 0 && !flags.json) io.out('Nothing is alive.\n');
    for (const [target, runs] of groups) {
      if (interrupts.signal.aborted) break;
      codes.push(await cleanPlace(target, runs, { folder, interrupts }, flags, io));
    }
    return interrupts.signal.aborted ? ExitCode.interrupted : worstOf(codes);
  } finally {
    interrupts.dispose();
  }
}

function isLab(id: string, wanted: string): boolean {
  return id === wanted || id === wanted.padStart(2, '0');
}

function isMeant(target: LedgerTarget, { target: wanted }: CleanFlags): boolean {
  if (wanted === undefined || wanted === target.label) return true;
  return target.endpoint !== undefined && target.endpoint === wanted.replace(/\/$/, '');
}

function byPlace(ledgers: readonly LedgerContent[]): readonly (readonly [LedgerTarget, readonly LedgerContent[]])[] {
  const groups: [LedgerTarget, LedgerContent[]][] = [];
  // The newest run first: what it has made may stand on what an older one has made.
  for (const ledger of [...ledgers].reverse()) {
    const group = groups.find(([target]) => isSamePlace(target, ledger.header.target));
    if (group) group[1].push(ledger);
    else groups.push([ledger.header.target, [ledger]]);
  }
  return groups;
}

interface Tools {
  readonly folder: StateFolder;
  readonly interrupts: Interrupts;
}

async function cleanPlace(
  place: LedgerTarget,
  runs: readonly LedgerContent[],
  { folder, interrupts }: Tools,
  flags: CleanFlags,
  io: Surroundings,
): Promise<ExitCode> {
  try {
    if (place.endsWithProcess !== undefined) {
      throw new UserError(`Process ${place.endsWithProcess.pid} is still running its lab on the embedded sandbox.`, {
        exitCode: ExitCode.couldNotRun,
        hint: 'Everything there ends with it: end the lab in its terminal.',
      });
    }
    if (place.endpoint === undefined && io.env['AWS_ENDPOINT_URL']) {
      throw new UserError('What is to be removed is on AWS itself, and AWS_ENDPOINT_URL leads elsewhere.', {
        exitCode: ExitCode.couldNotRun,
        hint: 'Take it away first: unset AWS_ENDPOINT_URL',
      });
    }
    const open = await openTarget(place.endpoint ?? 'aws', { ...flags, region: place.region }, io);
    try {
      if (!isSamePlace(ledgerTarget(open), place)) {
        throw new UserError(`The run was in account ${place.account}, and the credentials belong to account ${open.account}.`, {
          exitCode: ExitCode.couldNotRun,
          hint: 'Choose the credentials of that account with --profile.',
        });
      }
      if (!flags.yes) await confirmAccount(open, flags, io, { prompter: createPrompter(interrupts), signal: interrupts.signal });
      return await cleanRuns(runs, open, { folder, interrupts }, flags, io);
    } finally {
      await open.close();
    }
  } catch (error) {
    return printFailure(error, io, flags.verbose ?? false);
  }
}

async function cleanRuns(
  runs: readonly LedgerContent[],
  open: OpenTarget,
  { folder, interrupts }: Tools,
  flags: CleanFlags,
  io: Surroundings,
): Promise<ExitCode> {
  const report = await openReporter(flags, io, { detail: 'brief', cliLines: false });
  const kinds = await resourceKinds(stepKinds);
  const { target, clock } = open;
  const left: RunResult['left'][number][] = [];
  for (const { file, header } of runs) {
    if (interrupts.signal.aborted) break;
    const holder = lockHolder(folder, header);
    if (holder !== undefined) {
      throw new UserError(`Process ${holder} is running lab ${header.lab.id} at the moment.`, {
        exitCode: ExitCode.couldNotRun,
        hint: 'End it first; it removes what it has created.',
      });
    }
    const lock = lockRun(folder, header);
    const ledger = Ledger.resume(file, Date.now);
    try {
      const kindOf = (type: string) => kinds.get(type);
      left.push(...(await cleanRun({ ledger, kindOf, target, clock, openSession, report, abandon: interrupts.abandon })));
    } finally {
      ledger.close();
      lock.release();
    }
  }
  return left.length > 0 ? ExitCode.leftBehind : ExitCode.ok;
}
