import { apiCall } from '../../aws/api-call.ts';
import { ApiError, type Aws } from '../../aws/aws.ts';
import { pages } from '../../aws/pages.ts';
import type { Permission, Place } from '../../aws/permission.ts';
import type { PreflightFinding } from './finding.ts';

/** A permission that the policies do not give, as far as IAM can tell. */
interface Refused extends Permission {
  /** Keys that conditions of the policies ask for and that are not known before the request: then it may be given all the same. */
  readonly missingKeys: readonly string[];
  readonly byOrganization: boolean;
}

/**
 * Asks IAM what would be answered to each call, without making any (IAM User Guide, "Testing IAM policies with the IAM policy
 * simulator"). What a session's own policy takes away it does not know.
 * @param principal the ARN that GetCallerIdentity gives.
 */
export async function checkPermissions(
  permissions: readonly Permission[],
  principal: string,
  place: Place,
  aws: Aws,
): Promise<readonly PreflightFinding[]> {
  if (/:root$/.test(principal)) {
    return [{ about: 'permissions', weight: 'good', message: 'the root user of an account may do everything there' }];
  }
  try {
    const source = await policySource(principal, place, aws);
    if (source === undefined) return [unknown(`IAM cannot tell what ${principal} may do`)];
    const refused: Refused[] = [];
    for (const alike of groups(permissions)) refused.push(...(await simulate(alike, source, place, aws)));
    return findings(permissions, refused, principal);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [unknown(`${error.call.service}:${error.call.operation} answered ${error.code}: ${error.message}`)];
  }
}

function unknown(why: string): PreflightFinding {
  return {
    about: 'permissions',
    weight: 'unknown',
    message: `could not be checked: ${why}`,
    hint: 'Nothing is wrong with that. Whether a call is allowed is seen when it is made.',
  };
}

/** The user or role whose policies count. The ARN of a session has the name of its role without the path. */
async function policySource(principal: string, { partition, account }: Place, aws: Aws): Promise<string | undefined> {
  if (/:user\//.test(principal)) return principal;
  const role = /:assumed-role\/([^/]+)\//.exec(principal)?.[1];
  if (role === undefined) return undefined;
  try {
    const { Role } = await aws.call(apiCall('iam', 'GetRole', { RoleName: role }));
    if (Role?.Arn) return Role.Arn;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  return `arn:${partition}:iam::${account}:role/${role}`;
}

/** Those that can be asked about in one request: of one resource, and with the same keys. */
function groups(permissions: readonly Permission[]): readonly (readonly Permission[])[] {
  const alike = new Map<string, Permission[]>();
  for (const permission of permissions) {
    const key = JSON.stringify([permission.resource, permission.keys]);
    alike.set(key, [...(alike.get(key) ?? []), permission]);
  }
  return [...alike.values()];
}

async function simulate(permissions: readonly Permission[], source: string, { region }: Place, aws: Aws): Promise<readonly Refused[]> {
  const [{ resource, keys = {} } = { resource: '*' }] = permissions;
  const known = { ...(region === '' ? {} : { 'aws:RequestedRegion': region }), ...keys };
  const call = apiCall('iam', 'SimulatePrincipalPolicy', {
    PolicySourceArn: source,
    ActionNames: permissions.map(({ action }) => action),
    ...(resource === '*' ? {} : { ResourceArns: [resource] }),
    ContextEntries: Object.entries(known).map(([name, value]) => ({
      ContextKeyName: name,
      ContextKeyType: 'string' as const,
      ContextKeyValues: [value],
    })),
  });
  const refused: Refused[] = [];
  for await (const { EvaluationResults = [] } of pages(aws, call, { request: 'Marker', answer: 'Marker' })) {
    for (const result of EvaluationResults) {
      const permission = permissions.find(({ action }) => action.toLowerCase() === result.EvalActionName?.toLowerCase());
      if (permission === undefined || result.EvalDecision === 'allowed') continue;
      refused.push({
        ...permission,
        // Where the question names resources, they are told of each of these.
        missingKeys: [result, ...(result.ResourceSpecificResults ?? [])].flatMap((each) => each.MissingContextValues ?? []),
        byOrganization: result.OrganizationsDecisionDetail?.AllowedByOrganizations === false,
      });
    }
  }
  return refused;
}

function findings(asked: readonly Permission[], refused: readonly Refused[], principal: string): readonly PreflightFinding[] {
  const certain = refused.filter(({ missingKeys }) => missingKeys.length === 0);
  const doubtful = refused.filter(({ missingKeys }) => missingKeys.length > 0);
  if (refused.length === 0) return [{ about: 'permissions', weight: 'good', message: `all ${asked.length} that the lab needs are given` }];
  return [
    ...byResource(certain).map(([resource, those]): PreflightFinding => {
      const organization = those.some(({ byOrganization }) => byOrganization)
        ? ' A policy of the organization is among what forbids it.'
        : '';
      return {
        about: 'permissions',
        weight: 'fatal',
        message: `${principal} may not do ${listed(those)}${on(resource)}.${organization}`,
        hint: 'Have it allowed by whoever manages the account, or use other credentials with --profile.',
      };
    }),
    ...byResource(doubtful).map(([resource, those]): PreflightFinding => {
      const keys = [...new Set(those.flatMap(({ missingKeys }) => missingKeys))].join(', ');
      return {
        about: 'permissions',
        weight: 'warning',
        message: `Whether ${principal} may do ${listed(those)}${on(resource)} depends on ${keys}, which is known only when the call is made.`,
      };
    }),
  ];
}

function byResource(permissions: readonly Refused[]): readonly (readonly [string, readonly Refused[]])[] {
  const resources = [...new Set(permissions.map(({ resource }) => resource))];
  return resources.map((resource) => [resource, permissions.filter((each) => each.resource === resource)]);
}

function listed(permissions: readonly Permission[]): string {
  return permissions.map(({ action }) => action).join(', ');
}

function on(resource: string): string {
  return resource === '*' ? '' : ` on ${resource}`;
}
