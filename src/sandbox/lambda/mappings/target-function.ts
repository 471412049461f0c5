import type { Cloud, Scope } from '../../cloud.ts';
import type { RequestContext } from '../../operation.ts';
import { invalidParameter } from '../error.ts';
import { functionArn, readFunctionName } from '../functions/function-name.ts';
import { functionsOf } from '../functions/functions.ts';
import type { Invocable } from '../functions/invocable.ts';
import type { MappedFunction } from './settings.ts';

/** What a mapping calls; undefined where it is gone. */
export function findTarget(
  cloud: Cloud,
  scope: Scope,
  { name, qualifier }: Pick<MappedFunction, 'name' | 'qualifier'>,
): Invocable | undefined {
  return functionsOf(cloud, scope).find(name)?.invocable(qualifier);
}

/** The execution role of what a mapping calls; for an alias, that of the version to which it leads. */
export function roleOfTarget({ main }: Invocable): string {
  return main.configured.settings.role;
}

/**
 * What a request calls the function of a mapping, and its execution role.
 * @throws {AwsError} InvalidParameterValueException, not ResourceNotFoundException, when there is no such function, version or alias.
 */
export function targetFunction(functionName: string, context: RequestContext): { readonly target: MappedFunction; readonly role: string } {
  const { name, qualifier, ...scope } = readFunctionName(functionName, context);
  const found = scope.account === context.account ? findTarget(context.cloud, scope, { name, qualifier }) : undefined;
  if (found === undefined) throw invalidParameter('Function does not exist');
  return { target: { name, qualifier, arn: functionArn(scope, name, qualifier) }, role: roleOfTarget(found) };
}
