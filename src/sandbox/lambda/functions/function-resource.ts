import type { Scope } from '../../cloud.ts';
import { functionArn, readFunctionName } from './function-name.ts';

/** The ARN that IAM is asked about for operations on one function. */
export function functionResource(input: { readonly FunctionName?: string | undefined }, context: Scope): readonly string[] {
  const reference = readFunctionName(input.FunctionName ?? '', context);
  return [functionArn(reference, reference.name)];
}
