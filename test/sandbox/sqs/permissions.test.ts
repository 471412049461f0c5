import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arnOf, newQueue } from '../../support/queues.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

let aws: SandboxUnderTest;
let QueueUrl: string;

beforeAll(async () => {
  aws = await sandboxUnderTest();
  QueueUrl = await newQueue(aws.sqs);
});
afterAll(() => aws.stop());

const add = (Label: string, AWSAccountIds: string[], ...Actions: string[]) =>
  aws.sqs.addPermission({ QueueUrl, Label, AWSAccountIds, Actions });
const policy = async () => {
  const { Attributes } = await aws.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['Policy'] });
  return Attributes?.['Policy'] === undefined ? undefined : (JSON.parse(Attributes['Policy']) as unknown);
};

describe('permissions of a queue', () => {
  it('are statements of its policy, which goes with the last of them (recorded)', async () => {
    await add('first', ['111111111111', '222222222222'], 'ReceiveMessage');
    await add('second', ['222222222222'], 'SendMessage', 'DeleteMessage');
    const Resource = arnOf(QueueUrl);
    const first = {
      Sid: 'first',
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] },
      Action: 'SQS:ReceiveMessage',
      Resource,
    };
    const second = {
      Sid: 'second',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: ['SQS:SendMessage', 'SQS:DeleteMessage'],
      Resource,
    };
    const document = { Version: '2008-10-17', Id: `${Resource}/SQSDefaultPolicy` };
    expect(await policy()).toEqual({ ...document, Statement: [first, second] });
    await aws.sqs.removePermission({ QueueUrl, Label: 'first' });
    expect(await policy()).toEqual({ ...document, Statement: [second] });
    await aws.sqs.removePermission({ QueueUrl, Label: 'second' });
    expect(await policy()).toBeUndefined();
  });

  it('let another account in', async () => {
    const { sqs } = aws.as(aws.sandbox.credentialsOf('222222222222'));
    const send = () => sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
    expect(await refusal(send())).toMatchObject({ name: 'AccessDenied' });
    await add('other', ['222222222222'], 'SendMessage');
    await send();
    await aws.sqs.removePermission({ QueueUrl, Label: 'other' });
    expect(await refusal(send())).toMatchObject({ name: 'AccessDenied' });
  });

  it('are refused for a label that is taken, and taken away only where there is one', async () => {
    await add('taken', ['111111111111'], 'ReceiveMessage');
    expect(await refusal(add('taken', ['222222222222'], 'ReceiveMessage'))).toMatchObject({
      name: 'InvalidParameterValue',
      message: 'Value taken for parameter Label is invalid. Reason: Already exists.',
    });
    expect(await refusal(aws.sqs.removePermission({ QueueUrl, Label: 'never' }))).toMatchObject({
      name: 'InvalidParameterValue',
      message: "Value never for parameter Label is invalid. Reason: can't find label.",
    });
  });

  it('are refused for what no policy can allow', async () => {
    expect(await refusal(add('a', ['111111111111'], 'RemovePermission'))).toMatchObject({ name: 'InvalidParameterValue' });
    expect(await refusal(add('a', ['111111111111']))).toMatchObject({ name: 'MissingParameter' });
    expect(await refusal(add('a', [], 'SendMessage'))).toMatchObject({ name: 'InvalidParameterValue' });
    expect(await refusal(add('a', ['111111111111'], ...Array.from({ length: 8 }, (_, n) => `Action${n}`)))).toMatchObject({
      name: 'OverLimit',
      message: '8 Actions were found, maximum allowed is 7.',
      status: 403,
    });
  });
});
