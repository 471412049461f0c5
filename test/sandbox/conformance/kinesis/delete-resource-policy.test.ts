import {
  DeleteResourcePolicyCommand,
  type DeleteResourcePolicyInput,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { policyText } from '../../../support/policies.ts';
import { invalid, like, notNull, resourceArn } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function remove(input: Partial<DeleteResourcePolicyInput>) {
  return kinesis.client.send(new DeleteResourcePolicyCommand({ ResourceARN: undefined, ...input }));
}

describe('DeleteResourcePolicy: serialization', () => {
  readsTypes(kinesis, 'DeleteResourcePolicy', { ResourceARN: 'a String', StreamId: 'a String' });
});

describe('DeleteResourcePolicy: validation', () => {
  it('needs an ARN', async () => {
    expect(await failureOf(remove({}))).toEqual(invalid(['resourceARN', null, notNull]));
    expect(await failureOf(remove({ ResourceARN: 'stream' }))).toEqual(invalid(['resourceARN', 'stream', like(resourceArn)]));
  });

  it('says that a stream is not there, and that a stream has no policy', async () => {
    expect((await failureOf(remove({ ResourceARN: kinesis.arn(kinesis.newName()) }))).name).toBe('ResourceNotFoundException');
    const ResourceARN = kinesis.arn(await kinesis.shared());
    expect(await failureOf(remove({ ResourceARN }))).toEqual({
      name: 'ResourceNotFoundException',
      message: `No resource policy found for resource ARN ${ResourceARN}.`,
    });
  });
});

describe('DeleteResourcePolicy: behaviour', () => {
  it('takes the policy of a stream away', async () => {
    const ResourceARN = kinesis.arn(await kinesis.stream());
    const Policy = policyText({ Principal: { AWS: kinesis.account }, Action: 'kinesis:PutRecord', Resource: ResourceARN });
    await kinesis.client.send(new PutResourcePolicyCommand({ ResourceARN, Policy }));
    await remove({ ResourceARN });
    expect((await kinesis.client.send(new GetResourcePolicyCommand({ ResourceARN }))).Policy).toBe('{}');
  });
});
