import type {
  DestinationDescription,
  ExtendedS3DestinationConfiguration,
  ProcessingConfiguration,
  S3DestinationDescription,
} from '@aws-sdk/client-firehose';
import { notImplemented, refuseUnsupportedMembers } from '../not-implemented.ts';
import { invalidArgument } from './errors.ts';
import { hasExpressions, refuseUnknownExpressions } from './object-key.ts';

/** Where and how a delivery stream delivers. */
export interface S3Destination {
  readonly roleArn: string;
  readonly bucketArn: string;
  readonly prefix: string | undefined;
  readonly errorOutputPrefix: string | undefined;
  /** What is delivered first: so many MiB, or what has come in so many seconds. */
  readonly bufferMiB: number;
  readonly bufferSeconds: number;
  readonly compression: 'UNCOMPRESSED' | 'GZIP';
  /** With its dot; undefined where the compression decides. */
  readonly fileExtension: string | undefined;
  /** As given, for DescribeDeliveryStream; what it asks for is `delimiter`. */
  readonly processing: ProcessingConfiguration | undefined;
  /** What is put behind each record. */
  readonly delimiter: string;
  /** Where failed deliveries are written about. */
  readonly log: { readonly group: string; readonly stream: string } | undefined;
}

/** What a request says of a destination: all of it, or what is to change. */
export type DestinationInput = Partial<Omit<ExtendedS3DestinationConfiguration, 'S3BackupConfiguration'>>;

const unsupported = [
  'S3BackupConfiguration',
  'S3BackupUpdate',
  'CustomTimeZone',
  'EncryptionConfiguration.KMSEncryptionConfig',
  'DataFormatConversionConfiguration.Enabled',
  'DynamicPartitioningConfiguration.Enabled',
];

/** The id of the one destination that a delivery stream has (Firehose Developer Guide). */
export const destinationId = 'destinationId-000000000001';

/**
 * Reads the configuration of a destination. What it leaves out is as it was before, or AWS's default.
 * @throws {AwsError} InvalidArgumentException; NotImplemented for what the sandbox does not do
 */
export function readDestination(operation: string, input: DestinationInput, before?: S3Destination): S3Destination {
  refuseUnsupported(operation, input);
  const prefix = input.Prefix ?? before?.prefix;
  const errorOutputPrefix = input.ErrorOutputPrefix ?? before?.errorOutputPrefix;
  checkPrefixes(prefix ?? '', errorOutputPrefix ?? '');
  const { SizeInMBs, IntervalInSeconds } = input.BufferingHints ?? {};
  // That only one of them is refused is in the API reference; the text is unverified.
  if ((SizeInMBs === undefined) !== (IntervalInSeconds === undefined)) {
    throw invalidArgument('BufferingHints must have both SizeInMBs and IntervalInSeconds, or neither of them.');
  }
  const processing = input.ProcessingConfiguration ?? before?.processing;
  return {
    roleArn: input.RoleARN ?? before?.roleArn ?? '',
    bucketArn: input.BucketARN ?? before?.bucketArn ?? '',
    prefix,
    errorOutputPrefix,
    bufferMiB: SizeInMBs ?? before?.bufferMiB ?? 5,
    bufferSeconds: IntervalInSeconds ?? before?.bufferSeconds ?? 300,
    compression: input.CompressionFormat === undefined ? (before?.compression ?? 'UNCOMPRESSED') : compressionOf(input.CompressionFormat),
    fileExtension: input.FileExtension ?? before?.fileExtension,
    processing,
    delimiter: processing?.Enabled ? delimiterOf(processing) : '',
    log: input.CloudWatchLoggingOptions === undefined ? before?.log : logOf(input.CloudWatchLoggingOptions),
  };
}

