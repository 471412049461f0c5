import type { ServiceName } from '../util/sdk.ts';
import { AwsError } from './error.ts';
import { throughputExceededCode } from './kinesis/errors.ts';
import { streamNameOf } from './kinesis/streams.ts';

interface FaultAnswer {
  readonly code: string;
  readonly text: string;
  readonly status: number;
  readonly members?: Readonly<Record<string, unknown>>;
}

/**
 * How each service says that it is asked too often (the "Errors" and "Common Errors" of its API reference). The texts
 * are widely quoted from AWS; those of SQS and Firehose, and all codes of calls that their reference lists none for, are unverified.
 */
const throttling: { readonly [Name in Exclude<ServiceName, 'kinesis'>]: FaultAnswer } = {
  lambda: { code: 'TooManyRequestsException', text: 'Rate exceeded', status: 429, members: { Reason: 'CallerRateLimitExceeded' } },
  iam: { code: 'Throttling', text: 'Rate exceeded', status: 400 },
  sts: { code: 'Throttling', text: 'Rate exceeded', status: 400 },
  logs: { code: 'ThrottlingException', text: 'Rate exceeded', status: 400 },
  sqs: { code: 'RequestThrottled', text: 'The request was denied due to request throttling.', status: 400 },
  s3: { code: 'SlowDown', text: 'Please reduce your request rate.', status: 503 },
  firehose: { code: 'ThrottlingException', text: 'Rate exceeded', status: 400 },
  events: { code: 'ThrottlingException', text: 'Rate exceeded', status: 400 },
  scheduler: { code: 'ThrottlingException', text: 'Rate exceeded', status: 429 },
};

/** How each service says that it has failed (as above; the texts of Lambda and of EventBridge are unverified). */
const unknownFailure = 'The request processing has failed because of an unknown error, exception or failure.';
const failing: { readonly [Name in ServiceName]: FaultAnswer } = {
  kinesis: { code: 'InternalFailure', text: 'Internal service failure.', status: 500 },
  lambda: { code: 'ServiceException', text: 'The AWS Lambda service encountered an internal error.', status: 500 },
  iam: { code: 'ServiceFailure', text: unknownFailure, status: 500 },
  sts: { code: 'InternalFailure', text: unknownFailure, status: 500 },
  logs: { code: 'ServiceUnavailableException', text: 'The service cannot complete the request.', status: 500 },
  sqs: { code: 'InternalFailure', text: unknownFailure, status: 500 },
  s3: { code: 'InternalError', text: 'We encountered an internal error. Please try again.', status: 500 },
  firehose: { code: 'InternalFailure', text: unknownFailure, status: 500 },
  events: { code: 'InternalException', text: 'This exception occurs due to unexpected causes.', status: 500 },
  scheduler: { code: 'InternalServerException', text: 'Unexpected error encountered while processing the request.', status: 500 },
};

/** What is answered to a call that is throttled. @param input the call's, which tells what the limit is one of */
export function throttled(service: ServiceName, operation: string, input: Readonly<Record<string, unknown>>, account: string): AwsError {
  return answered(service === 'kinesis' ? kinesisThrottling(operation, input, account) : throttling[service]);
}

/** What is answered to a call on which the service fails. */
export function failed(service: ServiceName): AwsError {
  return answered(failing[service]);
}

function answered({ code, text, status, members }: FaultAnswer): AwsError {
  return new AwsError(code, text, { status, ...(members === undefined ? {} : { members }) });
}

/** Reads and writes have limits of the shard, everything else those of the account and the stream (Kinesis API reference). */
function kinesisThrottling(operation: string, input: Readonly<Record<string, unknown>>, account: string): FaultAnswer {
  const { StreamName, StreamARN } = input;
  const stream = typeof StreamName === 'string' ? StreamName : typeof StreamARN === 'string' ? streamNameOf(StreamARN) : undefined;
  const where = stream === undefined ? `account ${account}` : `stream ${stream} under account ${account}`;
  return /^(Put|Get)/.test(operation)
    ? { code: throughputExceededCode, text: `Rate exceeded for shard shardId-000000000000 in ${where}.`, status: 400 }
    : { code: 'LimitExceededException', text: `Rate exceeded for ${where}.`, status: 400 };
}
