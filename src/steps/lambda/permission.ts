import { type AnswerOf, apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent } from '../../aws/aws.ts';
import { queryText } from '../../aws/query.ts';
import { defineResource } from '../resource.ts';

/** A permission in a function's own policy: which service may invoke the function, and for what. */
export interface Permission {
  /** Name or ARN of the function. */
  readonly function: string;
  readonly id: string;
  /** `events.amazonaws.com` */
  readonly service: string;
  /** ARN of what the service acts for. */
  readonly source: string | AnswerOf;
}

export const addPermission = ({ function: name, id, service, source }: Permission) =>
  apiCall('lambda', 'AddPermission', {
    FunctionName: name,
    StatementId: id,
    Action: 'lambda:InvokeFunction',
    Principal: service,
    SourceArn: source,
  });
export const removePermission = ({ function: name, id }: Pick<Permission, 'function' | 'id'>) =>
  apiCall('lambda', 'RemovePermission', { FunctionName: name, StatementId: id });
const getPolicy = (name: string) => apiCall('lambda', 'GetPolicy', { FunctionName: name });

/** The policy of a function; `undefined` when it has none, or there is no such function. */
export async function functionPolicy(aws: Aws, name: string): Promise<unknown> {
  const { Policy } = (await orAbsent(aws.call(getPolicy(name)))) ?? {};
  return Policy === undefined ? undefined : JSON.parse(Policy);
}

/** A permission may be of a function by its ARN. */
function functionName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf(':') + 1);
}

/** By the function and the id of the statement. With its function it is gone, too. */
export const permissionResource = defineResource({
  type: 'lambda:permission',
  noun: 'permission',
  needs: (ref) => [{ type: 'lambda:function', id: functionName(ref.split(' ')[0] ?? '') }],
  removal(ref) {
    const [name = '', id = ''] = ref.split(' ');
    return {
      calls: [{ call: () => removePermission({ function: name, id }) }],
      // The policy is JSON in a text, which JMESPath does not look into.
      left: { call: getPolicy(name), query: `contains(Policy, ${queryText(`"Sid":${JSON.stringify(id)}`)})` },
      timeoutMs: 60_000,
    };
  },
});

/** The identity of a permission as a resource. */
export function permissionRef({ function: name, id }: Pick<Permission, 'function' | 'id'>) {
  return { type: permissionResource.type, id: `${name} ${id}` };
}
