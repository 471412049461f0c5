import type { Cloud } from '../../cloud.ts';
import { roleAllows } from '../../iam/access.ts';
import { attachedPolicy } from '../../kinesis/streams.ts';
import type { EventSource } from './event-source.ts';

/**
 * Whether a role may do what a mapping does with a stream. AWS's text names ListStreams as well, but mappings are accepted
 * without it, and with DescribeStreamSummary instead of DescribeStream (widely used policies grant no more). Which
 * permissions AWS looks at for a consumer is unverified.
 */
export function canMap(cloud: Cloud, roleArn: string, source: EventSource): boolean {
  const allows = (action: string) => allowed(cloud, roleArn, action, source.streamArn);
  const describes = allows('DescribeStream') || allows('DescribeStreamSummary');
  if (!describes || !allows('ListShards') || !canRead(cloud, roleArn, source)) return false;
  return source.consumerArn !== undefined || allows('GetShardIterator');
}

/** Whether a role may read from a stream to which it is mapped already. */
export function canRead(cloud: Cloud, roleArn: string, { streamArn, consumerArn }: EventSource): boolean {
  if (consumerArn !== undefined) return allowed(cloud, roleArn, 'SubscribeToShard', consumerArn);
  return allowed(cloud, roleArn, 'GetRecords', streamArn);
}

function allowed(cloud: Cloud, roleArn: string, action: string, resource: string): boolean {
  return roleAllows(cloud, roleArn, `kinesis:${action}`, resource, attachedPolicy(resource, { cloud }));
}

/** What AWS says where `canMap` is false (texts recorded from Lambda; for a consumer it is made in their likeness, and unverified). */
export function cannotAccess({ arn, consumerArn }: EventSource): string {
  const reads = consumerArn === undefined ? 'GetRecords, GetShardIterator' : 'SubscribeToShard';
  return (
    `Cannot access stream ${arn}. Please ensure the role can perform the ${reads}, DescribeStream, ` +
    'ListShards, and ListStreams Actions on your stream in IAM.'
  );
}
