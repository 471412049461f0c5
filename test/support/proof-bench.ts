import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../../src/aws/session.ts';
import { resourceKinds } from '../../src/runner/clean.ts';
import { assetsFolder, readLab } from '../../src/runner/library.ts';
import type { Plan } from '../../src/runner/plan.ts';
import { planText, type StepKinds } from '../../src/runner/planning.ts';
import { type Ground, proofNonce } from '../../src/runner/proof/ground.ts';
import type { ProofEvent, ProofResult } from '../../src/runner/proof/proof.ts';
import { type ProofOptions, prove } from '../../src/runner/proof/prove.ts';
import type { Settings } from '../../src/runner/settings.ts';
import { beginLedger } from '../../src/runner/state-folder.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import { wallClock } from '../../src/util/clock.ts';
import { account, openBench } from './step-bench.ts';

/** A proof of a lab, and what was seen of it. */
interface Proved {
  readonly result: ProofResult;
  readonly events: readonly ProofEvent[];
  /** Exceptions that are bugs of the sandbox. */
  readonly bugs: readonly unknown[];
}

/** A lab of the package, or one that a test has written. @throws when it has errors. */
export async function planFile(path: string, settings: Settings = {}): Promise<Plan> {
  const { file, text } = await readLab(path, process.cwd());
  return planOfText(text, { file, assets: await assetsFolder(path), ...settings });
}

export async function planOfText(
  text: string,
  options: { readonly file?: string; readonly assets?: string; readonly kinds?: StepKinds } & Settings = {},
): Promise<Plan> {
  const { file = 'labs/07-streams.md', assets = '/nowhere', kinds = stepKinds, ...settings } = options;
  const { plan, diagnostics } = await planText(file, text, { kinds, assets, ...settings });
  if (plan === undefined) throw new Error(`${file} is not a lab: ${diagnostics.map(({ message }) => message).join('; ')}`);
  return plan;
}

/** Everything that a proof found to be wrong, as lines. */
export function failures({ stages, mutations, steps }: ProofResult): readonly string[] {
  return [
    ...stages.flatMap(({ stage, outcome, problems }) => (outcome === 'held' ? [] : problemLines(stage, outcome, problems))),
    ...mutations.flatMap(({ name, outcome, problem }) =>
      outcome === 'noticed' || outcome === 'excused' ? [] : [`${name}: ${outcome}: ${problem?.message}`],
    ),
    ...steps.flatMap(({ step, outcome }) => (outcome === 'cannot-fail' ? [`${step}: cannot fail`] : [])),
  ];
}

function problemLines(stage: string, outcome: string, problems: readonly { readonly message: string }[]): readonly string[] {
  return problems.length === 0 ? [`${stage}: ${outcome}`] : problems.map(({ message }) => `${stage}: ${message}`);
}

/** Proves a lab on sandboxes of its own, in which time passes as fast as the work allows. */
export async function proveLab(
  plan: Plan,
  over: Partial<Pick<ProofOptions, 'signal' | 'workers' | 'report'>> & { readonly kinds?: StepKinds } = {},
): Promise<Proved> {
  const events: ProofEvent[] = [];
  const bugs: unknown[] = [];
  const state = mkdtempSync(join(tmpdir(), 'kinesis-labs-state-'));
  const { kinds = stepKinds, report, ...rest } = over;
  const openGround = async (): Promise<Ground> => {
    const bench = await openBench();
    const { target } = bench;
    const { clock } = bench.sandbox;
    const run = {
      lab: { id: plan.lab.id, file: plan.lab.file },
      target: { label: target.label, region: target.region, account, endsWithProcess: { pid: process.pid } },
      prefix: '',
      values: plan.values,
      nonce: proofNonce,
    };
    const ledger = beginLedger({ path: state }, run, () => clock.now());
    return {
      target,
      account,
      clock,
      ledger,
      runCommand: bench.runCommand,
      async close() {
        ledger.close();
        await bench.close();
        bugs.push(...bench.bugs);
      },
    };
  };
  try {
    const result = await prove({
      plan,
      openGround,
      openSession,
      resources: await resourceKinds(kinds),
      clock: wallClock,
      signal: new AbortController().signal,
      ...rest,
      report(event) {
        events.push(event);
        report?.(event);
      },
    });
    return { result, events, bugs };
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}
