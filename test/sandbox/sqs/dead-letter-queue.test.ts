import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../support/manual-clock.ts';
import { arnOf, bodies, newQueue, receive } from '../../support/queues.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const clock = manualClock(Date.now());
let aws: SandboxUnderTest;

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
});
afterAll(() => aws.stop());

const redriveTo = (target: string, maxReceiveCount: number | string = 2) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(target), maxReceiveCount }),
});

describe('a dead-letter queue', () => {
  it('gets what was received too often, as it was, and from where', async () => {
    const target = await newQueue(aws.sqs);
    const source = await newQueue(aws.sqs, { ...redriveTo(target), VisibilityTimeout: '1' });
    const sentAt = String(clock.now());
    const sent = await aws.sqs.sendMessage({
      QueueUrl: source,
      MessageBody: 'poison',
      MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
    });
    for (let round = 0; round < 2; round++) {
      expect(bodies(await receive(aws.sqs, source))).toEqual(['poison']);
      await clock.advance(1_000);
    }
    expect(await receive(aws.sqs, target)).toEqual([]);
    expect(await receive(aws.sqs, source)).toEqual([]);
    const [message] = await receive(aws.sqs, target, { MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] });
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'poison',
      MessageAttributes: { a: { StringValue: 'b' } },
      Attributes: { SentTimestamp: sentAt, ApproximateReceiveCount: '3', DeadLetterQueueSourceArn: arnOf(source) },
    });
    await aws.sqs.deleteMessage({ QueueUrl: target, ReceiptHandle: message?.ReceiptHandle });
  });

  it('wakes whoever waits for a message in it', async () => {
    const target = await newQueue(aws.sqs);
    const source = await newQueue(aws.sqs, { ...redriveTo(target, 1), VisibilityTimeout: '0' });
    const waiting = receive(aws.sqs, target, { WaitTimeSeconds: 20 });
    await aws.sqs.sendMessage({ QueueUrl: source, MessageBody: 'poison' });
    await receive(aws.sqs, source);
    await receive(aws.sqs, source);
    expect(bodies(await waiting)).toEqual(['poison']);
  });

  it('lists the queues that it stands behind', async () => {
    const target = await newQueue(aws.sqs);
    expect((await aws.sqs.listDeadLetterSourceQueues({ QueueUrl: target })).queueUrls).toEqual([]);
    const sources = [await newQueue(aws.sqs, redriveTo(target)), await newQueue(aws.sqs, redriveTo(target))];
    expect((await aws.sqs.listDeadLetterSourceQueues({ QueueUrl: target })).queueUrls?.toSorted()).toEqual(sources.toSorted());
  });

  it('can be the queue itself, which then never gets rid of a message', async () => {
    const itself = await newQueue(aws.sqs);
    await aws.sqs.setQueueAttributes({ QueueUrl: itself, Attributes: { ...redriveTo(itself, 1), VisibilityTimeout: '0' } });
    await aws.sqs.sendMessage({ QueueUrl: itself, MessageBody: 'round and round' });
    await receive(aws.sqs, itself);
    expect(await receive(aws.sqs, itself)).toEqual([]);
    const { Attributes } = await aws.sqs.getQueueAttributes({ QueueUrl: itself, AttributeNames: ['ApproximateNumberOfMessages'] });
    expect(Attributes).toEqual({ ApproximateNumberOfMessages: '1' });
  });
});

describe('a redrive policy', () => {
  it('is shown with its count as a number, and taken away by an empty text', async () => {
    const target = await newQueue(aws.sqs);
    const QueueUrl = await newQueue(aws.sqs, redriveTo(target, '5'));
    const shown = async () => (await aws.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['RedrivePolicy'] })).Attributes;
    expect(await shown()).toEqual({ RedrivePolicy: `{"deadLetterTargetArn":"${arnOf(target)}","maxReceiveCount":5}` });
    await aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { RedrivePolicy: '' } });
    expect(await shown()).toBeUndefined();
  });

  it.each([
    ['{"maxReceiveCount":3}', 'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.'],
    ['{}', 'Redrive policy does not contain mandatory attribute: maxReceiveCount.'],
    ['{', 'Redrive policy is not a valid JSON map.'],
    [
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:nowhere","maxReceiveCount":0}',
      'Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.',
    ],
    ['{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:nowhere","maxReceiveCount":3}', 'Dead letter target does not exist.'],
    ['{"deadLetterTargetArn":"arn:aws:sns:us-east-1:000000000000:topic","maxReceiveCount":3}', 'Only following service as queue: [SQS].'],
  ])('%s is refused', async (RedrivePolicy, reason) => {
    expect(await refusal(newQueue(aws.sqs, { RedrivePolicy }))).toEqual({
      name: 'InvalidParameterValue',
      message: `Value ${RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
      status: 400,
    });
  });
});
