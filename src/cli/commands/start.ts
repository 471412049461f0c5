import { installedCliVersion } from '../../aws/installed-cli.ts';
import { openSession } from '../../aws/session.ts';
import { resourceKinds } from '../../runner/clean.ts';
import type { RunResult } from '../../runner/event.ts';
import { execute } from '../../runner/execute.ts';
import { findLab } from '../../runner/library.ts';
import { modes } from '../../runner/mode.ts';
import type { Plan } from '../../runner/plan.ts';
import { readLedgers } from '../../runner/state-folder.ts';
import { exitCodeOf } from '../../runner/verdict.ts';
import { stepKinds } from '../../steps/registry.ts';
import { didYouMean } from '../../util/closest.ts';
import type { ExitCode } from '../../util/exit-code.ts';
import { listed } from '../../util/text.ts';
import { UserError } from '../../util/user-error.ts';
import { confirmAccount } from '../account-guard.ts';
import { createCommandRunner } from '../command-runner.ts';
import { printBug } from '../failure.ts';
import { createGuide } from '../guide.ts';
import { type Interrupts, listenForInterrupts } from '../interrupts.ts';
import { loadPlan } from '../lab.ts';
import {
  type FaultFlags,
  type KeepFlags,
  keeping,
  type LabFlags,
  type LimitFlags,
  type OutputFlags,
  type TargetFlags,
} from '../options.ts';
import { checkBefore, type PreflightFlags } from '../preflight.ts';
import { createPrompter, type Prompter } from '../prompter.ts';
import { remind } from '../reminder.ts';
import { openReporter } from '../reporters.ts';
import { chooseRun, type RunChoice } from '../run-choice.ts';
import { holdLedger } from '../run-ledger.ts';
import { allowCommands } from '../shell-consent.ts';
import { wayOn } from '../start-command.ts';
import { resetStep } from '../step-reset.ts';
import { type Surroundings, stateFolder } from '../surroundings.ts';
import { type OpenTarget, openTarget, targetName } from '../target.ts';
import { limitTime, tellLeft } from '../time-limit.ts';

export interface StartFlags extends LabFlags, TargetFlags, FaultFlags, OutputFlags, PreflightFlags, LimitFlags, KeepFlags {
  readonly yes?: boolean;
  readonly restart?: boolean;
  readonly from?: string;
  /** The id of a step. */
  readonly reset?: string;
}

/** A lab for a learner: guided, or with `--yes` all at once. */
export async function start(lab: string, flags: StartFlags, io: Surroundings): Promise<ExitCode> {
  const path = await findLab(lab, io.cwd);
  const name = targetName(flags, io);
  checkFlags(flags, name, io);
  if (!flags.json) void installedCliVersion();
  const given = await loadPlan(path, flags, io);
  for (const id of [flags.from, flags.reset]) if (id !== undefined) checkStep(id, given);
  const interrupts = listenForInterrupts({
    onFirst: () => io.err(flags.yes ? '\nInterrupted. What was created is removed; press Ctrl-C again to stop at once.\n' : '\n'),
    onSecond: () => io.err('\nStopping at once.\n'),
  });
  const prompter = createPrompter(interrupts);
  const { signal } = interrupts;
  try {
    const open = await openTarget(name, flags, io, { hurriable: true });
    try {
      const run = await chooseRun({ plan: given, file: path, open, flags, prompter, signal }, io);
      if (flags.reset !== undefined && run.earlier === undefined) {
        throw new UserError(`There is no run of lab ${given.lab.id} here that could be gone on with, so there is nothing to reset.`, {
          hint: 'kinesis-labs status shows which runs there are, and how to go on with them.',
        });
      }
      // What is gone on with is no matter of reminding.
      const others = () => readLedgers(stateFolder(io)).ledgers.filter(({ header }) => header.run !== run.earlier?.header.run);
      await remind(flags, io, others);
      const plan = run.earlier === undefined ? given : await loadPlan(path, run.settings, io);
      await allowCommands(plan, path, flags, io, { prompter, signal });
      return exitCodeOf(await runLab({ path, plan, run }, open, { interrupts, prompter }, flags, io));
    } finally {
      await open.close();
    }
  } finally {
    interrupts.dispose();
  }
}

