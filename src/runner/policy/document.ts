import type { Permission } from '../../aws/permission.ts';

/** A statement of an IAM policy (IAM User Guide, "IAM JSON policy element reference"). */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, readonly string[]>> };
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** What a customer managed policy may have, white space not counted (IAM quotas); all inline policies of a role may have 10,240. */
export const longestPolicy = 6_144;

/** The policy that gives permissions, and nothing else. What is allowed on the same resources is one statement. */
export function policyDocument(permissions: readonly Permission[]): PolicyDocument {
  const byAction = groups(permissions, ({ action, keys = {} }) => [action, Object.keys(keys)]).map((all) => ({
    action: all[0].action,
    resources: widest(all.map(({ resource }) => resource)),
    conditions: conditionsOf(all),
  }));
  const counts = new Map<string, number>();
  const Statement = groups(byAction, ({ action, resources, conditions }) => [serviceOf(action), resources, conditions]).map((all) => {
    const [{ action, resources, conditions }] = all;
    const service = serviceOf(action);
    const count = (counts.get(service) ?? 0) + 1;
    counts.set(service, count);
    return {
      Sid: `${service[0]?.toUpperCase()}${service.slice(1)}${count}`,
      Effect: 'Allow' as const,
      Action: sorted(all.map((each) => each.action)),
      Resource: resources,
      ...(conditions === undefined ? {} : { Condition: conditions }),
    };
  });
  return { Version: '2012-10-17', Statement: Statement.toSorted((one, other) => (one.Sid < other.Sid ? -1 : 1)) };
}

/** How long IAM takes a policy to be. */
export function policyLength(policy: PolicyDocument): number {
  return JSON.stringify(policy).length;
}

function serviceOf(action: string): string {
  return action.split(':', 1)[0] ?? action;
}

function conditionsOf(permissions: readonly Permission[]): PolicyStatement['Condition'] {
  const values = new Map<string, Set<string>>();
  for (const { keys = {} } of permissions)
    for (const [key, value] of Object.entries(keys)) values.set(key, (values.get(key) ?? new Set()).add(value));
  if (values.size === 0) return undefined;
  return { StringEquals: Object.fromEntries([...values].map(([key, all]) => [key, sorted([...all])])) };
}

/** Beside everything, nothing else need be named. */
function widest(resources: readonly string[]): readonly string[] {
  return resources.includes('*') ? ['*'] : sorted(resources);
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

type Some<Item> = readonly [Item, ...Item[]];

function groups<Item>(items: readonly Item[], keyOf: (item: Item) => unknown): readonly Some<Item>[] {
  const all = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    const group = all.get(key);
    if (group === undefined) all.set(key, [item]);
    else group.push(item);
  }
  return [...all.values()];
}
