import type { Cloud } from '../cloud.ts';
import type { Principal } from '../operation.ts';

/** Why a principal may not do something, in AWS's words, or `undefined` when it may. */
export function denial(_cloud: Cloud, principal: Principal, action: string, resources: readonly string[]): string | undefined {
  if (principal.kind === 'root') return undefined;
  return `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resources[0] ?? '*'} because no identity-based policy allows the ${action} action`;
}
