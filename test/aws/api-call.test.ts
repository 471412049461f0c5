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
  it.each(reads)('%s:%s is', (service, operation) => expect(isReadOnly({ service, operation })).toBe(true));

  const writes: [ServiceName, string][] = [
    ['kinesis', 'PutRecord'],
    ['kinesis', 'CreateStream'],
    ['lambda', 'Invoke'],
    ['iam', 'AttachRolePolicy'],
    ['logs', 'PutRetentionPolicy'],
    ['logs', 'StartQuery'],
  ];
  it.each(writes)('%s:%s is not', (service, operation) => expect(isReadOnly({ service, operation })).toBe(false));
});
