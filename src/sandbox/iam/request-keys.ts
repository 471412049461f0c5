import type { Cloud } from '../cloud.ts';
import type { Principal } from '../operation.ts';
import type { Role } from './entity.ts';
import type { RequestKeys } from './pattern.ts';
import type { ServiceKeys } from './policy.ts';
import { resourceTag } from './resource-tags.ts';

/**
 * What conditions can ask about a request (IAM User Guide, "AWS global condition context keys"). The sandbox stands in for
 * HTTPS endpoints, hence `aws:SecureTransport`. The tags of the resource are looked up when a policy asks for one.
 */
export function requestKeys(
  cloud: Cloud,
  principal: Principal,
  role: Role | undefined,
  resource: string,
  serviceKeys: ServiceKeys,
): RequestKeys {
  const now = cloud.clock.now();
  const [, , , region, owner] = resource.split(':');
  const tags = [...(role?.tags ?? []), ...Object.entries(principal.sessionTags ?? {})];
  const known: [string, string | readonly string[]][] = [
    ['aws:PrincipalArn', role?.arn ?? principal.arn],
    ['aws:PrincipalAccount', principal.account],
    ['aws:PrincipalType', principal.kind === 'root' ? 'Account' : 'AssumedRole'],
    ['aws:userid', principal.userId],
    ['aws:CurrentTime', new Date(now).toISOString()],
    ['aws:EpochTime', String(Math.floor(now / 1000))],
    ['aws:SecureTransport', 'true'],
    ['aws:SourceIp', '127.0.0.1'],
    ['aws:PrincipalIsAWSService', 'false'],
    ['aws:ViaAWSService', 'false'],
    // Only temporary credentials tell; nobody has a second factor here.
    ...(principal.kind === 'root' ? [] : [['aws:MultiFactorAuthPresent', 'false'] as [string, string]]),
    ...tags.map(([key, value]): [string, string] => [`aws:PrincipalTag/${key}`, value]),
    ...(region ? [['aws:RequestedRegion', region] as [string, string]] : []),
    ...(owner ? [['aws:ResourceAccount', owner] as [string, string]] : []),
    ...Object.entries(principal.sessionKeys ?? {}),
    ...Object.entries(serviceKeys),
  ];
  const keys = keysOf(known);
  return { get: (key) => keys.get(key) ?? resourceTag(cloud, resource, key) };
}

export function keysOf(known: readonly (readonly [string, string | readonly string[]])[]): ReadonlyMap<string, readonly string[]> {
  return new Map(known.map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]));
}
