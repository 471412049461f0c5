import type { Bench } from '../../runner/proof/bench.ts';
import type { ProofReporter, ProofResult } from '../../runner/proof/proof.ts';
import { prove as proveLab } from '../../runner/proof/prove.ts';
import type { WorldOptions } from '../../runner/proof/world.ts';
import { proofJsonDocument, proofJsonLines } from '../../runner/reporters/proof-json.ts';
import { proofJunit } from '../../runner/reporters/proof-junit.ts';
import { ProofRecords } from '../../runner/reporters/proof-record.ts';
import { proofTerminal } from '../../runner/reporters/proof-terminal.ts';
import { wallClock } from '../../util/clock.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { unreachable } from '../../util/unreachable.ts';
import { UserError } from '../../util/user-error.ts';
import { printBug } from '../failure.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { doLabs, type ReadyLab } from '../lab-queue.ts';
import { createPrompter } from '../prompter.ts';
import { ProofThreads } from '../proof-threads.ts';
import { proofTools } from '../proof-tools.ts';
import { openReports } from '../reports.ts';
import type { Surroundings } from '../surroundings.ts';
import type { TestFlags } from './test.ts';

/**
 * Proves labs, all of them when none is named: that each is red and green when it should be, does what it says and leaves
 * nothing, and that its checks notice every mistake. In sandboxes of its own, because everything in them is taken apart.
 */
export async function prove(labs: readonly string[], flags: TestFlags, io: Surroundings): Promise<ExitCode> {
  refuseOtherTargets(flags);
  const reports = openReports(flags.report ?? {}, io);
  const onFirst = (): void => io.err('\nInterrupted. The sandbox ends with everything in it.\n');
  const interrupts = listenForInterrupts({ onFirst, onSecond: () => undefined });
  const { signal } = interrupts;
  const all: ProofRecords[] = [];
  const threads = new ProofThreads(flags, signal);
  try {
    return await doLabs(labs, {
      flags,
      io,
      interrupts,
      prompter: createPrompter(interrupts),
      jobOf(name) {
        const records = new ProofRecords();
        all.push(records);
        return {
          run: (lab) => proveOne(lab, { records, threads, signal }, flags),
          couldNotRun: (problem) => records.couldNotProve({ id: name, title: '', file: name }, problem, Date.now()),
        };
      },
    });
  } finally {
    await threads.end();
    interrupts.dispose();
    const proofs = all.flatMap((records) => records.proofs);
    reports.write({ junit: () => proofJunit(proofs), json: () => proofJsonDocument(proofs) });
  }
}

function refuseOtherTargets({ target = 'sandbox' }: TestFlags): void {
  if (target === 'sandbox') return;
  throw new UserError(`--prove takes everything in an account apart, and is for the embedded sandbox only; the target is ${target}.`, {
    hint: 'Leave --target out. Without --prove, test runs the lab on any target.',
  });
}

interface Tools {
  readonly records: ProofRecords;
  readonly threads: ProofThreads;
  readonly signal: AbortSignal;
}

function printer(flags: TestFlags, io: Surroundings): ProofReporter {
  const write = (text: string): void => io.out(text);
  if (flags.json) return proofJsonLines(write);
  const detail = flags.quiet ? 'quiet' : flags.verbose ? 'full' : 'brief';
  return proofTerminal({ write, width: io.width, colour: io.colour, detail, live: io.interactive });
}

async function proveOne(lab: ReadyLab, { records, threads, signal }: Tools, flags: TestFlags): Promise<ExitCode> {
  const { plan, io } = lab;
  const printed = printer(flags, io);
  const report: ProofReporter = (event) => {
    records.report(event);
    printed(event);
  };
  const tools = await proofTools(plan, flags, io, signal);
  const openBench = (options: WorldOptions): Bench => threads.openBench(lab, options);
  const result = await proveLab({ ...tools, plan, report, openBench, clock: wallClock });
  if (flags.verbose) printBugs(result, io);
  return exitCodeOf(result);
}

function printBugs({ stages, mutations }: ProofResult, io: Surroundings): void {
  const problems = [...stages.flatMap((stage) => stage.problems), ...mutations.map((mutation) => mutation.problem)];
  for (const problem of problems) if (problem?.bug) printBug(problem.bug, io, true);
}

function exitCodeOf({ outcome }: ProofResult): ExitCode {
  switch (outcome) {
    case 'proved':
      return ExitCode.ok;
    case 'not-proved':
      return ExitCode.notMet;
    case 'interrupted':
      return ExitCode.interrupted;
    default:
      return unreachable(outcome);
  }
}
