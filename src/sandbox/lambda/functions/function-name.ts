import type { Scope } from '../../cloud.ts';
import { AwsError } from '../../error.ts';
import type { Constraint } from '../../operation.ts';
import { invalidParameter, notFound } from '../error.ts';

const prefixes = '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?';
const plainPattern = `${prefixes}([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`;
const namespacedPattern = `${prefixes}([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`;

/** `FunctionName` of the operations that change a function: a name, a partial ARN or an ARN (Lambda API model). */
export const functionNameConstraint: Constraint = {
  required: true,
  minLength: 1,
  maxLength: 140,
  pattern: new RegExp(`^${plainPattern}$`),
  patternText: plainPattern,
};

/** `FunctionName` of the operations that read or invoke, which allow longer ones (Lambda API model), where it can be left out. */
export const optionalFunctionNameConstraint: Constraint = {
  minLength: 1,
  maxLength: 256,
  pattern: new RegExp(`^${namespacedPattern}$`),
  patternText: namespacedPattern,
};

/** The same, where it cannot. */
export const namespacedFunctionNameConstraint: Constraint = { ...optionalFunctionNameConstraint, required: true };

const qualifierPattern = '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+';

/** `Qualifier` (Lambda API model). */
export const qualifierConstraint: Constraint = {
  minLength: 1,
  maxLength: 128,
  pattern: new RegExp(`^(?:${qualifierPattern})$`),
  patternText: qualifierPattern,
};

/** What a `FunctionName` and a `Qualifier` refer to, in whichever account. */
export interface FunctionReference extends Scope {
  readonly name: string;
  readonly qualifier: string | undefined;
}

/**
 * Reads `name`, `name:qualifier`, `123456789012:function:name`, `function:name` or an ARN.
 * @throws {AwsError} for a function of another region, or two qualifiers that differ.
 */
export function readFunctionName(text: string, scope: Scope, qualifier?: string): FunctionReference {
  const [, , region, account, name = '', own] =
    /^(arn:[^:]*:lambda:)?(?:((?:eusc-)?[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(\d{12}):)?(?:function:)?([\w.-]+)(?::(.+))?$/.exec(text) ?? [];
  if (region !== undefined && region !== scope.region) {
    throw notFound(`Functions from '${region}' are not reachable in this region ('${scope.region}')`);
  }
  if (own !== undefined && qualifier !== undefined && own !== qualifier) {
    throw new AwsError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  return { account: account ?? scope.account, region: scope.region, name, qualifier: own ?? qualifier };
}

/** A name of more than 64 characters is none that a function can be given (recorded from Lambda); others find nothing by it. @throws {AwsError} */
export function refuseLongName({ name }: FunctionReference): void {
  if (name.length <= 64) return;
  const problem = `Value '${name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`;
  throw invalidParameter(`1 validation error detected: ${problem}`);
}

export function functionArn({ account, region }: Scope, name: string, qualifier?: string): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`;
}
