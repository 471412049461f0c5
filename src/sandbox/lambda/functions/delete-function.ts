import type { OperationOf } from '../../operation.ts';
import { conflict, invalidParameter } from '../error.ts';
import { mayBeAlias } from './alias-name.ts';
import type { LambdaFunction } from './function.ts';
import { functionArn, namespacedFunctionNameConstraint, qualifierConstraint, readFunctionName } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { functionNotFound, functionsOf } from './functions.ts';
import { latest } from './version.ts';

/**
 * DeleteFunction (Lambda API reference), for a function with all its versions, or for one of these. Mappings and the log
 * group stay (Lambda Developer Guide, "Polling and stream starting positions").
 */
export const deleteFunction: OperationOf<'lambda', 'DeleteFunction'> = {
  constraints: { FunctionName: namespacedFunctionNameConstraint, Qualifier: qualifierConstraint },
  resources: functionResource,
  handle(input, { cloud, ...scope }) {
    const reference = readFunctionName(input.FunctionName ?? '', scope, input.Qualifier);
    const { name, qualifier } = reference;
    if (qualifier === latest) throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
    // Widely quoted; unverified.
    if (mayBeAlias(qualifier)) throw invalidParameter('Deletion of aliases is not currently supported.');
    const functions = functionsOf(cloud, reference);
    const lambdaFunction = functions.find(name);
    // Without the qualifier (recorded from Lambda).
    if (lambdaFunction === undefined) throw functionNotFound(functionArn(reference, name));
    if (qualifier === undefined) {
      functions.delete(lambdaFunction);
      cloud.inBackground(() => lambdaFunction.delete());
      return { StatusCode: 204 };
    }
    // That one which is not there is deleted without an error is unverified.
    const version = lambdaFunction.versions.get(qualifier);
    if (version !== undefined) {
      refuseReferenced(lambdaFunction, qualifier);
      cloud.inBackground(() => lambdaFunction.deleteVersion(version));
    }
    return { StatusCode: 204 };
  },
};

/** The text is widely quoted; unverified. */
function refuseReferenced({ aliases }: LambdaFunction, number: string): void {
  const leading = [...aliases.values()].filter((alias) => alias.leadsTo(number)).map(({ name }) => name);
  if (leading.length === 0) return;
  throw conflict(`Unable to delete version because the following aliases reference it: [${leading.join(', ')}]`);
}
