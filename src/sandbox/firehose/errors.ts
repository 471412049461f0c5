import { AwsError } from '../error.ts';

/** The texts are widely quoted from AWS, unless it is said where they are used. */
export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgumentException', message);
}

export function deliveryStreamNotFound(name: string, account: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Firehose ${name} under account ${account} not found.`);
}

export function resourceInUse(message: string): AwsError {
  return new AwsError('ResourceInUseException', message);
}
