import { AnswerOf, type ApiCall } from '../../aws/api-call.ts';
import { type Permission, type Place, permissionsFor } from '../../aws/permission.ts';
import { withTags } from '../../aws/tags.ts';
import type { ResourceKind, ResourceRef } from '../../steps/resource.ts';
import type { Step, StepKind } from '../../steps/step.ts';
import type { Reference } from '../lab.ts';
import type { Known, Plan, PlannedStep } from '../plan.ts';

/** What is known of one step before anything of the lab is done. */
export interface Foreseen {
  readonly planned: PlannedStep;
  /** Bound with what earlier steps will give, as far as that can be foreseen, and with examples of the rest. */
  readonly step: Step;
  /** What it is certain to own; not what is called by something that only the run can tell. */
  readonly certain: readonly ResourceRef[];
  /** The outputs that are certain: the name and the ARN of what it owns. */
  readonly outputs: Readonly<Record<string, string>>;
}

// Stands for what only a call can tell, where it does not matter what it is.
export const unknownId = '00000000-0000-0000-0000-000000000000';

/** What stands for a run's own value until there is a run. */
export const foreseenNonce = 'k3f9z2';

/**
 * The steps of a plan as they will be: the ARN and the name of what a step makes are known before it is made.
 * @param run what is known of the run, where there is one
 */
export function foresee(plan: Plan, place: Place, run?: Pick<Known, 'nonce' | 'started'>): readonly Foreseen[] {
  let known: Known = { outputs: {}, nonce: foreseenNonce, started: new Date(0).toISOString(), ...run };
  const foretold = new Map<string, Readonly<Record<string, string>>>();
  return plan.steps.map((planned) => {
    const step = planned.bind(known);
    const guesses = planned.block.references.flatMap(({ reference }) =>
      run !== undefined && reference.kind === 'learner' ? [] : guessed(reference, known, foretold),
    );
    const certain = step.owns().filter(({ id }) => !guesses.some((guess) => id.includes(guess)));
    const { outputs, examples } = outputsOf(planned, step, place);
    known = { ...known, outputs: { ...known.outputs, [planned.block.id]: { ...examples, ...outputs } } };
    foretold.set(planned.block.id, outputs);
    return { planned, step, certain, outputs };
  });
}

/** What stands in the place of a reference and is no more than an example of it. */
function guessed(reference: Reference, known: Known, foretold: ReadonlyMap<string, Readonly<Record<string, string>>>): readonly string[] {
  if (reference.kind === 'learner') return [known.nonce, known.started];
  if (reference.kind !== 'output' || foretold.get(reference.step)?.[reference.output] !== undefined) return [];
  const example = known.outputs[reference.step]?.[reference.output];
  return typeof example === 'string' ? [example] : [];
}

function outputsOf({ kind }: PlannedStep, step: Step, place: Place) {
  const examples: Readonly<Record<string, string>> = Object.fromEntries(
    Object.entries(kind.outputs).map(([name, { example }]) => [name, example]),
  );
  const { arn = '' } = examples;
  const owned = step.owns().map((ref) => ({ id: ref.id, arn: arnOf(kindOf(kind.resources, ref), ref, place) }));
  // A step may own more than what its ARN is of: the log group of a function, the permission of a rule.
  const own = owned.find((each) => each.arn?.split(':')[2] === arn.split(':')[2]);
  const outputs: Readonly<Record<string, string>> = {
    ...(own?.arn === undefined || arn === '' ? {} : { arn: own.arn }),
    ...(own === undefined || examples['name'] === undefined ? {} : { name: own.id }),
  };
  return { outputs, examples };
}

/** That of the resource which the last call of its removal is about. */
function arnOf(kind: ResourceKind | undefined, { id }: ResourceRef, place: Place): string | undefined {
  const last = kind?.removal(id).calls.at(-1)?.call(unknownId);
  return last && permissionsFor(last, place).at(-1)?.resource;
}

function kindOf(kinds: readonly ResourceKind[], { type }: ResourceRef): ResourceKind | undefined {
  return kinds.find((kind) => kind.type === type);
}

/** Everything that a step is declared to ask of AWS: to do it, to check it, and to remove what it owns. */
export function callsOf(kind: Pick<StepKind, 'resources'>, step: Step): readonly ApiCall[] {
  const shown = step.shows();
  const removals = step.owns().flatMap((ref) => {
    const removal = kindOf(kind.resources, ref)?.removal(ref.id);
    if (removal === undefined) return [];
    return [...removal.calls.flatMap(({ each, call }) => [...(each === undefined ? [] : [each.call]), call(unknownId)]), removal.left.call];
  });
  const calls = [
    ...step.explain(),
    ...step.reads(),
    ...step.awaits().map(({ call }) => call),
    ...Object.values(step.outputs).map(({ call }) => call),
    ...(shown === undefined ? [] : [shown]),
    ...removals,
  ];
  return calls.flatMap((call) => [...behind(call), call]);
}

/** The calls that a call takes answers from. */
function behind(call: ApiCall): readonly ApiCall[] {
  return Object.values(call.input).flatMap((value) => (value instanceof AnswerOf ? [...behind(value.call), value.call] : []));
}

/** What whoever does a lab has to be allowed, each thing once. What is created has tags. */
export function permissionsOf(steps: readonly Foreseen[], place: Place): readonly Permission[] {
  const all = steps
    .flatMap(({ planned, step }) => callsOf(planned.kind, step))
    .flatMap((call) => permissionsFor(withTags(call, { lab: '' }), place));
  return [...new Map(all.map((permission) => [JSON.stringify(permission), permission])).values()];
}
