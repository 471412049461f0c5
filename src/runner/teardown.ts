import { AccessLost } from '../aws/access-lost.ts';
import { inTime } from '../steps/advice.ts';
import { isLeft } from '../steps/removal.ts';
import type { ResourceContext, ResourceKind, ResourceRef } from '../steps/resource.ts';
import type { Left, Reporter } from './event.ts';
import { type LiveResource, type RunLedger, refKey } from './ledger.ts';
import { tagsOf } from './leftovers.ts';
import type { PlannedStep } from './plan.ts';
import { failureOf } from './problem.ts';

/** What a teardown leaves in place: everything, or of it what shows that the lab was done. */
export type Keeping = 'everything' | 'evidence';

export interface TeardownOptions {
  readonly ledger: RunLedger;
  /** How resources of each type are found and removed. */
  readonly kindOf: (type: string) => ResourceKind | undefined;
  readonly context: ResourceContext;
  readonly report: Reporter;
  readonly now: () => number;
  /** Keys of the only resources that are to be removed. Default: all. */
  readonly only?: ReadonlySet<string>;
  /** What of them is left in place. Default: nothing. */
  readonly keep?: Keeping;
  /** The step because of which they are removed. Default: what is removed is that of the run. */
  readonly of?: PlannedStep;
  /** Whether a call was cut off, whose effect may still come. */
  readonly cutOff: boolean;
  /** Aborted to begin with no other resource. */
  readonly stop?: AbortSignal;
  /** Aborted when nobody wants to wait for the teardown any longer: what is not removed by then stays. */
  readonly abandon: AbortSignal;
}

/** A call that was cut off is carried out within this time, or never. */
const lateEffectMs = 5_000;

/**
 * Removes everything that a ledger says is alive, the last one first, and waits until each is gone. A resource that cannot
 * be removed does not keep the others from being removed, unless nothing at all can be asked for any more. What a call that
 * was cut off may still bring is waited for. In the end all of them are looked for once more, because a function that was
 * still running can bring its log group back; what is there again gets a second go.
 * @returns what is still there, and why. Never throws for what AWS answers.
 */
export async function teardown(options: TeardownOptions): Promise<readonly Left[]> {
  const { ledger, only, keep, kindOf, of: step } = options;
  const known = ledger.live.filter(({ ref }) => only === undefined || only.has(refKey(ref)));
  const live = known.filter(({ ref }) => !isKept(ref, keep, kindOf));
  // What is planned is there only if the learner was ahead of the page.
  const count = live.filter(({ state }) => state !== 'planned').length;
  if (live.length > 0) options.report({ type: 'teardown-started', at: options.now(), count, ...(step === undefined ? {} : { step }) });
  const walk = new Teardown(options);
  await walk.run(live);
  // A function that is still running can bring about what is to be kept, so that is looked for when it is gone.
  for (const { ref } of known) if (isKept(ref, keep, kindOf)) await walk.leave(ref);
  return walk.left;
}

/** Whether a resource is one of those that are left in place. */
export function isKept({ type }: ResourceRef, keep: Keeping | undefined, kindOf: TeardownOptions['kindOf']): boolean {
  return keep === 'everything' || (keep === 'evidence' && kindOf(type)?.evidence !== undefined);
}

/** Looks which of the resources that a ledger says are alive are there; what is not is noted as removed. */
export async function survey({
  ledger,
  kindOf,
  context,
}: Pick<TeardownOptions, 'ledger' | 'kindOf' | 'context'>): Promise<readonly ResourceRef[]> {
  for (const { ref } of ledger.live) {
    if ((await kindOf(ref.type)?.exists(ref.id, context)) === false) ledger.note({ entry: 'removed', ...ref });
  }
  return ledger.live.map(({ ref }) => ref);
}

