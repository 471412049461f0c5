import { type LiveResource, refKey } from './ledger.ts';
import type { Plan, PlannedStep } from './plan.ts';

/** What it takes to do one step of a run once more, as if it had never been. */
export interface Reset {
  readonly step: string;
  /** The other steps that build on it, in the order of the page. What they made goes with it. */
  readonly dependents: readonly string[];
  /** What is to be removed, in the order of removal. */
  readonly resources: readonly LiveResource[];
}

/**
 * Finds out what a step has made and what builds on it: the steps that refer to its outputs or to a name that it has given
 * to something, those that refer to theirs, and those that share a resource with one of them.
 * @param live the resources of the run, the last one first.
 */
export function resetOf(step: string, plan: Plan, live: readonly LiveResource[]): Reset {
  const gone = new Set([step]);
  const resources = new Set<LiveResource>();
  // Each round finds what builds on what was found in the rounds before, until a round finds nothing.
  for (let before = -1; before !== gone.size + resources.size; ) {
    before = gone.size + resources.size;
    for (const resource of live) if (resource.steps.some((id) => gone.has(id))) resources.add(resource);
    for (const { steps } of resources) for (const id of steps) gone.add(id);
    for (const [index, planned] of plan.steps.entries()) {
      const above = plan.steps.slice(0, index).filter(({ block }) => gone.has(block.id));
      if (above.some((other) => buildsOn(planned, other, plan, live))) gone.add(planned.block.id);
    }
  }
  return {
    step,
    dependents: plan.steps.map(({ block }) => block.id).filter((id) => id !== step && gone.has(id)),
    resources: live.filter((resource) => resources.has(resource)),
  };
}

function buildsOn({ block }: PlannedStep, other: PlannedStep, plan: Plan, live: readonly LiveResource[]): boolean {
  return block.references.some(({ reference }) => {
    if (reference.kind === 'output') return reference.step === other.block.id;
    return reference.kind === 'name' && giverOf(reference.name, plan, live) === other;
  });
}

/** The first step that has made something which bears this name of the front matter. */
function giverOf(name: string, { steps, values }: Plan, live: readonly LiveResource[]): PlannedStep | undefined {
  const value = values.names[name];
  if (value === undefined || value === '') return undefined;
  return steps.find(
    ({ block }) =>
      block.references.some(({ reference }) => reference.kind === 'name' && reference.name === name) &&
      live.some(({ ref, steps: makers }) => makers.includes(block.id) && ref.id.includes(value)),
  );
}

/** The keys of the resources that go. */
export function resetKeys({ resources }: Reset): ReadonlySet<string> {
  return new Set(resources.map(({ ref }) => refKey(ref)));
}
