import type { Place } from '../../aws/permission.ts';
import type { ResourceContext } from '../../steps/resource.ts';
import { refKey } from '../ledger.ts';
import type { Plan } from '../plan.ts';
import type { PreflightFinding } from './finding.ts';
import { checkNames } from './names.ts';
import { checkPermissions } from './permissions.ts';
import { foresee, permissionsOf } from './planned-calls.ts';
import { checkQuotas } from './quotas.ts';

export interface PreflightOptions {
  readonly plan: Plan;
  /** The ARN that GetCallerIdentity gives. */
  readonly principal: string;
  readonly place: Place;
  /** Its session refuses writes. */
  readonly context: ResourceContext;
  /** When the credentials expire, if they do. */
  readonly expires: Date | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Keys of what an earlier part of this run has made. */
  readonly ours: ReadonlySet<string>;
}

/**
 * Looks at everything that can be known to stand in the way of a lab, before anything is written: all findings at once.
 * @throws {UserError} when nothing could be looked at, because there is no connection or the credentials are not accepted.
 */
export async function preflight(options: PreflightOptions): Promise<readonly PreflightFinding[]> {
  const { plan, principal, place, context, expires, now, ours } = options;
  const steps = foresee(plan, place);
  const [permissions, names] = await Promise.all([
    checkPermissions(permissionsOf(steps, place), principal, place, context.aws),
    checkNames(steps, ours, context),
  ]);
  const missing = steps.filter(({ step }) => !step.owns().some((ref) => names.present.has(refKey(ref))));
  const quotas = await checkQuotas(
    missing.flatMap(({ step }) => step.explain()),
    context.aws,
  );
  return [...checkExpiry(expires, now, plan.lab.minutes), ...permissions, ...quotas, ...names.findings];
}

const minuteMs = 60_000;

/** Credentials may be renewed by themselves; where they are not, the teardown needs them as well. */
function checkExpiry(expires: Date | undefined, now: number, minutes: number): readonly PreflightFinding[] {
  if (expires === undefined) return [{ about: 'credentials', weight: 'good', message: 'they do not say that they expire' }];
  const left = Math.floor((expires.getTime() - now) / minuteMs);
  const at = `${expires.toISOString().slice(0, 16)}Z`;
  if (left >= minutes) return [{ about: 'credentials', weight: 'good', message: `valid until ${at}` }];
  return [
    {
      about: 'credentials',
      weight: 'warning',
      message: `The credentials expire at ${at}, in ${left} min. The lab takes about ${minutes} min, and removing what it has created needs them as well.`,
      hint: 'Where they are not renewed by themselves, sign in again before you begin.',
    },
  ];
}
