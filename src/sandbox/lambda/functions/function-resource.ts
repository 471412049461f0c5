import type { Scope } from '../../cloud.ts';
import { functionArn, readFunctionName } from './function-name.ts';

/** The ARN that IAM is asked about for operations on one function. */
export function functionResource(input: { readonly FunctionName?: string | undefined }, context: Scope): readonly string[] {
  return [functionArn(context, readFunctionName(input.FunctionName ?? '', context).name)];
}
