import type { ResourceKind } from '../steps/resource.ts';
import type { RunResult } from './event.ts';
import { wasCutOff } from './ledger.ts';
import type { PlannedStep } from './plan.ts';
import type { StepKinds } from './planning.ts';
import { openWorkshop, type RunOptions, type WorkshopOptions } from './run.ts';
import { type Keeping, teardown } from './teardown.ts';

export interface CleanOptions
  extends Pick<WorkshopOptions, 'target' | 'openSession' | 'clock' | 'report' | 'ledger'>,
    Pick<RunOptions, 'abandon'> {
  /** Aborted to begin with no other resource. */
  readonly stop?: AbortSignal;
  /** Keys of the only resources that are to be removed. Default: all. */
  readonly only?: ReadonlySet<string>;
  /** What of them is left in place. Default: nothing. */
  readonly keep?: Keeping;
  /** The step because of which they are removed. Default: what is removed is that of the run. */
  readonly of?: PlannedStep;
  readonly kindOf: (type: string) => ResourceKind | undefined;
}

/** Removes what a run has left, from its ledger. @returns what is still there, and why. */
export async function cleanRun(options: CleanOptions): Promise<RunResult['left']> {
  const { abandon, clock } = options;
  const workshop = openWorkshop({ ...options, readOnly: false, signal: abandon });
  try {
    return await teardown({ ...options, context: workshop, now: () => clock.now(), cutOff: wasCutOff(options.ledger.entries) });
  } finally {
    workshop.close();
  }
}

/** Every type of resource that any step can create. */
export async function resourceKinds(kinds: StepKinds): Promise<ReadonlyMap<string, ResourceKind>> {
  const loaded = await Promise.all(kinds.names.map((name) => kinds.load(name)));
  return new Map(loaded.flatMap((kind) => (kind?.resources ?? []).map((each) => [each.type, each])));
}
