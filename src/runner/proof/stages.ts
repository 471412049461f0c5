import { allFound } from '../../aws/query.ts';
import type { ResourceRef } from '../../steps/resource.ts';
import type { Step } from '../../steps/step.ts';
import { unreachable } from '../../util/unreachable.ts';
import type { Problem } from '../event.ts';
import { refKey } from '../ledger.ts';
import { modes } from '../mode.ts';
import type { Plan } from '../plan.ts';
import { failureOf } from '../problem.ts';
import { boundSteps, type Ground, type ProofTools, takeDown, visit, type Walk, walk } from './ground.ts';
import { couldNotRun, notGreen, notRed, writesAgain } from './judgement.ts';
import { brokenPromises } from './promise.ts';
import { type ProofReporter, type StageName, stageTitles } from './proof.ts';

/** A lab as it is when everything has been done: what mutations begin with. */
export interface Solved {
  /** What a session that only reads sees; it is all green. */
  readonly looked: Walk;
  /** What was seen while it was done: the only look at steps that leave no trace. */
  readonly done: Walk;
  readonly bound: ReadonlyMap<string, Step>;
  /** Keys of the resources that steps own and that are there. */
  readonly present: ReadonlySet<string>;
}

interface StageOptions {
  readonly plan: Plan;
  readonly tools: ProofTools;
  readonly now: () => number;
  readonly report: ProofReporter;
}

/**
 * Takes a lab through all stages on one ground, and reports each.
 * @returns the lab as it was when it was done; `undefined` where it could not be made green.
 * @throws the signal's reason when the proof was interrupted.
 */
export async function runStages(ground: Ground, options: StageOptions): Promise<Solved | undefined> {
  const { tools, now, report } = options;
  const run = new StageRun(ground, options);
  for (const stage of Object.keys(stageTitles) as StageName[]) {
    const started = now();
    const result = await run.problemsOf(stage).catch((error: unknown): readonly Problem[] => {
      tools.signal.throwIfAborted();
      return [failureOf(error).problem];
    });
    const outcome = result === 'skipped' ? 'skipped' : result.length > 0 ? 'failed' : 'held';
    const problems = result === 'skipped' ? [] : result;
    report({ type: 'stage-ended', at: now(), stage: { stage, outcome, problems, durationMs: now() - started } });
  }
  return run.solved;
}

class StageRun {
  readonly #ground: Ground;
  readonly #plan: Plan;
  readonly #tools: ProofTools;
  /** What was there before the lab, by resource type. */
  #before: ReadonlyMap<string, readonly string[]> = new Map();
  #done: Walk | undefined;
  solved: Solved | undefined;

  constructor(ground: Ground, { plan, tools }: StageOptions) {
    this.#ground = ground;
    this.#plan = plan;
    this.#tools = tools;
  }

  async problemsOf(stage: StageName): Promise<readonly Problem[] | 'skipped'> {
    const done = this.#done;
    const green = done?.result.outcome === 'met';
    switch (stage) {
      case 'unsolved':
        this.#before = await this.#inventory();
        return notRed(this.#plan, await this.#walk('check'));
      case 'solved':
        this.#done = await this.#walk('build');
        return notGreen(this.#done);
      case 'promised':
        return done && green ? brokenPromises(done) : 'skipped';
      case 'again':
        return green ? this.#again() : 'skipped';
      case 'looked':
        return done && green ? this.#look(done) : 'skipped';
      case 'removed':
        return done ? this.#remove(done) : 'skipped';
      case 'bare':
        return done ? notRed(this.#plan, await this.#walk('check')) : 'skipped';
      default:
        return unreachable(stage);
    }
  }

  #walk(mode: 'check' | 'build'): Promise<Walk> {
    return walk(this.#ground, this.#plan, modes[mode], this.#tools);
  }

  async #again(): Promise<readonly Problem[]> {
    const again = await this.#walk('build');
    return [...notGreen(again), ...writesAgain(again)];
  }

  async #look(done: Walk): Promise<readonly Problem[]> {
    const looked = await this.#walk('check');
    // Where every step is one that leaves no trace, there is nothing to look at, and nothing wrong with that.
    const traceless = looked.steps.size > 0 && [...looked.steps.values()].every(({ outcome }) => outcome === 'left-out');
    if (looked.result.outcome === 'could-not-run') return [couldNotRun(looked)];
    const problems = traceless ? [] : notGreen(looked);
    const bound = boundSteps(done);
    const present = new Set((await this.#standing(ownedBy(bound))).map(refKey));
    if (problems.length === 0) this.solved = { looked, done, bound, present };
    return problems;
  }

  async #remove(done: Walk): Promise<readonly Problem[]> {
    const left = (await takeDown(this.#ground, this.#tools)).map(({ ref, why }) => ({ ref, why }));
    const told = new Set(left.map(({ ref }) => refKey(ref)));
    const standing = (await this.#standing(ownedBy(boundSteps(done)))).filter((ref) => !told.has(refKey(ref)));
    const problems: readonly (readonly [ResourceRef, string])[] = [
      ...left.map(({ ref, why }) => [ref, `could not be removed: ${why}`] as const),
      ...standing.map((ref) => [ref, 'is still there after it was removed.'] as const),
    ];
    const types = new Set(problems.map(([ref]) => ref.type));
    const strays = (await this.#strays()).filter(({ type }) => !types.has(type));
    const owned = new Set(ownedBy(boundSteps(done)).map(refKey));
    return [
      ...problems.map(([ref, what]) => ({ message: `The ${this.#noun(ref.type)} ${ref.id} ${what}` })),
      ...strays.map((stray) => this.#strayProblem(stray, owned.has(refKey(stray)))),
    ];
  }

  #strayProblem({ type, id }: ResourceRef, owned: boolean): Problem {
    const what = `The ${this.#noun(type)} ${id} is there afterwards`;
    if (owned) return { message: `${what}, and exists() of ${type} says that it is not.` };
    return {
      message: `${what}, and no step says that it owns it.`,
      hint: 'What a step creates has to be among what it owns, or nobody will ever remove it.',
    };
  }

  #noun(type: string): string {
    return this.#tools.resources.get(type)?.noun ?? type;
  }

  /** Which of these are there. */
  #standing(refs: readonly ResourceRef[]): Promise<readonly ResourceRef[]> {
    return visit(this.#ground, this.#tools, async (context) => {
      const standing: ResourceRef[] = [];
      for (const ref of refs) if (await this.#tools.resources.get(ref.type)?.exists(ref.id, context)) standing.push(ref);
      return standing;
    });
  }

  async #strays(): Promise<readonly ResourceRef[]> {
    const now = await this.#inventory();
    return [...now].flatMap(([type, ids]) => {
      const before = this.#before.get(type) ?? [];
      return ids.filter((id) => !before.includes(id)).map((id) => ({ type, id }));
    });
  }

  /** Everything that is there, by resource type, as far as it can be listed. */
  #inventory(): Promise<ReadonlyMap<string, readonly string[]>> {
    return visit(this.#ground, this.#tools, async ({ aws }) => {
      const all = new Map<string, readonly string[]>();
      for (const [type, kind] of this.#tools.resources) {
        if (kind.all !== undefined) all.set(type, (await allFound(aws, kind.all)).map(String));
      }
      return all;
    });
  }
}

function ownedBy(bound: ReadonlyMap<string, Step>): readonly ResourceRef[] {
  return [...bound.values()].flatMap((step) => step.owns());
}
