import type { OperationOf } from '../../operation.ts';
import { configurationOf } from './configuration.ts';
import { namespacedFunctionNameConstraint, qualifierConstraint } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { requestedInvocable } from './functions.ts';

/** GetFunctionConfiguration (Lambda API reference). */
export const getFunctionConfiguration: OperationOf<'lambda', 'GetFunctionConfiguration'> = {
  constraints: { FunctionName: namespacedFunctionNameConstraint, Qualifier: qualifierConstraint },
  resources: functionResource,
  handle(input, context) {
    const { invocable, arn } = requestedInvocable(input, context);
    return configurationOf(invocable.main, arn);
  },
};
