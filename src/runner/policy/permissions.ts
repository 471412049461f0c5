import { isReadOnly } from '../../aws/api-call.ts';
import { type Permission, type Place, permissionsFor } from '../../aws/permission.ts';
import { readsOf } from '../../steps/kinesis/shard-reading.ts';
import { filterLogEvents } from '../../steps/logs/log-events.ts';
import type { ResourceRef } from '../../steps/resource.ts';
import { listed } from '../../util/text.ts';
import { UserError } from '../../util/user-error.ts';
import { resourceKind } from '../claim.ts';
import type { Plan } from '../plan.ts';
import { callsOf, type Foreseen, foresee, foreseenNonce, permissionsOf, unknownId } from '../preflight/planned-calls.ts';

/** Where a policy is to hold. Each may be `*`, or a variable that whoever reads the policy puts something in the place of. */
export interface PolicyScope extends Place {
  /** What stands in the names in the place of the prefix that the plans were made with; absent to leave it as it is. */
  readonly prefix?: { readonly planned: string; readonly written: string };
}

// Plans need the numbers of an account; these stand in no name.
const planned: Place = { partition: 'aws', region: 'us-east-1', account: '111122223333' };

/** Everything that doing labs and removing what they make takes. */
export function learnerPermissions(plans: readonly Plan[], scope: PolicyScope): readonly Permission[] {
  return scoped(
    plans.flatMap((plan) => permissionsOf(foresee(plan, planned), planned)),
    scope,
  );
}

/** Everything that looking takes how far somebody has come with labs: what their checks read, and where runs leave traces. */
export function verifierPermissions(plans: readonly Plan[], scope: PolicyScope): readonly Permission[] {
  return scoped(
    plans.flatMap((plan) => foresee(plan, planned).flatMap(looksOf)),
    scope,
  );
}

/**
 * What probing takes besides: to put records into the streams that have a probe.
 * @throws {UserError} where none has
 */
export function probePermissions(plans: readonly Plan[], scope: PolicyScope): readonly Permission[] {
  const probes = plans.flatMap((plan) => foresee(plan, planned).flatMap(({ step }) => step.probe() ?? []));
  if (probes.length === 0) {
    const labs = listed(plans.map(({ lab }) => lab.id));
    throw new UserError(`There is nothing to probe in lab ${labs}.`, { hint: 'Leave --probe out.' });
  }
  return scoped(
    probes.flatMap(({ put }) => permissionsFor(put, planned)),
    scope,
  );
}

function looksOf({ planned: { kind }, step, certain }: Foreseen, _index: number, all: readonly Foreseen[]): readonly Permission[] {
  const calls = [...callsOf(kind, step).filter(isReadOnly), ...certain.flatMap((ref) => tracesOf(ref, all))];
  return calls.flatMap((call) => permissionsFor(call, planned));
}

/** The reads that find a resource, its tags, and what is unique to a run in what it holds. */
function tracesOf(ref: ResourceRef, steps: readonly Foreseen[]) {
  const owner = steps.find(({ certain }) => certain.includes(ref));
  const kind = owner && resourceKind(owner.planned, ref);
  return [
    ...[kind?.all, kind?.tags?.(ref.id)].flatMap((query) => (query === undefined ? [] : [query.call])),
    ...(ref.type === 'logs:group' ? [filterLogEvents({ group: ref.id, text: '' })] : []),
    ...(ref.type === 'kinesis:stream' ? readsOf(ref.id) : []),
  ];
}

/** Each once, for everything that the examples in them stand for. */
function scoped(permissions: readonly Permission[], scope: PolicyScope): readonly Permission[] {
  const all = permissions.flatMap((permission) => inPolicies(permission.resource, scope).map((resource) => ({ ...permission, resource })));
  return [...new Map(all.map((permission) => [JSON.stringify(permission), permission])).values()];
}

/** How a resource that IAM is asked about is written in a policy. */
function inPolicies(resource: string, { partition, region, account, prefix }: PolicyScope): readonly string[] {
  const [, , service = '', place = '', owner = '', ...rest] = resource.split(':');
  if (service === '') return [resource];
  const names = rest
    .join(':')
    .replaceAll(unknownId, '*')
    .replaceAll(foreseenNonce, '*')
    .replaceAll(prefix?.planned ?? '\0', prefix?.written ?? '');
  // Policies that AWS manages belong to no account.
  const whose = /^\d+$/.test(owner) ? account : owner;
  const arn = (what: string) => ['arn', partition, service, place === '' ? '' : region, whose, what].join(':');
  if (service !== 'logs') return [arn(names)];
  // A request that is about a whole group is about all of its log streams as well, and tags are those of the group alone
  // (CloudWatch Logs User Guide, "Overview of managing access").
  const group = names.replace(/:log-stream:[^:]*$/, '');
  return group === 'log-group:' ? ['*'] : [arn(group), arn(`${group}:*`)];
}
