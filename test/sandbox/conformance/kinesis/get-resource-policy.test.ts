import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  type GetResourcePolicyInput,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { policyText } from '../../../support/policies.ts';
import { invalid, like, notNull, resourceArn } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function get(input: Partial<GetResourcePolicyInput>) {
  return kinesis.client.send(new GetResourcePolicyCommand({ ResourceARN: undefined, ...input }));
}

describe('GetResourcePolicy: serialization', () => {
  readsTypes(kinesis, 'GetResourcePolicy', { ResourceARN: 'a String', StreamId: 'a String' });
});

describe('GetResourcePolicy: validation', () => {
  it('needs an ARN', async () => {
    expect(await failureOf(get({}))).toEqual(invalid(['resourceARN', null, notNull]));
    expect(await failureOf(get({ ResourceARN: 'stream' }))).toEqual(invalid(['resourceARN', 'stream', like(resourceArn)]));
  });

  it('says that a stream is not there', async () => {
    expect((await failureOf(get({ ResourceARN: kinesis.arn(kinesis.newName()) }))).name).toBe('ResourceNotFoundException');
  });
});

describe('GetResourcePolicy: behaviour', () => {
  it('answers with an empty policy where there is none', async () => {
    expect((await get({ ResourceARN: kinesis.arn(await kinesis.shared()) })).Policy).toBe('{}');
  });

  it('keeps the policy of a consumer apart from that of its stream', async () => {
    const StreamARN = kinesis.arn(await kinesis.stream());
    const ConsumerARN = await kinesis.consumer(StreamARN, 'fan');
    const Policy = policyText({ Principal: { AWS: kinesis.account }, Action: 'kinesis:SubscribeToShard', Resource: ConsumerARN });
    await kinesis.client.send(new PutResourcePolicyCommand({ ResourceARN: ConsumerARN, Policy }));
    expect(JSON.parse((await get({ ResourceARN: ConsumerARN })).Policy ?? '')).toEqual(JSON.parse(Policy));
    expect((await get({ ResourceARN: StreamARN })).Policy).toBe('{}');
    await kinesis.client.send(new DeleteResourcePolicyCommand({ ResourceARN: ConsumerARN }));
  });
});
