import type { Constraint } from '../operation.ts';

// What AWS's model says about the members that many operations of Firehose have.

const name = { pattern: /^[a-zA-Z0-9_.-]+$/, minLength: 1, maxLength: 64 } satisfies Constraint;

export const optionalStreamName: Constraint = name;
export const streamName: Constraint = { required: true, ...name };

export const roleArn: Constraint = {
  pattern: /^arn:.*:iam::\d{12}:role\/[a-zA-Z_0-9+=,.@\-_/]+$/,
  patternText: String.raw`arn:.*:iam::\d{12}:role/[a-zA-Z_0-9+=,.@\-_/]+`,
  minLength: 1,
  maxLength: 512,
};

export const kinesisStreamArn: Constraint = {
  required: true,
  pattern: /^arn:.*:kinesis:[a-zA-Z0-9-]+:\d{12}:stream\/[a-zA-Z0-9_.-]+$/,
  patternText: String.raw`arn:.*:kinesis:[a-zA-Z0-9\-]+:\d{12}:stream/[a-zA-Z0-9_.-]+`,
  minLength: 1,
  maxLength: 512,
};

const bucketArn: Constraint = {
  pattern: /^arn:.*:s3:::[\w.-]{1,255}$/,
  patternText: String.raw`arn:.*:s3:::[\w\.\-]{1,255}`,
  minLength: 1,
  maxLength: 2048,
};

const prefix: Constraint = { pattern: /^.*$/, maxLength: 1024 };

const s3Members = {
  Prefix: prefix,
  ErrorOutputPrefix: prefix,
  BufferingHints: { members: { SizeInMBs: { min: 1, max: 128 }, IntervalInSeconds: { min: 0, max: 900 } } },
  CompressionFormat: { values: ['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY'] },
  CloudWatchLoggingOptions: { members: { LogGroupName: { maxLength: 512 }, LogStreamName: { maxLength: 512 } } },
  S3BackupMode: { values: ['Disabled', 'Enabled'] },
  FileExtension: { pattern: /^(|\.[0-9a-z!\-_.*'()]+)$/, patternText: String.raw`^$|\.[0-9a-z!\-_.*'()]+`, maxLength: 128 },
} satisfies Readonly<Record<string, Constraint>>;

/** The configuration of an S3 destination. */
export const s3Destination: Constraint = {
  members: { RoleARN: { required: true, ...roleArn }, BucketARN: { required: true, ...bucketArn }, ...s3Members },
};

/** The same as a change, which may leave out everything. */
export const s3DestinationUpdate: Constraint = { members: { RoleARN: roleArn, BucketARN: bucketArn, ...s3Members } };

const tagCharacters = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@%]*$/u;

export const optionalTagKey: Constraint = { pattern: tagCharacters, minLength: 1, maxLength: 128 };
export const tags: Constraint = {
  minLength: 1,
  maxLength: 50,
  each: { members: { Key: { required: true, ...optionalTagKey }, Value: { pattern: tagCharacters, maxLength: 256 } } },
};

/** Bytes of one record (Firehose Developer Guide; Firehose API model). */
export const record: Constraint = { required: true, members: { Data: { required: true, maxLength: 1_024_000 } } };
