import type { Place } from '../aws/permission.ts';
import type { ResourceContext, ResourceKind, ResourceRef } from '../steps/resource.ts';
import type { Step } from '../steps/step.ts';
import { ExitCode } from '../util/exit-code.ts';
import { masked } from '../util/redact.ts';
import { UserError } from '../util/user-error.ts';
import type { NamedRef } from './event.ts';
import { type RunLedger, refKey } from './ledger.ts';
import type { Known, Plan, PlannedStep } from './plan.ts';
import { foresee } from './preflight/planned-calls.ts';

/**
 * Writes down that a step is going to create its resources, before it does. What is there already and was not announced
 * by this run belongs to somebody else.
 * @param entry `planned` where the step has not yet begun.
 * @throws {UserError} when there is such a resource, which is noted as found, or when it cannot be written down; nothing is
 * announced then.
 */
export async function claim(
  planned: PlannedStep,
  bound: Step,
  ledger: RunLedger,
  context: ResourceContext,
  entry: 'planned' | 'intended' = 'intended',
): Promise<void> {
  await claimAll(planned, bound, bound.owns(), ledger, context, entry);
}

async function claimAll(
  planned: PlannedStep,
  bound: Step,
  refs: readonly ResourceRef[],
  ledger: RunLedger,
  context: ResourceContext,
  entry: 'planned' | 'intended',
): Promise<void> {
  const step = planned.block.id;
  const ours = new Set(ledger.live.map((resource) => refKey(resource.ref)));
  for (const ref of refs) {
    refuseSecret(planned, ref);
    if (ours.has(refKey(ref))) continue;
    const kind = resourceKind(planned, ref);
    if (!(await kind.exists(ref.id, context))) continue;
    ledger.note({ entry: 'found', step, ...ref });
    throw new UserError(`The ${kind.noun} ${ref.id} exists already, and this run did not create it.`, {
      exitCode: ExitCode.couldNotRun,
      hint: 'Give the resources of this lab other names with --prefix. If an earlier run left it behind, kinesis-labs clean removes it.',
    });
  }
  ledger.announce(
    ...refs.map((ref) => {
      const perHour = perHourOf(bound, resourceKind(planned, ref));
      return { entry, step, ...ref, ...(perHour === undefined ? {} : { perHour }) };
    }),
  );
}

/**
 * Claims what can be named before anything has run. So a name that is taken is seen before the first write, and what a learner
 * makes ahead of the page counts as theirs.
 * @param place where the run is, when somebody may work ahead of it: then also what is named by what an earlier step will make
 */
export async function claimAhead(plan: Plan, known: Known, ledger: RunLedger, context: ResourceContext, place?: Place): Promise<void> {
  const foreseen = place === undefined ? [] : foresee(plan, place, known);
  for (const [index, planned] of plan.steps.entries()) {
    const ahead = foreseen[index];
    if (ahead !== undefined) await claimAll(planned, ahead.step, ahead.certain, ledger, context, 'planned');
    else if (!planned.block.references.some(({ reference }) => reference.kind === 'output'))
      await claim(planned, planned.bind(known), ledger, context, 'planned');
  }
}

/** US dollars an hour that something costs as a step makes it; `undefined` for what costs nothing by the hour. */
export function perHourOf(step: Step, { cost }: ResourceKind): number | undefined {
  return cost === undefined ? undefined : (step.hourly() ?? cost.perHour);
}

/** The ledger has to hold the name of whatever is created, and holds no secrets. */
function refuseSecret(planned: PlannedStep, ref: ResourceRef): void {
  if (masked(ref.id) === ref.id) return;
  throw new UserError(`The name of the ${resourceKind(planned, ref).noun} of step "${planned.block.id}" holds a credential.`, {
    hint: 'Everybody who may list resources can read it there. Give it another name.',
  });
}

/** Which resources of a step are not there. */
export async function absent(planned: PlannedStep, refs: readonly ResourceRef[], context: ResourceContext): Promise<readonly NamedRef[]> {
  const missing: NamedRef[] = [];
  for (const ref of refs) {
    const kind = resourceKind(planned, ref);
    if (!(await kind.exists(ref.id, context))) missing.push({ ref, noun: kind.noun });
  }
  return missing;
}

/** How a resource that a step owns is found and removed. */
export function resourceKind(planned: PlannedStep, ref: ResourceRef): ResourceKind {
  const kind = planned.kind.resources.find((each) => each.type === ref.type);
  if (kind === undefined) throw new Error(`${planned.block.uses} owns a ${ref.type}, which is not among its resources.`);
  return kind;
}
