import type { Constraint } from '../operation.ts';

/** The limits that AWS's model puts on the members which many operations of Kinesis share (Kinesis API reference). */
export const streamName = { pattern: /^[a-zA-Z0-9_.-]+$/, minLength: 1, maxLength: 128 } satisfies Constraint;

export const streamArn = { pattern: /^arn:aws.*:kinesis:.*:\d{12}:stream\/\S+$/, minLength: 1, maxLength: 2048 } satisfies Constraint;

/** AWS has it in all shapes, looks at its form, and does nothing with it ("Not Implemented. Reserved for future use."). */
export const streamId = { pattern: /^[a-z0-9]{20}-[a-z0-9]{3}$/, minLength: 1, maxLength: 24 } satisfies Constraint;

/** A stream, or a consumer of one. */
export const resourceArn = { pattern: /^arn:aws.*:kinesis:.*:\d{12}:.*stream\/\S+$/, minLength: 1, maxLength: 2048 } satisfies Constraint;

/** Most operations take the name of a stream, its ARN, or both. */
export const eitherStream = { StreamName: streamName, StreamARN: streamArn, StreamId: streamId };

/** Shards are named with the same characters as streams. */
export const shardId = { ...streamName };

export const sequenceNumber = { pattern: /^(?:0|[1-9]\d{0,128})$/, patternText: String.raw`0|([1-9]\d{0,128})` } satisfies Constraint;

export const hashKey = { pattern: /^(?:0|[1-9]\d{0,38})$/, patternText: String.raw`0|([1-9]\d{0,38})` } satisfies Constraint;

export const partitionKey = { required: true, minLength: 1, maxLength: 256 } satisfies Constraint;

/** 10 MiB is the limit of the service; a stream's own limit is looked at when the stream is known. */
export const data = { required: true, maxLength: 10_485_760 } satisfies Constraint;

export const pageLimit = { min: 1, max: 10_000 } satisfies Constraint;

export const nextToken = { minLength: 1, maxLength: 1_048_576 } satisfies Constraint;

export const streamMode = { required: true, values: ['PROVISIONED', 'ON_DEMAND'] } satisfies Constraint;

export const encryptionType = { required: true, values: ['NONE', 'KMS'] } satisfies Constraint;

export const encryptionKey = { required: true, minLength: 1, maxLength: 2048 } satisfies Constraint;

export const maxRecordSize = { min: 1024, max: 10_240 } satisfies Constraint;

export const warmThroughputMiBps = { min: 0 } satisfies Constraint;

/** One day to one year (Kinesis API reference). That AWS says the upper limit in this way is unverified. */
export const retentionHours = { required: true, min: 1, max: 8760 } satisfies Constraint;

export const tagKey = { minLength: 1, maxLength: 128 } satisfies Constraint;

/** Tags of something new, which may be missing. */
export const tags = {
  minLength: 1,
  maxLength: 200,
  keys: tagKey,
  each: { minLength: 0, maxLength: 256 },
} satisfies Constraint;

export const tagMap = { required: true, ...tags } satisfies Constraint;

export const tagKeys = { required: true, minLength: 1, maxLength: 50, each: tagKey } satisfies Constraint;
