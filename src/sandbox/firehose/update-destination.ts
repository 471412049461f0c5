import { AwsError } from '../error.ts';
import { passing } from '../iam/besides.ts';
import { refuseUnsupportedMembers } from '../not-implemented.ts';
import type { OperationOf } from '../operation.ts';
import { s3DestinationUpdate, streamName } from './constraints.ts';
import { assumable } from './delivery.ts';
import { destinationId, readDestination } from './destination.ts';
import { invalidArgument, resourceInUse } from './errors.ts';
import { deliveryStreamResource, requestedDeliveryStream } from './request.ts';

const unsupported = [
  'RedshiftDestinationUpdate',
  'ElasticsearchDestinationUpdate',
  'AmazonopensearchserviceDestinationUpdate',
  'SplunkDestinationUpdate',
  'HttpEndpointDestinationUpdate',
  'AmazonOpenSearchServerlessDestinationUpdate',
  'SnowflakeDestinationUpdate',
  'IcebergDestinationUpdate',
];

/** UpdateDestination (Firehose API reference): changes what it names; the version goes up. The texts are unverified. */
export const updateDestination: OperationOf<'firehose', 'UpdateDestination'> = {
  constraints: {
    DeliveryStreamName: streamName,
    CurrentDeliveryStreamVersionId: { required: true, pattern: /^[0-9]+$/, minLength: 1, maxLength: 50 },
    DestinationId: { required: true, pattern: /^[a-zA-Z0-9-]+$/, minLength: 1, maxLength: 100 },
    S3DestinationUpdate: s3DestinationUpdate,
    ExtendedS3DestinationUpdate: s3DestinationUpdate,
  },
  resources: deliveryStreamResource,
  besides: ({ S3DestinationUpdate: plain, ExtendedS3DestinationUpdate: extended }) =>
    passing('firehose.amazonaws.com', plain?.RoleARN, extended?.RoleARN),
  handle(input, context) {
    const stream = requestedDeliveryStream(input, context);
    refuseUnsupportedMembers('firehose:UpdateDestination', input, unsupported);
    if (stream.status !== 'ACTIVE') {
      throw resourceInUse(`Firehose ${stream.name} under account ${context.account} is not ACTIVE, but ${stream.status}.`);
    }
    if (input.CurrentDeliveryStreamVersionId !== String(stream.version)) {
      throw new AwsError(
        'ConcurrentModificationException',
        `Cannot update firehose: ${stream.name} since the current version id: ${stream.version} and specified version id: ${input.CurrentDeliveryStreamVersionId} do not match`,
      );
    }
    if (input.DestinationId !== destinationId) throw invalidArgument(`Destination Id ${input.DestinationId} not found`);
    const change = input.S3DestinationUpdate ?? input.ExtendedS3DestinationUpdate ?? {};
    const destination = readDestination('firehose:UpdateDestination', change, stream.destination);
    if (!assumable(context.cloud, destination.roleArn, context)) {
      throw invalidArgument(`Firehose is unable to assume role ${destination.roleArn}. Please check the role provided.`);
    }
    stream.update(destination);
    return {};
  },
};
