import type { RequestContext } from '../../operation.ts';
import { invalidParameter } from '../error.ts';
import { readFunctionName } from '../functions/function-name.ts';
import { functionsOf } from '../functions/functions.ts';

/** The function that a mapping is for. */
export interface TargetFunction {
  readonly name: string;
  /** Unqualified, unless the request said `$LATEST`. */
  readonly arn: string;
  /** Its execution role. */
  readonly role: string;
}

/** @throws {AwsError} InvalidParameterValueException, not ResourceNotFoundException, when there is no such function. */
export function targetFunction(functionName: string, context: RequestContext): TargetFunction {
  const { name, qualifier } = readFunctionName(functionName, context);
  const lambdaFunction = functionsOf(context.cloud, context).find(name);
  if (lambdaFunction === undefined || (qualifier !== undefined && qualifier !== '$LATEST'))
    throw invalidParameter('Function does not exist');
  const arn = qualifier === undefined ? lambdaFunction.arn : `${lambdaFunction.arn}:${qualifier}`;
  return { name, arn, role: lambdaFunction.latest.settings.role };
}
