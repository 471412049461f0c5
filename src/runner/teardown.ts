import type { ResourceContext, ResourceKind, ResourceRef } from '../steps/step.ts';
import type { Reporter, RunResult } from './event.ts';
import type { Ledger } from './ledger.ts';
import { failureOf } from './problem.ts';

export interface TeardownOptions {
  readonly ledger: Ledger;
  /** How resources of each type are found and removed. */
  readonly kindOf: (type: string) => ResourceKind | undefined;
  readonly context: ResourceContext;
  readonly report: Reporter;
  readonly now: () => number;
  /** Aborted when nobody wants to wait for the teardown any longer: what is not removed by then stays. */
  readonly abandon: AbortSignal;
}

type Left = RunResult['left'][number];

/**
 * Removes everything that a ledger says is alive, the last one first. A resource that cannot be removed does not keep
 * the others from being removed. In the end all of them are looked for once more, because a function that was still
 * running can bring its log group back; what is there again gets a second go.
 * @returns what is still there, and why. Never throws for what AWS answers.
 */
export async function teardown(options: TeardownOptions): Promise<readonly Left[]> {
  const refs = options.ledger.live.map((resource) => resource.ref);
  if (refs.length === 0) return [];
  options.report({ type: 'teardown-started', at: options.now(), count: refs.length });
  const left: Left[] = [];
  const gone: ResourceRef[] = [];
  for (const ref of refs) {
    const why = await removeIfThere(ref, options);
    if (why === undefined) gone.push(ref);
    else left.push(keep(ref, why, options));
  }
  for (const ref of options.abandon.aborted ? [] : gone) {
    const why = await verifyGone(ref, options);
    if (why !== undefined) left.push(keep(ref, why, options));
  }
  return left;
}

/** Looks which of the resources that a ledger says are alive are there; what is not is noted as removed. */
export async function survey({ ledger, kindOf, context }: TeardownOptions): Promise<readonly ResourceRef[]> {
  for (const { ref } of ledger.live) {
    if ((await kindOf(ref.type)?.exists(ref.id, context)) === false) ledger.note({ entry: 'removed', ...ref });
  }
  return ledger.live.map(({ ref }) => ref);
}

/** Leaves resources where they are, because that is what was asked for. */
export function keepAll(refs: readonly ResourceRef[], { ledger, kindOf, report, now }: TeardownOptions): void {
  const why = 'kept, as you asked';
  for (const ref of refs) {
    ledger.note({ entry: 'kept', ...ref, why });
    report({ type: 'resource-kept', at: now(), ref, noun: kindOf(ref.type)?.noun ?? ref.type, why, intended: true });
  }
}

/** Answers why the resource is still there, or `undefined` when it is not. */
async function removeIfThere(ref: ResourceRef, options: TeardownOptions): Promise<string | undefined> {
  const { ledger, context, report, now, abandon } = options;
  const kind = options.kindOf(ref.type);
  if (kind === undefined) return `this version of kinesis-labs does not know how to remove a ${ref.type}`;
  if (abandon.aborted) return interrupted;
  try {
    if (await kind.exists(ref.id, context)) {
      await kind.remove(ref.id, context);
      report({ type: 'resource-removed', at: now(), ref, noun: kind.noun });
    }
    ledger.note({ entry: 'removed', ...ref });
    return undefined;
  } catch (error) {
    return abandon.aborted ? interrupted : failureOf(error).problem.message;
  }
}

async function verifyGone(ref: ResourceRef, options: TeardownOptions): Promise<string | undefined> {
  const exists = async () => (await options.kindOf(ref.type)?.exists(ref.id, options.context)) ?? false;
  try {
    if (!(await exists())) return undefined;
    const why = await removeIfThere(ref, options);
    return why ?? ((await exists()) ? 'it was removed, and is still there' : undefined);
  } catch (error) {
    return `it was removed, but whether it is gone could not be seen: ${options.abandon.aborted ? interrupted : failureOf(error).problem.message}`;
  }
}

const interrupted = 'the teardown was interrupted';

function keep(ref: ResourceRef, why: string, { ledger, kindOf, report, now }: TeardownOptions): Left {
  ledger.note({ entry: 'kept', ...ref, why });
  report({ type: 'resource-kept', at: now(), ref, noun: kindOf(ref.type)?.noun ?? ref.type, why, intended: false });
  return { ref, why };
}