/** Leaves resources where they are, because that is what was asked for. */
export function keepAll(
  refs: readonly ResourceRef[],
  { ledger, kindOf, report, now }: Pick<TeardownOptions, 'ledger' | 'kindOf' | 'report' | 'now'>,
): void {
  const why = 'kept, as you asked';
  for (const ref of refs) {
    ledger.note({ entry: 'kept', ...ref, why });
    const { noun = ref.type, evidence: hint } = kindOf(ref.type) ?? {};
    report({ type: 'resource-kept', at: now(), ref, noun, why, ...(hint === undefined ? {} : { hint }), intended: true });
  }
}

/** What became of one resource: it was removed, it was not there, it is somebody else's, or it stays. */
type Fate = 'removed' | 'absent' | 'spared' | Stay;

/** Why a resource stays. */
type Stay = Omit<Left, 'ref'>;

class Teardown {
  readonly #options: TeardownOptions;
  readonly #left = new Map<string, Left>();
  /** Why nothing can be asked for any more: of any service, or of one. */
  readonly #lost = new Map<string, Stay>();

  constructor(options: TeardownOptions) {
    this.#options = options;
  }

  /** What is still there and should not be, and why. */
  get left(): readonly Left[] {
    return [...this.#left.values()];
  }

  async run(live: readonly LiveResource[]): Promise<void> {
    const { ledger, cutOff } = this.#options;
    const gone: ResourceRef[] = [];
    const expected: ResourceRef[] = [];
    for (const { ref, state } of live) {
      const fate = await this.#remove(ref);
      if (fate === 'absent' && cutOff && state === 'intended') expected.push(ref);
      else if (fate === 'absent' || fate === 'removed') ledger.note({ entry: 'removed', ...ref });
      if (fate === 'removed' || fate === 'absent') gone.push(ref);
    }
    await this.#awaitLate(expected);
    for (const ref of gone) await this.#verify(ref);
  }

  /** Leaves a resource in place if it is there. Where that cannot be seen, it counts as being there. */
  async leave(ref: ResourceRef): Promise<void> {
    const { ledger, kindOf, context } = this.#options;
    const there = await kindOf(ref.type)
      ?.exists(ref.id, context)
      .catch((error: unknown) => {
        if (failureOf(error).fault === 'program') throw error;
        return true;
      });
    if (there === false) ledger.note({ entry: 'removed', ...ref });
    else keepAll([ref], this.#options);
  }

  /** Removes a resource if it is there, and says when it stays. */
  async #remove(ref: ResourceRef): Promise<Fate> {
    const fate = await this.#tryToRemove(ref);
    if (typeof fate === 'object') this.#keep(ref, fate);
    return fate;
  }

  async #tryToRemove(ref: ResourceRef): Promise<Fate> {
    const { context, report, now, abandon, stop } = this.#options;
    const kind = this.#options.kindOf(ref.type);
    if (kind === undefined) {
      const hint = 'Use the version that created it, or remove it by hand.';
      return { why: `this version of kinesis-labs does not know how to remove a ${ref.type}`, hint };
    }
    if (abandon.aborted || stop?.aborted) return interrupted;
    const lost = this.#lost.get('') ?? this.#lost.get(serviceOf(ref));
    if (lost !== undefined) return lost;
    try {
      if (!(await kind.exists(ref.id, context))) {
        await this.#awaitGone(ref, kind);
        return 'absent';
      }
      if (await this.#isOfOtherRun(ref, kind)) return 'spared';
      await kind.remove(ref.id, context);
      report({ type: 'resource-removed', at: now(), ref, noun: kind.noun });
      return 'removed';
    } catch (error) {
      return this.#failure(ref, error);
    }
  }

  /** What was asked to go before is on its way out, and is waited for like what is removed now. */
  async #awaitGone({ id }: ResourceRef, { noun, removal }: ResourceKind): Promise<void> {
    const { aws, wait } = this.#options.context;
    const going = removal(id);
    const what = `the ${noun} ${id} to be gone`;
    await wait({ what, timeoutMs: going.timeoutMs }, async () => ((await isLeft(going, aws)) ? undefined : true));
  }

