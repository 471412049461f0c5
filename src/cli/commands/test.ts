import { openSession } from '../../aws/session.ts';
import { execute } from '../../runner/execute.ts';
import { modes } from '../../runner/mode.ts';
import type { Plan } from '../../runner/plan.ts';
import { jsonDocument } from '../../runner/reporters/json.ts';
import { junit } from '../../runner/reporters/junit.ts';
import { RunRecords } from '../../runner/reporters/run-record.ts';
import { exitCodeOf } from '../../runner/verdict.ts';
import type { ExitCode } from '../../util/exit-code.ts';
import { confirmAccount } from '../account-guard.ts';
import { createCommandRunner } from '../command-runner.ts';
import { printBug } from '../failure.ts';
import { type Interrupts, listenForInterrupts } from '../interrupts.ts';
import { doLabs, type LabQueueOptions, type ReadyLab } from '../lab-queue.ts';
import type { FaultFlags, LabFlags, LimitFlags, OutputFlags, ReportFiles, TargetFlags } from '../options.ts';
import { checkBefore, type PreflightFlags } from '../preflight.ts';
import { createPrompter, type Prompter } from '../prompter.ts';
import { openReporter, telling } from '../reporters.ts';
import { openReports } from '../reports.ts';
import { holdLedger, runSettings } from '../run-ledger.ts';
import { type Surroundings, stateFolder } from '../surroundings.ts';
import { type OpenTarget, openTarget } from '../target.ts';
import { limitTime, tellLeft } from '../time-limit.ts';

export interface TestFlags extends LabFlags, TargetFlags, FaultFlags, OutputFlags, PreflightFlags, LimitFlags {
  readonly report?: ReportFiles<'junit' | 'json'>;
}

/** Labs by themselves: each is done, checked and taken down. Succeeds when all of them are met and nothing is left. */
export async function test(labs: readonly string[], flags: TestFlags, io: Surroundings): Promise<ExitCode> {
  const reports = openReports(flags.report ?? {}, io);
  const interrupts = listenForInterrupts({
    onFirst: () => io.err('\nInterrupted. What was created is removed; press Ctrl-C again to stop at once.\n'),
    onSecond: () => io.err('\nStopping at once.\n'),
  });
  const all: RunRecords[] = [];
  const prompter = createPrompter(interrupts);
  const place = placeOf(flags, io, { prompter, signal: interrupts.signal });
  try {
    return await doLabs(labs, {
      flags,
      io,
      interrupts,
      prompter,
      ...place.queue,
      jobOf(name) {
        const records = new RunRecords();
        all.push(records);
        return {
          run: (lab) => runLab(lab, { place, records, interrupts }, flags),
          couldNotRun: (problem) => records.couldNotStart({ id: name, title: '', file: name }, problem, Date.now()),
        };
      },
    });
  } finally {
    interrupts.dispose();
    const runs = all.flatMap((records) => records.runs);
    reports.write({ junit: () => junit(runs), json: () => jsonDocument(runs) });
  }
}

/** Where labs are done. */
interface Place {
  /** Opens the target of one lab. */
  open(io: Surroundings): Promise<OpenTarget>;
  readonly queue: Pick<LabQueueOptions, 'atOnce' | 'prepare'>;
}

function placeOf(flags: TestFlags, io: Surroundings, ask: { readonly prompter: Prompter; readonly signal: AbortSignal }): Place {
  const { target = 'sandbox' } = flags;
  // A sandbox of its own for each lab, so that no lab leans on what another has left.
  if (target === 'sandbox') return { open: (own) => openTarget('sandbox', flags, own, { virtualTime: true }), queue: {} };
  let account: Promise<OpenTarget> | undefined;
  const open = () => (account ??= openTarget(target, flags, io));
  // There is one of it for all labs, and what one of them does there the others feel: names, limits, quotas.
  const prepare = async (plans: readonly Plan[]) => {
    await confirmAccount(await open(), flags, io, { ...ask, plans });
    await checkBefore(plans, await open(), flags, io, { signal: ask.signal });
  };
  const queue = { atOnce: 1, prepare };
  return { open, queue };
}

interface Tools {
  readonly place: Place;
  readonly records: RunRecords;
  readonly interrupts: Interrupts;
}

async function runLab({ path, plan, io }: ReadyLab, { place, records, interrupts }: Tools, flags: TestFlags): Promise<ExitCode> {
  const { signal, abandon } = interrupts;
  const report = telling(records.report, await openReporter(flags, io, { detail: 'brief', cliLines: false }));
  const open = await place.open(io);
  try {
    const held = await holdLedger({ plan, file: path, settings: runSettings(flags), open, folder: stateFolder(io), report, abandon });
    const limit = limitTime(flags, open, interrupts, io);
    try {
      const { target, account, principal, clock } = open;
      const { ledger } = held;
      const runCommand = createCommandRunner(open, io);
      const run = { plan, mode: modes.test, target, account, principal, openSession, clock, ledger, report, runCommand, signal, abandon };
      const until = limit.until === undefined ? {} : { until: limit.until };
      const result = await execute({ ...run, ...until });
      tellLeft(ledger, plan, limit, open, io);
      if (result.left.length === 0) ledger.discard();
      if (result.problem?.bug && flags.verbose) printBug(result.problem.bug, io, true);
      return exitCodeOf(result);
    } finally {
      limit.stop();
      held.release();
    }
  } finally {
    await open.close();
  }
}
