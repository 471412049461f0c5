import type { ServiceName } from '../util/sdk.ts';
import { AwsError } from './error.ts';
import { denialText, findDenial } from './iam/access.ts';
import { requestTagKeys } from './iam/request-tags.ts';
import type { Besides, Operation, RequestContext } from './operation.ts';
import { validate } from './validate.ts';

/** A service, as far as it refuses calls. */
export interface CalledService {
  readonly name: ServiceName;
  /** The code of an input that breaks a constraint. */
  readonly invalid: string;
  /** What is answered to a request without permission (IAM User Guide, "Policy evaluation logic"). */
  readonly denied: {
    readonly code: string;
    readonly status: number;
    /** How the service prints the resource, where it has a way of its own. */
    readonly resource?: (arn: string) => string;
  };
}

/** An operation that somebody calls, by HTTP or from within the sandbox. */
export interface OperationCall<Input, Output> {
  readonly service: CalledService;
  readonly name: string;
  readonly operation: Operation<Input, Output>;
  readonly input: Input;
}

/**
 * Checks the input of a call, then whether the caller may make it, and makes it.
 * @returns its output
 * @throws {AwsError} what the service answers otherwise
 */
export async function carryOut<Input extends object, Output>(call: OperationCall<Input, Output>, context: RequestContext): Promise<Output> {
  const { service, name, operation, input } = call;
  const members = input as Readonly<Record<string, unknown>>;
  if (operation.constraints) validate(members, operation.constraints, service.invalid);
  if (operation.resources) {
    const resources = operation.resources(input, context);
    const serviceKeys = { ...requestTagKeys(members), ...operation.conditionKeys?.(input, context) };
    const policyOf = (resource: string) => operation.resourcePolicy?.(resource, context);
    const asked: Besides = { action: operation.action ?? `${service.name}:${name}` };
    for (const { action, resource, keys = serviceKeys } of [asked, ...(operation.besides?.(input) ?? [])]) {
      const denied = findDenial(context.cloud, context.principal, action, resource === undefined ? resources : [resource], {
        serviceKeys: keys,
        policyOf,
      });
      if (denied !== undefined) throw new AwsError(service.denied.code, denialText(denied, service.denied.resource), service.denied);
    }
  }
  return operation.handle(input, context);
}
