import { didYouMean } from '../util/closest.ts';
import { type ServiceName, serviceNames } from '../util/sdk.ts';
import { UserError } from '../util/user-error.ts';
import { type Fault, faultText } from './fault.ts';
import { loadService } from './services.ts';

/**
 * Looks whether the services have the operations that faults are for, because a fault that nothing can meet would be a
 * silent success.
 * @throws {UserError} for the first one that has not.
 */
export async function checkOperations(faults: readonly Fault[]): Promise<void> {
  for (const fault of faults) {
    if (fault.kind === 'slow-thing') continue;
    const [service, operation = ''] = fault.call.split(':');
    const name = serviceNames.find((each): each is ServiceName => each === service);
    if (name === undefined || operation.includes('*')) continue;
    const { operations } = await loadService(name);
    if (operations.includes(operation)) continue;
    throw new UserError(`The fault "${faultText(fault)}" can never happen: the sandbox has no operation ${operation} of ${name}.`, {
      hint: didYouMean(operation, operations) ?? 'Operations are spelled as in the AWS API reference, for example PutRecord.',
    });
  }
}
