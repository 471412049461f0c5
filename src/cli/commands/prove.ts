import { openSession } from '../../aws/session.ts';
import { resourceKinds } from '../../runner/clean.ts';
import type { Plan } from '../../runner/plan.ts';
import { type Ground, proofNonce } from '../../runner/proof/ground.ts';
import type { ProofReporter, ProofResult } from '../../runner/proof/proof.ts';
import { prove as proveLab } from '../../runner/proof/prove.ts';
import { proofJsonDocument, proofJsonLines } from '../../runner/reporters/proof-json.ts';
import { proofJunit } from '../../runner/reporters/proof-junit.ts';
import { ProofRecords } from '../../runner/reporters/proof-record.ts';
import { proofTerminal } from '../../runner/reporters/proof-terminal.ts';
import { stepKinds } from '../../steps/registry.ts';
import { wallClock } from '../../util/clock.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { unreachable } from '../../util/unreachable.ts';
import { UserError } from '../../util/user-error.ts';
import { createCommandRunner } from '../command-runner.ts';
import { printBug } from '../failure.ts';
import { type Interrupts, listenForInterrupts } from '../interrupts.ts';
import { doLabs, type ReadyLab } from '../lab-queue.ts';
import { createPrompter } from '../prompter.ts';
import { openReports } from '../reports.ts';
import { holdLedger } from '../run-ledger.ts';
import { type Surroundings, stateFolder } from '../surroundings.ts';
import { openTarget } from '../target.ts';
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
  const all: ProofRecords[] = [];
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
          run: (lab) => proveOne(lab, records, interrupts, flags),
          couldNotRun: (problem) => records.couldNotProve({ id: name, title: '', file: name }, problem, Date.now()),
        };
      },
    });
  } finally {
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

function printer(flags: TestFlags, io: Surroundings): ProofReporter {
  const write = (text: string): void => io.out(text);
  if (flags.json) return proofJsonLines(write);
  const detail = flags.quiet ? 'quiet' : flags.verbose ? 'full' : 'brief';
  return proofTerminal({ write, width: io.width, colour: io.colour, detail });
}

async function proveOne({ plan, io }: ReadyLab, records: ProofRecords, interrupts: Interrupts, flags: TestFlags): Promise<ExitCode> {
  const resources = await resourceKinds(stepKinds);
  const openGround = () => sandboxGround(plan, interrupts, flags, io);
  const printed = printer(flags, io);
  const report: ProofReporter = (event) => {
    records.report(event);
    printed(event);
  };
  const result = await proveLab({ plan, openGround, openSession, resources, report, clock: wallClock, signal: interrupts.signal });
  if (flags.verbose) printBugs(result, io);
  return exitCodeOf(result);
}

async function sandboxGround(plan: Plan, { abandon }: Interrupts, flags: TestFlags, io: Surroundings): Promise<Ground> {
  const open = await openTarget('sandbox', flags, io, { virtualTime: true });
  const report = (): void => undefined;
  const held = await holdLedger({
    plan,
    prefix: flags.prefix ?? '',
    open,
    folder: stateFolder(io),
    earlier: 'new',
    nonce: proofNonce,
    report,
    abandon,
  });
  const { target, account, clock } = open;
  return {
    target,
    account,
    clock,
    ledger: held.ledger,
    runCommand: createCommandRunner(open, io),
    async close() {
      await open.close();
      held.ledger.discard();
      held.release();
    },
  };
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