async function runLab(
  { path, plan, run }: { readonly path: string; readonly plan: Plan; readonly run: RunChoice },
  open: OpenTarget,
  { interrupts, prompter }: { readonly interrupts: Interrupts; readonly prompter: Prompter },
  flags: StartFlags,
  io: Surroundings,
): Promise<RunResult> {
  const { signal, abandon } = interrupts;
  const { earlier } = run;
  await confirmAccount(open, flags, io, { prompter, signal, plans: [plan], confirmed: earlier !== undefined });
  await checkBefore([plan], open, flags, io, { signal, ...(earlier === undefined ? {} : { earlier }) });
  const report = await openReporter(flags, io, { detail: flags.yes ? 'brief' : 'full', cliLines: true });
  const held = await holdLedger({
    ...run,
    plan,
    file: path,
    open,
    folder: stateFolder(io),
    restart: flags.restart ?? false,
    learner: !flags.yes || run.earlier !== undefined,
    report,
    abandon,
  });
  const limit = limitTime({ ...flags, ...(earlier === undefined ? {} : { earlier }) }, open, interrupts, io);
  try {
    if (flags.reset !== undefined) {
      const { ledger } = held;
      const ask = flags.yes ? {} : { prompter };
      await resetStep({ step: flags.reset, plan, ledger, open, ...ask, report, signal, abandon }, io);
    }
    const result = await execute({
      plan,
      mode: flags.yes ? modes.test : modes.guide,
      target: open.target,
      account: open.account,
      principal: open.principal,
      openSession,
      clock: open.clock,
      ...(open.hurriedClock === undefined ? {} : { hurriedClock: open.hurriedClock }),
      ledger: held.ledger,
      report,
      ...keeping(flags),
      ...(limit.until === undefined ? {} : { until: limit.until }),
      runCommand: createCommandRunner(open, io),
      allResources: () => resourceKinds(stepKinds),
      signal,
      abandon,
      ...(flags.yes ? {} : { guide: createGuide(prompter, interrupts, open, io) }),
      ...(flags.from === undefined ? {} : { from: flags.from }),
    });
    if (result.problem?.bug && flags.verbose) printBug(result.problem.bug, io, true);
    tellLeft(held.ledger, plan, limit, open, io);
    if (open.target.endsWithProcess === undefined) io.err(wayOn(result, held.ledger, io));
    return result;
  } finally {
    limit.stop();
    held.release();
  }
}

function checkFlags({ yes, json, keep, keepLogs }: StartFlags, target: string, io: Surroundings): void {
  if (!yes && !io.interactive) {
    throw new UserError('A guided lab asks questions, and there is no terminal to ask them at.', {
      hint: 'Add --yes to do everything without questions.',
    });
  }
  if (!yes && json)
    throw new UserError('--json is for programs, which cannot be asked.', { hint: 'Add --yes to do everything without questions.' });
  if ((keep || keepLogs) && target === 'sandbox') {
    throw new UserError(`--keep${keepLogs ? '-logs' : ''} has no effect on the embedded sandbox, which ends with this program.`, {
      hint: 'Run kinesis-labs sandbox in another terminal, paste what it prints into this one, and begin again.',
    });
  }
}

function checkStep(id: string, { steps, lab }: Plan): void {
  const ids = steps.map(({ block }) => block.id);
  if (ids.includes(id)) return;
  throw new UserError(`Lab ${lab.id} has no step "${id}".`, {
    hint: `${didYouMean(id, ids) ?? ''} Its steps are: ${listed(ids)}.`.trim(),
  });
}
