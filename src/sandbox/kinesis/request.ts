import type { RequestContext } from '../operation.ts';
import { invalidArgument, notActive, streamNotFound } from './errors.ts';
import { type Stream, streamArn } from './stream.ts';
import { attachedPolicy, streamByArn, streamNameOf } from './streams.ts';

/** How requests say which stream they are about. */
export interface StreamReference {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
}

/** What IAM is asked about: the ARN of the stream, whether it exists or not. */
export function streamResource({ StreamName, StreamARN }: StreamReference, context: RequestContext): readonly string[] {
  if (StreamARN !== undefined) return [StreamARN];
  return [StreamName === undefined ? '*' : streamArn(context, StreamName)];
}

/** What IAM is asked for an operation on a stream that its policy can open to other accounts. */
export const onSharedStream = { resources: streamResource, resourcePolicy: attachedPolicy };

/** The stream with an ARN, of any account, in the region of the request. */
export function findStream(arn: string, { cloud, region }: RequestContext): Stream | undefined {
  const stream = streamByArn(cloud, arn);
  return stream?.region === region ? stream : undefined;
}

/** The name and the account that a request speaks of. */
export function referredStream({ StreamName, StreamARN }: StreamReference, context: RequestContext): { name: string; account: string } {
  // The two texts are unverified: they were different when StreamARN did not exist.
  if (StreamARN === undefined && StreamName === undefined) throw invalidArgument('Either StreamName or StreamARN should be provided.');
  const named = StreamARN === undefined ? StreamName : (streamNameOf(StreamARN) ?? StreamARN.slice(StreamARN.lastIndexOf('/') + 1));
  if (StreamName !== undefined && named !== StreamName) {
    throw invalidArgument(`StreamARN ${StreamARN} does not match StreamName ${StreamName}.`);
  }
  return { name: named ?? '', account: StreamARN?.split(':')[4] ?? context.account };
}

/**
 * The stream that a request is about, in whatever state it is.
 * @throws {AwsError} ResourceNotFoundException, InvalidArgumentException
 */
export function requestedStream(reference: StreamReference, context: RequestContext): Stream {
  const { name, account } = referredStream(reference, context);
  const stream = findStream(reference.StreamARN ?? streamArn(context, name), context);
  if (stream === undefined) throw streamNotFound(name, account);
  return stream;
}

/**
 * The stream, if it is ACTIVE: what an operation needs that changes it.
 * @throws {AwsError} ResourceNotFoundException, ResourceInUseException
 */
export function activeStream(reference: StreamReference, context: RequestContext): Stream {
  const stream = requestedStream(reference, context);
  if (stream.status !== 'ACTIVE') throw notActive(stream);
  return stream;
}

/**
 * The stream, if it takes records, which one that is being created or deleted does not (as seen on AWS).
 * @throws {AwsError} ResourceNotFoundException
 */
export function writableStream(reference: StreamReference, context: RequestContext): Stream {
  const stream = requestedStream(reference, context);
  if (!stream.writable) throw streamNotFound(stream.name, stream.account);
  return stream;
}