/** A destination as DescribeDeliveryStream shows it, in both of its forms (Firehose Developer Guide). */
export function describeDestination(destination: S3Destination): DestinationDescription {
  const { prefix, errorOutputPrefix, log, fileExtension, processing } = destination;
  const common: S3DestinationDescription = {
    RoleARN: destination.roleArn,
    BucketARN: destination.bucketArn,
    ...(prefix === undefined ? {} : { Prefix: prefix }),
    ...(errorOutputPrefix === undefined ? {} : { ErrorOutputPrefix: errorOutputPrefix }),
    BufferingHints: { SizeInMBs: destination.bufferMiB, IntervalInSeconds: destination.bufferSeconds },
    CompressionFormat: destination.compression,
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions:
      log === undefined ? { Enabled: false } : { Enabled: true, LogGroupName: log.group, LogStreamName: log.stream },
  };
  return {
    DestinationId: destinationId,
    S3DestinationDescription: common,
    ExtendedS3DestinationDescription: {
      ...common,
      ...(processing === undefined ? {} : { ProcessingConfiguration: processing }),
      S3BackupMode: 'Disabled',
      ...(fileExtension === undefined ? {} : { FileExtension: fileExtension }),
    },
  };
}

function refuseUnsupported(operation: string, input: DestinationInput): void {
  const flat = {
    ...input,
    CustomTimeZone: input.CustomTimeZone === 'UTC' ? undefined : input.CustomTimeZone,
    'EncryptionConfiguration.KMSEncryptionConfig': input.EncryptionConfiguration?.KMSEncryptionConfig,
    'DataFormatConversionConfiguration.Enabled': isEnabled(input.DataFormatConversionConfiguration),
    'DynamicPartitioningConfiguration.Enabled': input.DynamicPartitioningConfiguration?.Enabled,
  };
  refuseUnsupportedMembers(operation, flat, unsupported);
  if (input.S3BackupMode === 'Enabled') throw notImplemented(`S3BackupMode Enabled of ${operation}`);
}

/** It is enabled where it is given and does not say otherwise (Firehose API reference). */
function isEnabled(conversion: DestinationInput['DataFormatConversionConfiguration']): boolean {
  return conversion !== undefined && conversion.Enabled !== false;
}

/** The second text is unverified. */
function checkPrefixes(prefix: string, errorOutputPrefix: string): void {
  refuseUnknownExpressions(prefix);
  if (!hasExpressions(prefix)) return;
  if (errorOutputPrefix === '') throw invalidArgument('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions.');
  if (!errorOutputPrefix.includes('!{firehose:error-output-type}')) {
    throw invalidArgument('ErrorOutputPrefix must contain !{firehose:error-output-type} when Prefix contains expressions.');
  }
}

function compressionOf(format: string): S3Destination['compression'] {
  if (format === 'UNCOMPRESSED' || format === 'GZIP') return format;
  throw notImplemented(`The compression format ${format} of Firehose`);
}

function delimiterOf({ Processors = [] }: ProcessingConfiguration): string {
  const other = Processors.find(({ Type }) => Type !== 'AppendDelimiterToRecord');
  if (other !== undefined) throw notImplemented(`The processor ${other.Type} of Firehose`);
  const [processor] = Processors;
  if (processor === undefined) return '';
  const given = processor.Parameters?.find(({ ParameterName }) => ParameterName === 'Delimiter')?.ParameterValue ?? '\\n';
  // Requests write it with a backslash: "\\n".
  return given.replace(/\\([ntr\\])/g, (_text, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter);
}

/** Which of the two is missing, AWS is likely to say as well; the text is unverified. */
function logOf(options: NonNullable<DestinationInput['CloudWatchLoggingOptions']>): S3Destination['log'] {
  if (!options.Enabled) return undefined;
  if (!options.LogGroupName || !options.LogStreamName) {
    throw invalidArgument('LogGroupName and LogStreamName must be given when CloudWatch logging is enabled.');
  }
  return { group: options.LogGroupName, stream: options.LogStreamName };
}
