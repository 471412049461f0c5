import type { BatchRecord } from './batch.ts';
import { sendToDestination } from './destination.ts';
import { type PollContext, roleOf } from './poll-context.ts';

/** Records that are given up, and why. */
export interface Discard {
  readonly records: readonly BatchRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  /** How often the function was given them. */
  readonly invocations: number;
  /** Of the last invocation, if there was one. */
  readonly requestId: string;
  /** What the function made of them the last time; undefined when that is not why they are given up. */
  readonly response?: { readonly functionError: 'Unhandled' | null };
}

/** Tells the on-failure destination of a mapping, if it has one, what of a shard was given up (aws-behaviour 3.7). */
export function tellDestination(context: PollContext, shardId: string, discard: Discard): void {
  const { cloud, settings } = context;
  const role = roleOf(context);
  if (settings.onFailure === undefined || role === undefined || discard.records.length === 0) return;
  const time = cloud.clock.now();
  sendToDestination(cloud, role, settings.onFailure, { record: failureRecord(context, shardId, discard, time) });
}

/** The invocation record: which records, and not what is in them. */
function failureRecord({ settings, streamArn }: PollContext, shardId: string, discard: Discard, time: number) {
  const { records, condition, invocations, requestId, response } = discard;
  const [first] = records;
  const last = records.at(-1);
  return {
    requestContext: { requestId, functionArn: settings.functionArn, condition, approximateInvokeCount: invocations },
    ...(response === undefined
      ? {}
      : { responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: response.functionError } }),
    version: '1.0',
    timestamp: new Date(time).toISOString(),
    KinesisBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first?.arrival ?? time).toISOString(),
      approximateArrivalOfLastRecord: new Date(last?.arrival ?? time).toISOString(),
      batchSize: records.length,
      streamArn,
    },
  };
}
