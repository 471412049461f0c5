import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();

/** A Kinesis client of a role that may do what the statements allow. */
async function clientOf(RoleName: string, Statement: readonly object[]): Promise<KinesisClient> {
  const { endpoint, region, credentials } = kinesis.sandbox;
  const iam = new IAMClient({ endpoint, region, credentials });
  const sts = new STSClient({ endpoint, region, credentials });
  const trust = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }) }),
  );
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'kinesis', PolicyDocument }));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'test' }));
  iam.destroy();
  sts.destroy();
  return new KinesisClient({
    endpoint,
    region,
    maxAttempts: 1,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
}

describe('a role without a permission', () => {
  it('is told which action on which stream it may not do', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 2 });
    const StreamARN = kinesis.arn(StreamName);
    const client = await clientOf('nothing-allowed', [{ Effect: 'Deny', Action: 'kinesis:CreateStream', Resource: '*' }]);
    const ShardIterator = await kinesis.iterator(StreamName);
    const { NextToken } = await kinesis.client.send(new ListShardsCommand({ StreamName, MaxResults: 1 }));
    const record = { PartitionKey: 'a', Data: Buffer.from('x') };
    const calls: readonly (readonly [action: string, resource: string, call: () => Promise<unknown>])[] = [
      ['DescribeStream', StreamARN, () => client.send(new DescribeStreamCommand({ StreamName }))],
      ['DeleteStream', StreamARN, () => client.send(new DeleteStreamCommand({ StreamARN }))],
      ['PutRecord', StreamARN, () => client.send(new PutRecordCommand({ StreamName, ...record }))],
      ['PutRecords', StreamARN, () => client.send(new PutRecordsCommand({ StreamName, Records: [record] }))],
      [
        'GetShardIterator',
        StreamARN,
        () => client.send(new GetShardIteratorCommand({ StreamName, ShardId: '0', ShardIteratorType: 'LATEST' })),
      ],
      ['GetRecords', StreamARN, () => client.send(new GetRecordsCommand({ ShardIterator }))],
      ['ListShards', StreamARN, () => client.send(new ListShardsCommand({ NextToken }))],
      ['AddTagsToStream', StreamARN, () => client.send(new AddTagsToStreamCommand({ StreamName, Tags: { a: 'b' } }))],
      ['ListTagsForResource', StreamARN, () => client.send(new ListTagsForResourceCommand({ ResourceARN: StreamARN }))],
      ['DescribeStream', kinesis.arn('nowhere'), () => client.send(new DescribeStreamCommand({ StreamName: 'nowhere' }))],
      ['ListStreams', '*', () => client.send(new ListStreamsCommand({}))],
      ['DescribeLimits', '*', () => client.send(new DescribeLimitsCommand({}))],
    ];
    for (const [action, resource, call] of calls) {
      expect(await failureOf(call())).toEqual({
        name: 'AccessDeniedException',
        message:
          'User: arn:aws:sts::000000000000:assumed-role/nothing-allowed/test is not authorized to perform: ' +
          `kinesis:${action} on resource: ${resource} because no identity-based policy allows the kinesis:${action} action`,
      });
    }
    expect((await failureOf(client.send(new CreateStreamCommand({ StreamName: 'mine', ShardCount: 1 })))).message).toContain(
      'explicit deny',
    );
    client.destroy();
  });
});

describe('a role with a permission on one stream', () => {
  it('may use that stream and no other', async () => {
    const mine = await kinesis.stream();
    const other = await kinesis.stream();
    const client = await clientOf('one-stream', [{ Effect: 'Allow', Action: 'kinesis:Put*', Resource: kinesis.arn(mine) }]);
    const put = (StreamName: string) => client.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from('x') }));
    expect((await put(mine)).ShardId).toBe('shardId-000000000000');
    expect((await failureOf(put(other))).name).toBe('AccessDeniedException');
    client.destroy();
  });
});
