import type { OperationOf } from '../../operation.ts';
import { smallestUnreserved, unreservedConcurrency } from '../environments/concurrency.ts';
import { untypedInvalidParameter } from '../error.ts';
import { functionNameConstraint } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { functionsOf } from './functions.ts';
import { latest } from './version.ts';

/** PutFunctionConcurrency (Lambda API reference; texts recorded from Lambda). */
export const putFunctionConcurrency: OperationOf<'lambda', 'PutFunctionConcurrency'> = {
  constraints: { FunctionName: functionNameConstraint, ReservedConcurrentExecutions: { required: true, min: 0 } },
  resources: functionResource,
  handle(input, context) {
    const lambdaFunction = functionsOf(context.cloud, context).unqualified(input.FunctionName ?? '', latest);
    const reserved = input.ReservedConcurrentExecutions ?? 0;
    if (unreservedConcurrency(context.cloud, context, lambdaFunction) - reserved < smallestUnreserved) {
      throw untypedInvalidParameter(
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum " +
          `value of [${smallestUnreserved}].`,
      );
    }
    lambdaFunction.reservedConcurrency = reserved;
    lambdaFunction.touch();
    return { ReservedConcurrentExecutions: reserved };
  },
};

/** GetFunctionConcurrency (Lambda API reference). */
export const getFunctionConcurrency: OperationOf<'lambda', 'GetFunctionConcurrency'> = {
  constraints: { FunctionName: functionNameConstraint },
  resources: functionResource,
  handle(input, context) {
    const { reservedConcurrency } = functionsOf(context.cloud, context).unqualified(input.FunctionName ?? '');
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  },
};

/** DeleteFunctionConcurrency (Lambda API reference). */
export const deleteFunctionConcurrency: OperationOf<'lambda', 'DeleteFunctionConcurrency'> = {
  constraints: { FunctionName: functionNameConstraint },
  resources: functionResource,
  handle(input, context) {
    const lambdaFunction = functionsOf(context.cloud, context).unqualified(input.FunctionName ?? '');
    lambdaFunction.reservedConcurrency = undefined;
    lambdaFunction.touch();
    return {};
  },
};
