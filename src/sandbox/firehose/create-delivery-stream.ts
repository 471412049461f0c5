import type { CreateDeliveryStreamInput } from '@aws-sdk/client-firehose';
import { roleAllows } from '../iam/access.ts';
import { passing, tagging } from '../iam/besides.ts';
import { streamNotFound } from '../kinesis/errors.ts';
import { streamNameOf, streamsOf } from '../kinesis/streams.ts';
import { notImplemented, refuseUnsupportedMembers } from '../not-implemented.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { kinesisStreamArn, roleArn, s3Destination, streamName, tags } from './constraints.ts';
import { assumable } from './delivery.ts';
import type { DeliverySource } from './delivery-stream.ts';
import { deliveryStreamsOf } from './delivery-streams.ts';
import { type DestinationInput, readDestination } from './destination.ts';
import { invalidArgument, resourceInUse } from './errors.ts';
import { deliveryStreamResource } from './request.ts';
import { checkedTags } from './tags.ts';

const unsupported = [
  'DirectPutSourceConfiguration',
  'DeliveryStreamEncryptionConfigurationInput',
  'RedshiftDestinationConfiguration',
  'ElasticsearchDestinationConfiguration',
  'AmazonopensearchserviceDestinationConfiguration',
  'SplunkDestinationConfiguration',
  'HttpEndpointDestinationConfiguration',
  'AmazonOpenSearchServerlessDestinationConfiguration',
  'MSKSourceConfiguration',
  'SnowflakeDestinationConfiguration',
  'IcebergDestinationConfiguration',
  'DatabaseSourceConfiguration',
];

/** CreateDeliveryStream (Firehose API reference; Firehose Developer Guide), from a Kinesis stream or PutRecord to S3. */
export const createDeliveryStream: OperationOf<'firehose', 'CreateDeliveryStream'> = {
  constraints: {
    DeliveryStreamName: streamName,
    DeliveryStreamType: { values: ['DirectPut', 'KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'] },
    KinesisStreamSourceConfiguration: { members: { KinesisStreamARN: kinesisStreamArn, RoleARN: { required: true, ...roleArn } } },
    S3DestinationConfiguration: s3Destination,
    ExtendedS3DestinationConfiguration: s3Destination,
    Tags: tags,
  },
  resources: deliveryStreamResource,
  besides: ({
    Tags,
    KinesisStreamSourceConfiguration: source,
    S3DestinationConfiguration: plain,
    ExtendedS3DestinationConfiguration: extended,
  }) => [
    ...tagging('firehose:TagDeliveryStream', Tags),
    ...passing('firehose.amazonaws.com', source?.RoleARN, plain?.RoleARN, extended?.RoleARN),
  ],
  handle(input, context) {
    const name = input.DeliveryStreamName ?? '';
    refuseUnsupportedMembers('firehose:CreateDeliveryStream', input, unsupported);
    const destination = readDestination('firehose:CreateDeliveryStream', destinationOf(input));
    const source = sourceOf(input);
    const streams = deliveryStreamsOf(context.cloud, context);
    // The text is unverified.
    if (streams.find(name)) throw resourceInUse(`Firehose ${name} under accountId ${context.account} already exists`);
    if (source.type === 'KinesisStreamAsSource') checkSource(source, context);
    requireAssumable(destination.roleArn, context);
    return { DeliveryStreamARN: streams.create({ name, source, destination, tags: checkedTags(input.Tags ?? []) }).arn };
  },
};

/** The text is unverified. */
function destinationOf(input: CreateDeliveryStreamInput): DestinationInput {
  const { S3DestinationConfiguration: plain, ExtendedS3DestinationConfiguration: extended } = input;
  const destination = plain ?? extended;
  if (destination === undefined || (plain !== undefined && extended !== undefined)) {
    throw invalidArgument('Exactly one destination configuration is supported for a Firehose');
  }
  return destination;
}

/** The texts are unverified. */
function sourceOf({
  DeliveryStreamType: type = 'DirectPut',
  KinesisStreamSourceConfiguration: kinesis,
}: CreateDeliveryStreamInput): DeliverySource {
  if (type !== 'DirectPut' && type !== 'KinesisStreamAsSource') throw notImplemented(`The Firehose stream type ${type}`);
  if (type === 'DirectPut') {
    if (kinesis === undefined) return { type };
    throw invalidArgument('KinesisSourceStreamConfig is only applicable for KinesisStreamAsSource stream type');
  }
  if (kinesis === undefined) throw invalidArgument('KinesisSourceStreamConfig is required for KinesisStreamAsSource stream type');
  return { type, streamArn: kinesis.KinesisStreamARN ?? '', roleArn: kinesis.RoleARN ?? '' };
}

/** Firehose looks at the stream in the name of the role. The text for a stream that is not there is unverified. */
function checkSource({ streamArn, roleArn: role }: { streamArn: string; roleArn: string }, context: RequestContext): void {
  requireAssumable(role, context);
  if (!roleAllows(context.cloud, role, 'kinesis:DescribeStream', streamArn)) {
    throw invalidArgument(`Role ${role} is not authorized to perform: kinesis:DescribeStream on resource ${streamArn}.`);
  }
  if (streamsOf(context.cloud, context).byArn(streamArn) === undefined) {
    throw invalidArgument(streamNotFound(streamNameOf(streamArn) ?? '', context.account).message);
  }
}

function requireAssumable(role: string, context: RequestContext): void {
  if (assumable(context.cloud, role, context)) return;
  throw invalidArgument(`Firehose is unable to assume role ${role}. Please check the role provided.`);
}
