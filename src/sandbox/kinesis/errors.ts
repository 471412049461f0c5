import { AwsError } from '../error.ts';

export { notImplemented } from '../not-implemented.ts';

/** What texts say of a stream and of a shard. */
interface NamedStream {
  readonly name: string;
  readonly account: string;
}
interface NamedShard {
  readonly id: string;
}

/** The texts are those of texts recorded from Kinesis; what is unverified there is said to be so where it is used. */
export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgumentException', message);
}

export function invalidInput(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function resourceInUse(message: string): AwsError {
  return new AwsError('ResourceInUseException', message);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceededException', message);
}

export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function streamNotFound(name: string, account: string): AwsError {
  return resourceNotFound(`Stream ${name} under account ${account} not found.`);
}

/** The text is unverified. */
export function consumerNotFound(name: string, streamArn: string, account: string): AwsError {
  return resourceNotFound(`Consumer ${name} under stream ${streamArn} not found for account ${account}.`);
}

/**
 * A consumer that cannot be used yet, or no more (quoted in reports).
 * @param where its stream and its account, which each operation says in words of its own
 */
export function consumerNotActive(consumer: { readonly name: string; readonly createdAt: number }, where: string): AwsError {
  const created = Math.floor(consumer.createdAt / 1000);
  return resourceInUse(`Consumer ${consumer.name} with creation timestamp ${created} under ${where} is not in ACTIVE status.`);
}

/** A shard whose id is not one, or whom splitting and merging do not find. */
export function shardNotFound(shardId: string, name: string, account: string): AwsError {
  return resourceNotFound(`Could not find shard ${shardId} in stream ${name} under account ${account}.`);
}

/** A shard that cannot be read because it, or its stream, is not there. */
export function shardDoesNotExist(shardId: string, name: string, account: string): AwsError {
  return resourceNotFound(`Shard ${shardId} in stream ${name} under account ${account} does not exist`);
}

export function notActive(stream: NamedStream & { readonly status: string }): AwsError {
  return resourceInUse(`Stream ${stream.name} under account ${stream.account} not ACTIVE, instead in state ${stream.status}`);
}

/** A read or a write that a shard's limits do not let through. */
export function throughputExceeded(shard: NamedShard, stream: NamedStream): AwsError {
  return new AwsError(throughputExceededCode, rateExceeded(shard, stream));
}

/** PutRecords answers with the code and the text for each record. */
export const throughputExceededCode = 'ProvisionedThroughputExceededException';

export function rateExceeded(shard: NamedShard, { name, account }: NamedStream): string {
  return `Rate exceeded for shard ${shard.id} in stream ${name} under account ${account}.`;
}

/** The answer to a request with DryRun that would have succeeded. The text is unverified. */
export function dryRun(): AwsError {
  return new AwsError('DryRunOperationException', 'Request would have succeeded, but DryRun flag is set.');
}
