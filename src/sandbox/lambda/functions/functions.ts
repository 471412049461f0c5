import { type Cloud, type Scope, slot } from '../../cloud.ts';
import type { AwsError } from '../../error.ts';
import { conflict, invalidParameter, notFound } from '../error.ts';
import type { LambdaFunction } from './function.ts';
import { functionArn, readFunctionName } from './function-name.ts';
import type { Invocable } from './invocable.ts';
import { latest } from './version.ts';

/** The functions of one account in one region. */
export class Functions {
  readonly #scope: Scope;
  readonly #byName = new Map<string, LambdaFunction>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** By name. */
  all(): readonly LambdaFunction[] {
    return [...this.#byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  find(name: string): LambdaFunction | undefined {
    return this.#byName.get(name);
  }

  /** @throws {AwsError} when the name is taken. */
  refuseDuplicate(name: string): void {
    if (this.#byName.has(name)) throw conflict(`Function already exist: ${name}`);
  }

  /** @throws {AwsError} when the name is taken. */
  add(lambdaFunction: LambdaFunction): void {
    this.refuseDuplicate(lambdaFunction.name);
    this.#byName.set(lambdaFunction.name, lambdaFunction);
  }

  delete(lambdaFunction: LambdaFunction): void {
    this.#byName.delete(lambdaFunction.name);
  }

  /**
   * Finds a function by what a request calls it that can be about nothing but `$LATEST`.
   * @throws {AwsError} ResourceNotFoundException
   */
  named(functionName: string): LambdaFunction {
    const { name, qualifier } = readFunctionName(functionName, this.#scope);
    const lambdaFunction = qualifier === undefined || qualifier === latest ? this.find(name) : undefined;
    if (lambdaFunction === undefined) throw functionNotFound(functionArn(this.#scope, name, qualifier));
    return lambdaFunction;
  }

  /**
   * The same for an operation on a function with all its versions.
   * @param missing how the error names a function that is not there
   * @throws {AwsError} InvalidParameterValueException, whose text was recorded from PutFunctionConcurrency
   */
  unqualified(functionName: string, missing?: typeof latest): LambdaFunction {
    const { name, qualifier } = readFunctionName(functionName, this.#scope);
    if (qualifier !== undefined) {
      throw invalidParameter(
        'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. ' +
          'Please specify either a function name or an unqualified function ARN.',
      );
    }
    const lambdaFunction = this.find(name);
    if (lambdaFunction === undefined) throw functionNotFound(functionArn(this.#scope, name, missing));
    return lambdaFunction;
  }
}

export function functionNotFound(arn: string): AwsError {
  return notFound(`Function not found: ${arn}`);
}

/** What a request calls by its name and a qualifier. */
interface RequestedInvocable {
  readonly lambdaFunction: LambdaFunction;
  readonly invocable: Invocable;
  /** With the qualifier that the request gave, if it gave one. */
  readonly arn: string;
}

/**
 * Finds a function, a version or an alias, of whichever account.
 * @param unqualified is how the error names a function for which the request gives no qualifier.
 * @throws {AwsError} ResourceNotFoundException
 */
export function requestedInvocable(
  { FunctionName = '', Qualifier }: { readonly FunctionName: string | undefined; readonly Qualifier?: string | undefined },
  { cloud, ...scope }: Scope & { readonly cloud: Cloud },
  unqualified?: typeof latest,
): RequestedInvocable {
  const reference = readFunctionName(FunctionName, scope, Qualifier);
  const { name, qualifier } = reference;
  const lambdaFunction = functionsOf(cloud, reference).find(name);
  const invocable = lambdaFunction?.invocable(qualifier);
  if (lambdaFunction === undefined || invocable === undefined)
    throw functionNotFound(functionArn(reference, name, qualifier ?? unqualified));
  return { lambdaFunction, invocable, arn: functionArn(reference, name, qualifier) };
}

const functions = slot('lambda-functions', (scope) => new Functions(scope));

export function functionsOf(cloud: Cloud, scope: Scope): Functions {
  return cloud.state(functions, scope);
}
