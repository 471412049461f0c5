import { resolve } from 'node:path';
import { openSession } from '../aws/session.ts';
import { resourceKinds } from '../runner/clean.ts';
import type { Plan } from '../runner/plan.ts';
import { type Ground, type ProofTools, proofNonce } from '../runner/proof/ground.ts';
import { stepKinds } from '../steps/registry.ts';
import { createCommandRunner } from './command-runner.ts';
import type { FaultFlags, LabFlags, OutputFlags, TargetFlags } from './options.ts';
import { holdLedger, runSettings } from './run-ledger.ts';
import { type Surroundings, stateFolder } from './surroundings.ts';
import { openTarget } from './target.ts';

export type ProofFlags = LabFlags & TargetFlags & FaultFlags & OutputFlags;

/** The means by which a lab is proved: each ground is a sandbox of its own, in which waiting takes no time. */
export async function proofTools(plan: Plan, flags: ProofFlags, io: Surroundings, signal: AbortSignal): Promise<ProofTools> {
  return { openGround: () => sandboxGround(plan, flags, io, signal), openSession, resources: await resourceKinds(stepKinds), signal };
}

async function sandboxGround(plan: Plan, flags: ProofFlags, io: Surroundings, signal: AbortSignal): Promise<Ground> {
  const open = await openTarget('sandbox', flags, io, { virtualTime: true });
  const held = await holdLedger({
    plan,
    file: resolve(io.cwd, plan.lab.file),
    settings: runSettings(flags),
    open,
    folder: stateFolder(io),
    nonce: proofNonce,
    report: () => undefined,
    abandon: signal,
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
