import { ApiError } from '../../aws/aws.ts';
import type { ResourceContext, ResourceRef } from '../../steps/resource.ts';
import { resourceKind } from '../claim.ts';
import { refKey } from '../ledger.ts';
import type { PreflightFinding } from './finding.ts';
import type { Foreseen } from './planned-calls.ts';

/** Which of the lab's resources are there already. */
export interface Names {
  readonly findings: readonly PreflightFinding[];
  /** Keys of all that are there, whoever made them. */
  readonly present: ReadonlySet<string>;
}

/**
 * Looks which names of the lab are taken, as far as they are known before it is done.
 * @param ours keys of what this run has made before, which it may go on with.
 */
export async function checkNames(steps: readonly Foreseen[], ours: ReadonlySet<string>, context: ResourceContext): Promise<Names> {
  const findings: PreflightFinding[] = [];
  const present = new Set<string>();
  const refs = steps.flatMap(({ planned, certain }) => certain.map((ref) => ({ planned, ref })));
  for (const { planned, ref } of refs) {
    const kind = resourceKind(planned, ref);
    try {
      if (!(await kind.exists(ref.id, context))) continue;
      present.add(refKey(ref));
      if (!ours.has(refKey(ref))) findings.push(taken(kind.noun, ref));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { service, operation } = error.call;
      const message = `whether the ${kind.noun} ${ref.id} is there could not be checked: ${service}:${operation} answered ${error.code}`;
      findings.push({ about: 'names', weight: 'unknown', message });
    }
  }
  if (findings.length > 0) return { findings, present };
  const message = ours.size === 0 ? `none of the ${refs.length} is taken` : `none of the ${refs.length} is taken by anybody else`;
  return { findings: refs.length === 0 ? [] : [{ about: 'names', weight: 'good', message }], present };
}

function taken(noun: string, { id }: ResourceRef): PreflightFinding {
  return {
    about: 'names',
    weight: 'fatal',
    message: `The ${noun} ${id} exists already, and this run did not create it.`,
    hint: 'Give the resources of this lab other names with --prefix. If an earlier run left it behind, kinesis-labs clean removes it.',
  };
}
