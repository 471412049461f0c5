import type { ApiCall } from '../../aws/api-call.ts';
import { isReadOnly } from '../../aws/api-call.ts';
import type { AwsSession, SessionOptions } from '../../aws/session.ts';
import type { Target } from '../../aws/target.ts';
import { createWait } from '../../aws/wait.ts';
import type { RunCommand } from '../../steps/command.ts';
import type { ResourceKind } from '../../steps/resource.ts';
import type { Finding, Step, StepContext } from '../../steps/step.ts';
import type { Clock } from '../../util/clock.ts';
import { cleanRun } from '../clean.ts';
import type { Problem, RunEvent, RunResult, StepOutcome } from '../event.ts';
import { execute } from '../execute.ts';
import type { Ledger } from '../ledger.ts';
import type { Mode } from '../mode.ts';
import type { Plan } from '../plan.ts';

/** An AWS with nothing in it, to be used by one proof alone, and the ledger of what is made there. */
export interface Ground {
  readonly target: Target;
  /** Twelve digits. */
  readonly account: string;
  readonly clock: Clock;
  readonly ledger: Ledger;
  /** How steps run commands that reach this AWS. */
  readonly runCommand: RunCommand;
  /** Ends the AWS with everything in it. */
  close(): Promise<void>;
}

/** The nonce of every ground of a proof, so that what is named after it is called the same in each of them, and in every report. */
export const proofNonce = '0a1b2c3d';

/** The means of a proof. */
export interface ProofTools {
  /** Opens a new ground. */
  readonly openGround: () => Promise<Ground>;
  /** `openSession`, or what a test puts in its place. */
  readonly openSession: (options: SessionOptions) => AwsSession;
  /** Every type of resource that any step can create, by type. */
  readonly resources: ReadonlyMap<string, ResourceKind>;
  /** Aborted to interrupt the proof. */
  readonly signal: AbortSignal;
}

/** What became of one step in a walk over a lab. */
export interface StepWalk {
  readonly outcome: StepOutcome;
  /** What `explain` listed. */
  readonly promised: readonly ApiCall[];
  /** What was written while the step ran. */
  readonly writes: readonly ApiCall[];
  /** Of the last check: what it looked at, and how its answer compares with the page. */
  readonly findings: readonly Finding[];
  /** What the step's own check looked at. */
  readonly looked: readonly Finding[];
  readonly problem?: Problem;
  /** The step with its references filled in; absent when they could not be. */
  readonly bound?: Step;
}

/** One walk over a lab. */
export interface Walk {
  readonly result: RunResult;
  /** By step id; those that the walk came to. */
  readonly steps: ReadonlyMap<string, StepWalk>;
}

/**
 * Runs a lab on a ground in one mode, and keeps what there is to judge it by.
 * @throws the signal's reason when the proof was interrupted.
 */
export async function walk(ground: Ground, plan: Plan, mode: Mode, tools: ProofTools): Promise<Walk> {
  const { target, account, clock, ledger, runCommand } = ground;
  const { openSession, signal } = tools;
  const bound = new Map<string, Step>();
  const looked = new Map<string, readonly Finding[]>();
  const events: RunEvent[] = [];
  const report = (event: RunEvent): void => void events.push(event);
  const watched = watching(plan, bound, looked);
  const run = { plan: watched, mode, target, account, openSession, clock, ledger, report, runCommand, signal, abandon: signal };
  const result = await execute(run);
  signal.throwIfAborted();
  const steps = new Map<string, StepWalk>();
  let current: { promised: readonly ApiCall[]; writes: ApiCall[]; findings: readonly Finding[] } | undefined;
  for (const event of events) {
    if (event.type === 'step-started') current = { promised: event.calls, writes: [], findings: [] };
    if (current === undefined) continue;
    if (event.type === 'call-answered' && !isReadOnly(event.call)) current.writes.push(event.call);
    if (event.type === 'findings') current.findings = event.findings;
    if (event.type !== 'step-ended') continue;
    const { id } = event.step.block;
    const step = bound.get(id);
    steps.set(id, {
      ...current,
      outcome: event.outcome,
      looked: looked.get(id) ?? [],
      ...(event.problem === undefined ? {} : { problem: event.problem }),
      ...(step === undefined ? {} : { bound: step }),
    });
    current = undefined;
  }
  return { result, steps };
}

/** The same plan, which notes the steps as they are bound and what their own checks find. */
function watching(plan: Plan, bound: Map<string, Step>, looked: Map<string, readonly Finding[]>): Plan {
  return changedSteps(plan, (step, id) => {
    bound.set(id, step);
    return {
      ...step,
      async check(context) {
        const findings = await step.check(context);
        looked.set(id, findings);
        return findings;
      },
    };
  });
}

/** The same plan with each step put in another's place as it is bound. */
export function changedSteps(plan: Plan, change: (step: Step, id: string) => Step): Plan {
  return {
    ...plan,
    steps: plan.steps.map((planned) => ({ ...planned, bind: (known) => change(planned.bind(known), planned.block.id) })),
  };
}

/** The steps of a walk that could be bound, by id. */
export function boundSteps({ steps }: Walk): ReadonlyMap<string, Step> {
  return new Map([...steps].flatMap(([id, { bound }]) => (bound === undefined ? [] : [[id, bound] as const])));
}

/** Takes down what a ledger says is there. */
export function takeDown(ground: Ground, { resources, openSession, signal }: ProofTools): Promise<RunResult['left']> {
  const kindOf = (type: string) => resources.get(type);
  return cleanRun({ ...ground, kindOf, openSession, report: () => undefined, abandon: signal });
}

/** Works on a ground outside of any run. */
export async function visit<T>(
  { target, clock, ledger }: Ground,
  { openSession, signal }: ProofTools,
  work: (context: StepContext) => Promise<T>,
): Promise<T> {
  const wait = createWait({ clock, signal });
  const aws = openSession({ target, clock, wait, signal });
  try {
    return await work({ aws, wait, nonce: ledger.header.nonce, found: () => undefined, answered: () => undefined });
  } finally {
    aws.destroy();
  }
}
