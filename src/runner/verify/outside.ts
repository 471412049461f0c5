import { looked } from '../../steps/finding.ts';
import type { Finding, Step, StepContext } from '../../steps/step.ts';
import { resourceKind } from '../claim.ts';
import type { Known, Plan, PlannedStep } from '../plan.ts';
import type { Foreseen } from '../preflight/planned-calls.ts';
import { referenceText } from '../reference.ts';
import type { Expectation } from './verification.ts';

/** What could be found out about a step only by something that is not there. */
export interface Unknown {
  /** The step that would have told. */
  readonly from: string;
  /** `${{ steps.told.shard-id }}` */
  readonly what: string;
}

/** What is expected of a resource that was to be removed. */
export const gone = 'gone';

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
  const foretold = Object.fromEntries(foreseen.map(({ planned, outputs }) => [planned.block.id, outputs]));
  const steps = plan.steps.map((planned, index): PlannedStep => {
    const bind = (known: Known): Step => {
      const complete = { ...known, outputs: withForetold(known.outputs, foretold) };
      const missing = planned.block.references.find(
        ({ reference }) => reference.kind === 'output' && complete.outputs[reference.step]?.[reference.output] === undefined,
      )?.reference;
      if (missing?.kind === 'output') unknown(planned, { from: missing.step, what: referenceText(missing) });
      const step = planned.bind(complete);
      return expect === 'built' ? step : afterwards(planned, step, foreseen[index]);
    };
    return { ...planned, bind };
  });
  return { ...plan, steps };
}

function withForetold(found: Known['outputs'], foretold: Known['outputs']): Known['outputs'] {
  const names = new Set([...Object.keys(found), ...Object.keys(foretold)]);
  return Object.fromEntries([...names].map((id) => [id, { ...foretold[id], ...found[id] }]));
}

/** A step that was done, and whose resources have been removed since: what is left of it stands in the logs. */
function afterwards(planned: PlannedStep, step: Step, foreseen: Foreseen | undefined): Step {
  // A log costs next to nothing, and is all that tells of what was done.
  const owned = (foreseen?.certain ?? []).filter(({ type }) => type !== 'logs:group');
  return {
    ...step,
    outputs: {},
    shows: () => undefined,
    check: async (context) => [...(await goneFindings(planned, owned, context)), ...(await step.remains(context))],
  };
}

async function goneFindings(planned: PlannedStep, owned: Foreseen['certain'], context: StepContext): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const ref of owned) {
    const kind = resourceKind(planned, ref);
    const there = await kind.exists(ref.id, context);
    const cost = kind.cost === undefined ? '' : ` It costs about $${kind.cost.perHour} an hour, ${kind.cost.note}.`;
    const hint = `Remove it: kinesis-labs clean, or by hand.${cost}`;
    findings.push(looked(`${kind.noun} ${ref.id}`, !there, gone, there ? 'still there' : gone, hint));
  }
  return findings;
}
