import type { ResourceRef } from '../../steps/resource.ts';
import type { Finding, Step, StepContext } from '../../steps/step.ts';
import { resourceKind } from '../claim.ts';
import type { Known, Plan, PlannedStep } from '../plan.ts';
import type { Foreseen } from '../preflight/planned-calls.ts';
import { referenceText } from '../reference.ts';
import { removalFinding } from './removal-finding.ts';
import type { Expectation } from './verification.ts';

/** What could be found out about a step only by something that is not there. */
export interface Unknown {
  /** The step that would have told. */
  readonly from: string;
  /** `${{ steps.told.shard-id }}` */
  readonly what: string;
}

/** The steps of a lab of which something can be seen from outside. The points of the others do not count. */
export function seenSteps(foreseen: readonly Foreseen[], expect: Expectation): ReadonlySet<string> {
  const foretold = foretoldOutputs(foreseen);
  const seen = foreseen.filter(({ planned, step, certain }) => {
    if (expect === 'built' || !step.leavesTrace()) return step.leavesTrace();
    // What is compared with something that only AWS could tell cannot be compared when that is gone.
    return unknownTo(planned, foretold) === undefined && (removable(planned, certain).length > 0 || step.remains() !== undefined);
  });
  return new Set(seen.map(({ planned }) => planned.block.id));
}

/**
 * The same lab, to be looked at from outside: later steps know the names and ARNs of what earlier ones make also where
 * that is not there, and what is expected to be gone is.
 * @param unknown is told of steps that cannot be looked at, because what an earlier one would have to tell is not known.
 */
export function seenFromOutside(
  plan: Plan,
  foreseen: readonly Foreseen[],
  expect: Expectation,
  unknown: (step: PlannedStep, why: Unknown) => void,
): Plan {
  const foretold = foretoldOutputs(foreseen);
  const seen = seenSteps(foreseen, expect);
  const steps = plan.steps.map((planned, index): PlannedStep => {
    const bind = (known: Known): Step => {
      const example = foreseen[index]?.step;
      if (example !== undefined && !seen.has(planned.block.id)) return { ...example, leavesTrace: () => false };
      const outputs = withForetold(known.outputs, foretold);
      const missing = unknownTo(planned, outputs);
      if (missing !== undefined) unknown(planned, missing);
      const step = planned.bind({ ...known, outputs });
      return expect === 'built' ? step : afterwards(planned, step, foreseen[index]?.certain ?? []);
    };
    return { ...planned, bind };
  });
  return { ...plan, steps };
}

/** The first thing that a step needs to know from an earlier one, and that is not known. */
function unknownTo({ block }: PlannedStep, outputs: Known['outputs']): Unknown | undefined {
  for (const { reference } of block.references) {
    if (reference.kind === 'output' && outputs[reference.step]?.[reference.output] === undefined)
      return { from: reference.step, what: referenceText(reference) };
  }
  return undefined;
}

function foretoldOutputs(foreseen: readonly Foreseen[]): Known['outputs'] {
  return Object.fromEntries(foreseen.map(({ planned, outputs }) => [planned.block.id, outputs]));
}

function withForetold(found: Known['outputs'], foretold: Known['outputs']): Known['outputs'] {
  const names = new Set([...Object.keys(found), ...Object.keys(foretold)]);
  return Object.fromEntries([...names].map((id) => [id, { ...foretold[id], ...found[id] }]));
}

/** What shows that the lab was done need not be gone: it is all that does. */
function removable(planned: PlannedStep, owned: readonly ResourceRef[]): readonly ResourceRef[] {
  return owned.filter((ref) => resourceKind(planned, ref).evidence === undefined);
}

/** A step that was done, and whose resources have been removed since: what is left of it stands in the logs. */
function afterwards(planned: PlannedStep, step: Step, owned: readonly ResourceRef[]): Step {
  return {
    ...step,
    outputs: {},
    shows: () => undefined,
    check: async (context) => [
      ...(await goneFindings(planned, removable(planned, owned), context)),
      ...((await step.remains()?.(context)) ?? []),
    ],
  };
}

async function goneFindings(planned: PlannedStep, owned: readonly ResourceRef[], context: StepContext): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const ref of owned) {
    const kind = resourceKind(planned, ref);
    const there = await kind.exists(ref.id, context);
    const cost = kind.cost === undefined ? '' : ` It costs about $${kind.cost.perHour} an hour, ${kind.cost.note}.`;
    const hint = `Remove it: kinesis-labs clean, or by hand.${cost}`;
    findings.push(removalFinding(`${kind.noun} ${ref.id}`, there, hint));
  }
  return findings;
}
