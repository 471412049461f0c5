import type { OperationOf } from '../../operation.ts';
import { codeLocation } from './code-location.ts';
import { configurationOf } from './configuration.ts';
import { namespacedFunctionNameConstraint, qualifierConstraint } from './function-name.ts';
import { functionResource } from './function-resource.ts';
import { requestedInvocable } from './functions.ts';

/** GetFunction (Lambda API reference). */
export const getFunction: OperationOf<'lambda', 'GetFunction'> = {
  constraints: { FunctionName: namespacedFunctionNameConstraint, Qualifier: qualifierConstraint },
  resources: functionResource,
  handle(input, context) {
    const { lambdaFunction, invocable, arn } = requestedInvocable(input, context);
    const { tags, reservedConcurrency } = lambdaFunction;
    return {
      Configuration: configurationOf(invocable.main, arn),
      Code: { RepositoryType: 'S3', Location: codeLocation(context, lambdaFunction, invocable.main.configured.code) },
      ...(tags.size === 0 ? {} : { Tags: Object.fromEntries(tags) }),
      ...(reservedConcurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
    };
  },
};
