import { isReadOnly } from '../../aws/api-call.ts';
import type { Mutation, Step } from '../../steps/step.ts';
import { refKey } from '../ledger.ts';
import type { PlannedStep } from '../plan.ts';

/** A mutation, and what follows from it. */
export interface Trial extends Mutation {
  /** Whether something is gone then, which doing the lab again makes anew, and not as it was. */
  readonly takesAway: boolean;
  /** Says less than others of the same step: only tried for the sake of checks that nothing else has turned red. */
  readonly reserve?: boolean;
  /** Why nobody has to notice. */
  readonly excuse?: string;
}

/**
 * A trial as every run of the lab knows it, in any thread: the how-manieth of those of a step, and what is said about it. The
 * trial itself belongs to one run.
 */
export interface TrialRef extends Omit<Trial, 'apply'> {
  readonly step: string;
  readonly index: number;
}

/**
 * Every way in which a step can be made wrong: those that its kind declares; that what it owns is taken away; and, of a
 * step which writes and owns nothing, that it is never done, which is held in reserve where its kind knows of something to
 * do in its place. In the same order for the same step.
 * @param present keys of the resources that are there when the lab is done.
 */
export function trialsOf(planned: PlannedStep, step: Step, present: ReadonlySet<string>): readonly Trial[] {
  return [
    ...step.mutations().map((mutation) => ({ ...mutation, takesAway: false })),
    ...removals(planned, step, present),
    ...omission(planned, step),
  ];
}

function removals({ kind }: PlannedStep, step: Step, present: ReadonlySet<string>): readonly Trial[] {
  return step.owns().flatMap((ref): Trial[] => {
    const resource = kind.resources.find(({ type }) => type === ref.type);
    if (resource === undefined || !present.has(refKey(ref))) return [];
    const { noun, incidental } = resource;
    return [
      {
        name: `the ${noun} ${ref.id} is deleted`,
        when: 'afterwards',
        takesAway: true,
        ...(incidental === undefined ? {} : { excuse: `A lab need not look at a ${noun}, because ${incidental}.` }),
        apply: (context) => resource.remove(ref.id, context),
      },
    ];
  });
}

/** A step of which nothing is left can be seen while it is done only, so that there is no being without it. */
function omission({ block }: PlannedStep, step: Step): readonly Trial[] {
  if (step.owns().length > 0 || step.explain().every(isReadOnly) || !step.leavesTrace()) return [];
  const reserve = step.mutations().some(({ when }) => when === 'instead');
  return [{ name: `the step "${block.id}" is never done`, when: 'instead', takesAway: false, reserve, apply: async () => undefined }];
}