  /** Of the same name, and made by another run after this one had announced it: that is theirs, whatever this ledger says. */
  async #isOfOtherRun(ref: ResourceRef, kind: ResourceKind): Promise<boolean> {
    const { ledger, context, report, now } = this.#options;
    const tags = await tagsOf(kind, ref.id, context).catch((error: unknown) => {
      // Whoever may remove it need not be allowed to read its tags.
      if (failureOf(error).fault === 'program') throw error;
      return undefined;
    });
    if (tags?.kind !== 'run' || tags.run.run === ledger.header.run) return false;
    ledger.note({ entry: 'found', ...ref });
    const why = `the run ${tags.run.run} of lab ${tags.run.lab} has created it`;
    report({ type: 'resource-spared', at: now(), ref, noun: kind.noun, why });
    return true;
  }

  #failure(ref: ResourceRef, error: unknown): Stay {
    if (this.#options.abandon.aborted) return interrupted;
    const { message, hint } = failureOf(error).problem;
    const stay = { why: message, ...(hint === undefined ? {} : { hint }) };
    if (!(error instanceof AccessLost)) return stay;
    const lost = { ...stay, lost: error.reason };
    this.#lost.set(error.scope === 'everything' ? '' : serviceOf(ref), lost);
    return lost;
  }

  #keep(ref: ResourceRef, stay: Stay): void {
    const { ledger, kindOf, report, now } = this.#options;
    const { why, hint } = stay;
    ledger.note({ entry: 'kept', ...ref, why });
    const next = hint === undefined ? {} : { hint };
    report({ type: 'resource-kept', at: now(), ref, noun: kindOf(ref.type)?.noun ?? ref.type, why, ...next, intended: false });
    this.#left.set(refKey(ref), { ref, ...stay });
  }

  /** Looks for what a call that was cut off may have brought by now, until its time is over. */
  async #awaitLate(refs: readonly ResourceRef[]): Promise<void> {
    if (refs.length === 0) return;
    const { ledger, context, abandon } = this.#options;
    const expected = new Map(refs.map((ref) => [refKey(ref), ref]));
    const look = async (): Promise<true | undefined> => {
      for (const [key, ref] of expected) {
        const fate = await this.#remove(ref);
        if (fate === 'absent') continue;
        if (fate === 'removed') ledger.note({ entry: 'removed', ...ref });
        expected.delete(key);
      }
      return expected.size === 0 ? true : undefined;
    };
    const what = 'what was being created when the run was cut off';
    await inTime(context.wait({ what, timeoutMs: lateEffectMs }, look)).catch((error: unknown) => {
      if (!abandon.aborted) throw error;
    });
    if (abandon.aborted) for (const ref of expected.values()) this.#keep(ref, interrupted);
    else for (const ref of expected.values()) ledger.note({ entry: 'removed', ...ref });
  }

  async #verify(ref: ResourceRef): Promise<void> {
    const { abandon, kindOf, context } = this.#options;
    if (abandon.aborted || this.#left.has(refKey(ref)) || this.#lost.has('') || this.#lost.has(serviceOf(ref))) return;
    const exists = async () => (await kindOf(ref.type)?.exists(ref.id, context)) ?? false;
    try {
      if (!(await exists())) return;
      const again = await this.#remove(ref);
      if (again === 'removed' && (await exists())) {
        this.#keep(ref, { why: 'it was removed, and is still there', hint: 'Something brings it back: look for what still uses it.' });
      }
    } catch (error) {
      const stay = this.#failure(ref, error);
      this.#keep(ref, { ...stay, why: `it was removed, but whether it is gone could not be seen: ${stay.why}` });
    }
  }
}

const interrupted = { why: 'the teardown was interrupted' };

/** `kinesis` of `kinesis:stream`. */
function serviceOf({ type }: ResourceRef): string {
  return type.split(':')[0] ?? type;
}
