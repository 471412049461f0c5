import { type Cloud, type Scope, slot } from '../../cloud.ts';
import { conflict, notFound } from '../error.ts';
import type { LambdaFunction } from './function.ts';
import { type FunctionReference, functionArn, readFunctionName } from './function-name.ts';

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
   * Finds a function by what a request calls it. There are no versions and aliases, so a qualifier other than `$LATEST` finds nothing.
   * @param unqualified is how the error names a function for which the request gives no qualifier.
   * @throws {AwsError} ResourceNotFoundException
   */
  named(functionName: string, qualifier?: string, unqualified?: '$LATEST'): LambdaFunction {
    const reference = readFunctionName(functionName, this.#scope, qualifier);
    const lambdaFunction = isLatest(reference) ? this.find(reference.name) : undefined;
    if (lambdaFunction !== undefined) return lambdaFunction;
    const shown = [functionArn(this.#scope, reference.name), reference.qualifier ?? unqualified];
    throw notFound(`Function not found: ${shown.filter((part) => part !== undefined).join(':')}`);
  }
}

function isLatest({ qualifier }: FunctionReference): boolean {
  return qualifier === undefined || qualifier === '$LATEST';
}

const functions = slot('lambda-functions', (scope) => new Functions(scope));

export function functionsOf(cloud: Cloud, scope: Scope): Functions {
  return cloud.state(functions, scope);
}
