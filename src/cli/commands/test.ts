import { openSession } from '../../aws/session.ts';
import type { Reporter, RunResult } from '../../runner/event.ts';
import { execute } from '../../runner/execute.ts';
import { findLab, listLabs, packageLabs } from '../../runner/library.ts';
import { modes } from '../../runner/mode.ts';
import { jsonDocument } from '../../runner/reporters/json.ts';
import { junit } from '../../runner/reporters/junit.ts';
import { RunRecords } from '../../runner/reporters/run-record.ts';
import { exitCodeOf, worstOf } from '../../runner/verdict.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { UserError } from '../../util/user-error.ts';
import { confirmAccount } from '../account-guard.ts';
import { createCommandRunner } from '../command-runner.ts';
import { printBug, printFailure } from '../failure.ts';
import { type Interrupts, listenForInterrupts } from '../interrupts.ts';
import { loadPlan } from '../lab.ts';
import type { FaultFlags, LabFlags, OutputFlags, ReportFiles, TargetFlags } from '../options.ts';
import { createPrompter } from '../prompter.ts';
import { openReporter, telling } from '../reporters.ts';
import { openReports } from '../reports.ts';
import { holdLedger } from '../run-ledger.ts';
import { allowCommands } from '../shell-consent.ts';
import { type Surroundings, stateFolder } from '../surroundings.ts';
import { openTarget } from '../target.ts';

export interface TestFlags extends LabFlags, TargetFlags, FaultFlags, OutputFlags {
  readonly report?: ReportFiles;
}

/** Labs by themselves: each is done, checked and taken down. Succeeds when all of them are met and nothing is left. */
export async function test(labs: readonly string[], flags: TestFlags, io: Surroundings): Promise<ExitCode> {
  const reports = openReports(flags.report ?? {}, io);
  const records = new RunRecords();
  const report = telling(records.report, await openReporter(flags, io, { detail: 'brief', cliLines: false }));
  const interrupts = listenForInterrupts({
    onFirst: () => io.err('\nInterrupted. What was created is removed; press Ctrl-C again to stop at once.\n'),
    onSecond: () => io.err('\nStopping at once.\n'),
  });
  const codes: ExitCode[] = [];
  try {
    for (const lab of labs.length > 0 ? labs : (await listLabs(packageLabs)).map(({ path }) => path)) {
      codes.push(await testLab(lab, { report, records, interrupts }, flags, io));
      if (interrupts.signal.aborted) break;
    }
  } finally {
    interrupts.dispose();
    reports.write({ junit: () => junit(records.runs), json: () => jsonDocument(records.runs) });
  }
  return worstOf(codes);
}

interface Tools {
  readonly report: Reporter;
  readonly records: RunRecords;
  readonly interrupts: Interrupts;
}

async function testLab(lab: string, tools: Tools, flags: TestFlags, io: Surroundings): Promise<ExitCode> {
  const begun = tools.records.runs.length;
  try {
    const result = await runLab(lab, tools, flags, io);
    if (result.problem?.bug && flags.verbose) printBug(result.problem.bug, io, true);
    return exitCodeOf(result);
  } catch (error) {
    if (tools.interrupts.signal.aborted) return ExitCode.interrupted;
    if (tools.records.runs.length === begun) {
      const { message } = error instanceof Error ? error : new Error(String(error));
      const hint = error instanceof UserError && error.hint !== undefined ? { hint: error.hint } : {};
      tools.records.couldNotStart({ id: lab, title: '', file: lab }, { message, ...hint }, Date.now());
    }
    return printFailure(error, io, flags.verbose ?? false);
  }
}

async function runLab(lab: string, { report, interrupts }: Tools, flags: TestFlags, io: Surroundings): Promise<RunResult> {
  const { signal, abandon } = interrupts;
  const path = await findLab(lab, io.cwd);
  const plan = await loadPlan(path, flags, io);
  const prompter = createPrompter(interrupts);
  await allowCommands(plan, path, flags, io, { prompter, signal });
  // Of its own for each lab, so that no lab leans on what another has left.
  const open = await openTarget(flags.target ?? 'sandbox', flags, io, { virtualTime: true });
  try {
    await confirmAccount(open, flags, io, { prompter, signal, plan });
    const held = await holdLedger({ plan, prefix: flags.prefix ?? '', open, folder: stateFolder(io), earlier: 'new', report, abandon });
    try {
      const { target, account, clock } = open;
      const { ledger } = held;
      const runCommand = createCommandRunner(open, io);
      const run = { plan, mode: modes.test, target, account, openSession, clock, ledger, report, runCommand, signal, abandon };
      const result = await execute(run);
      if (result.left.length === 0) ledger.discard();
      return result;
    } finally {
      held.release();
    }
  } finally {
    await open.close();
  }
}
