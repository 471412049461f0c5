import { describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { withTags } from '../../src/aws/tags.ts';

const tags = { 'kinesis-labs:lab': '01' };

describe('the tags of a run', () => {
  it('are a map where the service takes a map, and keep what the call has', () => {
    const call = apiCall('kinesis', 'CreateStream', { StreamName: 's', Tags: { team: 'blue' } });
    expect(withTags(call, tags).input).toEqual({ StreamName: 's', Tags: { team: 'blue', 'kinesis-labs:lab': '01' } });
    expect(call.input).toEqual({ StreamName: 's', Tags: { team: 'blue' } });
  });

  it('are a list of pairs for IAM', () => {
    const call = apiCall('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: '{}' });
    expect(withTags(call, tags).input['Tags']).toEqual([{ Key: 'kinesis-labs:lab', Value: '01' }]);
  });

  it('are a list of pairs for rules', () => {
    const call = apiCall('events', 'PutRule', { Name: 'r', ScheduleExpression: 'rate(1 minute)' });
    expect(withTags(call, tags).input['Tags']).toEqual([{ Key: 'kinesis-labs:lab', Value: '01' }]);
  });

  it('are a lower-case member for CloudWatch Logs', () => {
    expect(withTags(apiCall('logs', 'CreateLogGroup', { logGroupName: 'g' }), tags).input['tags']).toEqual(tags);
  });

  it('are inside the configuration of a bucket, beside what that has', () => {
    const configuration = { LocationConstraint: 'eu-west-1' } as const;
    const call = apiCall('s3', 'CreateBucket', { Bucket: 'b', CreateBucketConfiguration: configuration });
    const added = { ...configuration, Tags: [{ Key: 'kinesis-labs:lab', Value: '01' }] };
    expect(withTags(call, tags).input).toEqual({ Bucket: 'b', CreateBucketConfiguration: added });
    expect(withTags(apiCall('s3', 'CreateBucket', { Bucket: 'b' }), tags).input['CreateBucketConfiguration']).toEqual({
      Tags: added.Tags,
    });
  });

  it('do not replace tags that the call has', () => {
    const pair = { Key: 'kinesis-labs:lab', Value: 'mine' };
    const role = apiCall('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: '{}', Tags: [pair] });
    expect(withTags(role, tags).input['Tags']).toEqual([pair]);
    const stream = apiCall('kinesis', 'CreateStream', { StreamName: 's', Tags: { 'kinesis-labs:lab': 'mine' } });
    expect(withTags(stream, tags).input['Tags']).toEqual({ 'kinesis-labs:lab': 'mine' });
  });

  it('leave calls alone that create nothing', () => {
    const call = apiCall('kinesis', 'DescribeStream', { StreamName: 's' });
    expect(withTags(call, tags)).toBe(call);
  });
});
