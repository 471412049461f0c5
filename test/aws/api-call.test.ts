import { describe, expect, it } from 'vitest';
import { isReadOnly } from '../../src/aws/api-call.ts';
import type { ServiceName } from '../../src/util/sdk.ts';

describe('whether a call is read-only', () => {
  const reads: [ServiceName, string][] = [
    ['kinesis', 'DescribeStream'],
    ['kinesis', 'GetRecords'],
    ['kinesis', 'ListShards'],
    ['logs', 'FilterLogEvents'],
    ['sts', 'GetCallerIdentity'],
    ['sts', 'AssumeRole'],
    ['iam', 'SimulatePrincipalPolicy'],
  ];
  it.each(reads)('%s:%s is', (service, operation) => expect(isReadOnly({ service, operation, input: {} })).toBe(true));

  const writes: [ServiceName, string][] = [
    ['kinesis', 'PutRecord'],
    ['kinesis', 'CreateStream'],
    ['lambda', 'Invoke'],
    ['iam', 'AttachRolePolicy'],
    ['logs', 'PutRetentionPolicy'],
    ['logs', 'StartQuery'],
  ];
  it.each(writes)('%s:%s is not', (service, operation) => expect(isReadOnly({ service, operation, input: {} })).toBe(false));

  it('depends, for messages of a queue, on whether they are hidden from others', () => {
    const receiving = (input: object) => isReadOnly({ service: 'sqs', operation: 'ReceiveMessage', input: { QueueUrl: 'q', ...input } });
    expect(receiving({ VisibilityTimeout: 0 })).toBe(true);
    expect(receiving({ VisibilityTimeout: 1 })).toBe(false);
    expect(receiving({})).toBe(false);
  });
});
