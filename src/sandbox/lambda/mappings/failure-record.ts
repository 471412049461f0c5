import { randomUUID } from 'node:crypto';
import type { ShardRecord } from '../../kinesis/shard-record.ts';
import { bucketsOf } from '../../s3/buckets.ts';
import { newContent } from '../../s3/content.ts';
import { queuesOf } from '../../sqs/queues.ts';
import { inSteps } from '../../turn.ts';
import { missingPermission, objectFolder } from './destination.ts';
import { kinesisEvent, recordWriter, type WindowFrame } from './kinesis-event.ts';
import { type PollContext, roleOf } from './poll-context.ts';

/** Records that are given up, and why. */
export interface Discard {
  readonly records: readonly ShardRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  /** How often the function was given them. */
  readonly invocations: number;
  /** Of the last invocation, if there was one. */
  readonly requestId: string;
  /** What the function made of them the last time; undefined when that is not why they are given up. */
  readonly response?: { readonly executedVersion: string; readonly functionError: 'Unhandled' | null };
  /** The tumbling window for which they were sent. */
  readonly frame?: WindowFrame | undefined;
}

/**
 * Tells the on-failure destination of a mapping, if it has one, what of a shard was given up (records of failures, recorded on AWS): a queue
 * which records they are, a bucket also what is in them. Where that is not possible any more, because the destination or
 * the role's permission is gone, nobody is told; on AWS, only the metric DestinationDeliveryFailures counts it.
 */
export function tellDestination(context: PollContext, shardId: string, discard: Discard): void {
  const { cloud, scope, settings } = context;
  const role = roleOf(context);
  if (settings.onFailure === undefined || role === undefined || discard.records.length === 0) return;
  if (missingPermission(cloud, role, settings.onFailure) !== undefined) return;
  const { kind, arn } = settings.onFailure;
  const record = failureRecord(context, shardId, discard);
  if (kind === 'queue') {
    const [, , , region = '', account = ''] = arn.split(':');
    queuesOf(cloud, { account, region }).byArn(arn)?.send(JSON.stringify(record));
    return;
  }
  const bucket = bucketsOf(cloud).find(arn.slice(arn.lastIndexOf(':') + 1));
  if (bucket?.owner !== scope.account) return;
  const key = objectKey(context, shardId);
  cloud.inBackground(async () => {
    const event = await kinesisEvent(discard.records, recordWriter(context, shardId), discard.frame);
    bucket.put(key, await newContent(await withPayload(record, event)));
  });
}

/** That the payload is text, and not the event itself, is unverified (records of failures, recorded on AWS). */
async function withPayload(record: object, event: Buffer): Promise<Buffer> {
  const decoder = new TextDecoder();
  const parts = [Buffer.from(`${JSON.stringify(record).slice(0, -1)},"payload":"`)];
  await inSteps(event, (part) => parts.push(Buffer.from(JSON.stringify(decoder.decode(part, { stream: true })).slice(1, -1))));
  return Buffer.concat([...parts, Buffer.from('"}')]);
}

/** The invocation record: which records, and not what is in them. */
function failureRecord({ cloud, settings, source }: PollContext, shardId: string, discard: Discard): object {
  const { records, condition, invocations, requestId, response } = discard;
  const time = cloud.clock.now();
  const [first] = records;
  const last = records.at(-1);
  return {
    requestContext: { requestId, functionArn: settings.target.arn, condition, approximateInvokeCount: invocations },
    ...(response === undefined ? {} : { responseContext: { statusCode: 200, ...response } }),
    version: '1.0',
    timestamp: new Date(time).toISOString(),
    KinesisBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first?.arrival ?? time).toISOString(),
      approximateArrivalOfLastRecord: new Date(last?.arrival ?? time).toISOString(),
      batchSize: records.length,
      streamArn: source.streamArn,
    },
  };
}

/** `aws/lambda/<UUID of the mapping>/<shard id>/2026/11/24/2026-11-24T09.00.00-<UUID>` (records of failures, recorded on AWS). */
function objectKey({ cloud, uuid }: PollContext, shardId: string): string {
  const [date = '', time = ''] = new Date(cloud.clock.now()).toISOString().split(/[T.]/);
  const name = `${date}T${time.replaceAll(':', '.')}-${randomUUID()}`;
  return `${objectFolder}${uuid}/${shardId}/${date.replaceAll('-', '/')}/${name}`;
}
