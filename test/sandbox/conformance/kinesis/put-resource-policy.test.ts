import { GetResourcePolicyCommand, PutResourcePolicyCommand, type PutResourcePolicyInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { policyText } from '../../../support/policies.ts';
import { invalid, like, notNull, resourceArn } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function put(input: Partial<PutResourcePolicyInput>) {
  return kinesis.client.send(new PutResourcePolicyCommand({ ResourceARN: undefined, Policy: '{}', ...input }));
}

/** Lets the account itself write to a stream. */
function letIn(Resource: string): string {
  return policyText({ Principal: { AWS: kinesis.account }, Action: 'kinesis:PutRecord', Resource });
}

describe('PutResourcePolicy: serialization', () => {
  readsTypes(kinesis, 'PutResourcePolicy', { ResourceARN: 'a String', StreamId: 'a String', Policy: 'a String' });
});

describe('PutResourcePolicy: validation', () => {
  it('needs an ARN and a policy', async () => {
    expect(await failureOf(put({ Policy: undefined }))).toEqual(invalid(['resourceARN', null, notNull], ['policy', null, notNull]));
    const ResourceARN = 'arn:aws:sqs:us-east-1:123456789012:queue';
    expect(await failureOf(put({ ResourceARN }))).toEqual(invalid(['resourceARN', ResourceARN, like(resourceArn)]));
  });

  it('says that a stream or a consumer is not there', async () => {
    const nowhere = kinesis.arn(kinesis.newName());
    expect((await failureOf(put({ ResourceARN: nowhere, Policy: letIn(nowhere) }))).name).toBe('ResourceNotFoundException');
    const nobody = `${kinesis.arn(await kinesis.shared())}/consumer/nobody:1700000000`;
    expect((await failureOf(put({ ResourceARN: nobody, Policy: letIn(nobody) }))).name).toBe('ResourceNotFoundException');
  });

  it.each(['no JSON', '{}', policyText()])('refuses %s, which is no policy of a resource', async (Policy) => {
    const ResourceARN = kinesis.arn(await kinesis.shared());
    expect((await failureOf(put({ ResourceARN, Policy }))).name).toBe('InvalidArgumentException');
  });
});

describe('PutResourcePolicy: behaviour', () => {
  it('keeps the policy of a stream as it is given, in the place of the one before', async () => {
    const ResourceARN = kinesis.arn(await kinesis.stream());
    await put({ ResourceARN, Policy: letIn(ResourceARN) });
    const Policy = letIn(ResourceARN).replace('PutRecord', 'PutRecords');
    await put({ ResourceARN, Policy });
    const kept = await kinesis.client.send(new GetResourcePolicyCommand({ ResourceARN }));
    expect(JSON.parse(kept.Policy ?? '')).toEqual(JSON.parse(Policy));
  });
});
