import type { OperationOf } from '../../operation.ts';
import { configurationOf } from './configuration.ts';
import { namespacedFunctionNameConstraint, qualifierConstraint } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { functionsOf } from './functions.ts';

/** GetFunction (Lambda API reference). There is no `Code.Location`, because there is no URL from which the code could be fetched. */
export const getFunction: OperationOf<'lambda', 'GetFunction'> = {
  constraints: { FunctionName: namespacedFunctionNameConstraint, Qualifier: qualifierConstraint },
  resources: functionResource,
  handle(input, context) {
    const lambdaFunction = functionsOf(context.cloud, context).named(input.FunctionName ?? '', input.Qualifier);
    const { tags, reservedConcurrency } = lambdaFunction;
    return {
      Configuration: configurationOf(lambdaFunction),
      Code: {},
      ...(tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) }),
      ...(reservedConcurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
    };
  },
};
