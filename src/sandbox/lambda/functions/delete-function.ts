import type { OperationOf } from '../../operation.ts';
import { namespacedFunctionNameConstraint, qualifierConstraint } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { functionsOf } from './functions.ts';

/** DeleteFunction (Lambda API reference). Mappings and the log group stay (Lambda Developer Guide, "Polling and stream starting positions"). */
export const deleteFunction: OperationOf<'lambda', 'DeleteFunction'> = {
  constraints: { FunctionName: namespacedFunctionNameConstraint, Qualifier: qualifierConstraint },
  resources: functionResource,
  handle(input, { cloud, ...scope }) {
    const functions = functionsOf(cloud, scope);
    const lambdaFunction = functions.named(input.FunctionName ?? '', input.Qualifier);
    functions.delete(lambdaFunction);
    cloud.inBackground(() => lambdaFunction.delete());
    return { StatusCode: 204 };
  },
};
