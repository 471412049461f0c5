import type { Cloud } from '../../cloud.ts';
import { roleAllows } from '../../iam/access.ts';

/**
 * Whether a role may do what a mapping does with a stream. AWS's text names ListStreams as well, but mappings are accepted
 * without it, and with DescribeStreamSummary instead of DescribeStream (widely used policies grant no more).
 */
export function canMap(cloud: Cloud, roleArn: string, streamArn: string): boolean {
  const allows = (action: string) => roleAllows(cloud, roleArn, `kinesis:${action}`, streamArn);
  const describes = allows('DescribeStream') || allows('DescribeStreamSummary');
  return describes && ['GetRecords', 'GetShardIterator', 'ListShards'].every(allows);
}

/** Whether a role may read from a stream to which it is mapped already. */
export function canRead(cloud: Cloud, roleArn: string, streamArn: string): boolean {
  return roleAllows(cloud, roleArn, 'kinesis:GetRecords', streamArn);
}

/** What AWS says where `canMap` is false (texts recorded from Lambda). */
export function cannotAccess(streamArn: string): string {
  return (
    `Cannot access stream ${streamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ` +
    'ListShards, and ListStreams Actions on your stream in IAM.'
  );
}
