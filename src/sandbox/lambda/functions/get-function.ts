import type { OperationOf } from '../../operation.ts';
import { configurationOf } from './configuration.ts';
import { namespacedFunctionNameConstraint, qualifierConstraint } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { requestedInvocable } from './functions.ts';

/** GetFunction (Lambda API reference). There is no `Code.Location`, because there is no URL from which the code could be fetched. */
export const getFunction: OperationOf<'lambda', 'GetFunction'> = {
  constraints: { FunctionName: namespacedFunctionNameConstraint, Qualifier: qualifierConstraint },
  resources: functionResource,
  handle(input, context) {
    const { lambdaFunction, invocable, arn } = requestedInvocable(input, context);
    const { tags, reservedConcurrency } = lambdaFunction;
    return {
      Configuration: configurationOf(invocable.main, arn),
      Code: {},
      ...(tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) }),
      ...(reservedConcurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
    };
  },
};
