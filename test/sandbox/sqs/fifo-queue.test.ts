import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../support/manual-clock.ts';
import { arnOf, bodies, receive } from '../../support/queues.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const clock = manualClock(Date.now());
let aws: SandboxUnderTest;
let queues = 0;

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
});
afterAll(() => aws.stop());

const newFifo = async (Attributes: Record<string, string> = { ContentBasedDeduplication: 'True' }) => {
  queues += 1;
  const { QueueUrl = '' } = await aws.sqs.createQueue({ QueueName: `f${queues}.fifo`, Attributes: { FifoQueue: 'True', ...Attributes } });
  return QueueUrl;
};
const send = (QueueUrl: string, MessageBody: string, over: Partial<SendMessageCommandInput> = {}) =>
  aws.sqs.sendMessage({ QueueUrl, MessageBody, MessageGroupId: 'g', ...over });
const sendAll = async (QueueUrl: string, ...messages: string[]) => {
  for (const message of messages) await send(QueueUrl, message, { MessageGroupId: message.slice(0, 1) });
};
const attributesOf = async (QueueUrl: string) => (await aws.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })).Attributes;

describe('a FIFO queue', () => {
  it('shows what only such queues have, as recorded', async () => {
    const QueueUrl = await newFifo({});
    const fifo = { FifoQueue: 'true', DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' };
    expect(await attributesOf(QueueUrl)).toMatchObject({ ...fifo, ContentBasedDeduplication: 'false' });
    await aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { ContentBasedDeduplication: 'true' } });
    expect(await attributesOf(QueueUrl)).toMatchObject({ ...fifo, ContentBasedDeduplication: 'true' });
  });

  it('stays one', async () => {
    const QueueUrl = await newFifo();
    expect(await refusal(aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { FifoQueue: 'false' } }))).toMatchObject({
      name: 'InvalidAttributeValue',
      message: 'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    });
  });

  it('numbers its messages, and tells their group and their deduplication id', async () => {
    const QueueUrl = await newFifo();
    const first = await send(QueueUrl, 'one', { MessageDeduplicationId: 'd' });
    const second = await send(QueueUrl, 'two');
    expect([first, second].map(({ SequenceNumber = '' }) => /^\d{20}$/.test(SequenceNumber))).toEqual([true, true]);
    expect(BigInt(second.SequenceNumber ?? 0) > BigInt(first.SequenceNumber ?? 0)).toBe(true);
    const received = await receive(aws.sqs, QueueUrl, { MessageSystemAttributeNames: ['All'] });
    expect(received.map(({ Attributes }) => Attributes)).toMatchObject([
      { MessageGroupId: 'g', MessageDeduplicationId: 'd', SequenceNumber: first.SequenceNumber },
      // The SHA-256 of the body.
      { MessageDeduplicationId: '3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3' },
    ]);
  });

  it('holds a group back behind a message that is hidden, and lets other groups go on', async () => {
    const QueueUrl = await newFifo();
    await sendAll(QueueUrl, 'a1', 'a2', 'b1', 'a3');
    expect(bodies(await receive(aws.sqs, QueueUrl, { MaxNumberOfMessages: 1 }))).toEqual(['a1']);
    const [hidden] = await receive(aws.sqs, QueueUrl);
    expect(hidden?.Body).toBe('b1');
    expect(await receive(aws.sqs, QueueUrl)).toEqual([]);
    await clock.advance(30_000);
    expect(bodies(await receive(aws.sqs, QueueUrl))).toEqual(['a1', 'a2', 'a3', 'b1']);
  });

  it('hands out as many messages of a group as it can, and then has the other groups take their turns', async () => {
    const QueueUrl = await newFifo();
    await sendAll(QueueUrl, 'a1', 'b1', 'b2', 'c1', 'a2');
    const look = async (MaxNumberOfMessages: number) =>
      bodies(await receive(aws.sqs, QueueUrl, { MaxNumberOfMessages, VisibilityTimeout: 0 }));
    expect(await look(3)).toEqual(['a1', 'a2', 'b1']);
    expect(await look(10)).toEqual(['c1', 'a1', 'a2', 'b1', 'b2']);
  });

  it('forgets what was sent when it is purged', async () => {
    const QueueUrl = await newFifo();
    await send(QueueUrl, 'x');
    await aws.sqs.purgeQueue({ QueueUrl });
    await send(QueueUrl, 'x');
    expect(bodies(await receive(aws.sqs, QueueUrl))).toEqual(['x']);
  });

  it('goes on with the group when the message before is deleted', async () => {
    const QueueUrl = await newFifo();
    await sendAll(QueueUrl, 'a1', 'a2');
    const [first] = await receive(aws.sqs, QueueUrl, { MaxNumberOfMessages: 1 });
    const waiting = receive(aws.sqs, QueueUrl, { WaitTimeSeconds: 20 });
    await aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle: first?.ReceiptHandle });
    expect(bodies(await waiting)).toEqual(['a2']);
  });

  it('takes a receipt only while its message is hidden', async () => {
    const QueueUrl = await newFifo();
    await send(QueueUrl, 'x');
    const [message] = await receive(aws.sqs, QueueUrl, { VisibilityTimeout: 1 });
    const ReceiptHandle = message?.ReceiptHandle;
    await clock.advance(1_000);
    expect(await refusal(aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle }))).toMatchObject({
      name: 'InvalidParameterValue',
      message: `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    });
    const [again] = await receive(aws.sqs, QueueUrl);
    for (let times = 0; times < 2; times += 1) await aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle: again?.ReceiptHandle });
  });

  it('delays all messages alike', async () => {
    const QueueUrl = await newFifo({ ContentBasedDeduplication: 'true', DelaySeconds: '2' });
    expect(await refusal(send(QueueUrl, 'x', { DelaySeconds: 2 }))).toMatchObject({
      message:
        'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    });
    await send(QueueUrl, 'x', { DelaySeconds: 0 });
    expect(await receive(aws.sqs, QueueUrl)).toEqual([]);
    await clock.advance(2_000);
    expect(bodies(await receive(aws.sqs, QueueUrl))).toEqual(['x']);
  });

  it('gives what was received too often to another FIFO queue, and to no standard one', async () => {
    const target = await newFifo();
    const { QueueUrl: standard = '' } = await aws.sqs.createQueue({ QueueName: 'standard' });
    const redriveTo = (queue: string) => ({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(queue), maxReceiveCount: 1 }) });
    expect(await refusal(newFifo(redriveTo(standard)))).toMatchObject({ name: 'InvalidParameterValue' });
    const source = await newFifo({ ContentBasedDeduplication: 'true', ...redriveTo(target) });
    await sendAll(source, 'a1', 'a2');
    await receive(aws.sqs, source, { VisibilityTimeout: 0, MaxNumberOfMessages: 1 });
    expect(bodies(await receive(aws.sqs, source))).toEqual(['a2']);
    expect(bodies(await receive(aws.sqs, target))).toEqual(['a1']);
  });
});

describe('a message that is sent again', () => {
  it('is the same message for five minutes, even when it was deleted', async () => {
    const QueueUrl = await newFifo();
    const first = await send(QueueUrl, 'x');
    const [message] = await receive(aws.sqs, QueueUrl);
    await aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    expect(await send(QueueUrl, 'x', { MessageGroupId: 'other' })).toMatchObject({
      MessageId: first.MessageId,
      SequenceNumber: first.SequenceNumber,
    });
    expect(await receive(aws.sqs, QueueUrl)).toEqual([]);
    await clock.advance(300_000);
    expect((await send(QueueUrl, 'x')).MessageId).not.toBe(first.MessageId);
    expect(bodies(await receive(aws.sqs, QueueUrl))).toEqual(['x']);
  });

  it('is another one in another group where the queue was created so, whatever it is set to later', async () => {
    const QueueUrl = await newFifo({ DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' });
    await aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' } });
    for (const MessageGroupId of ['a', 'b', 'b']) await send(QueueUrl, MessageGroupId, { MessageGroupId, MessageDeduplicationId: 'same' });
    expect(bodies(await receive(aws.sqs, QueueUrl))).toEqual(['a', 'b']);
  });
});

describe('a message for a FIFO queue is refused', () => {
  const noId = 'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly';
  const noGroup = 'The request must contain the parameter MessageGroupId.';

  it('without a group, and without a deduplication id where the queue makes none', async () => {
    const QueueUrl = await newFifo({});
    expect(await refusal(send(QueueUrl, 'x'))).toMatchObject({ name: 'InvalidParameterValue', message: noId });
    expect(await refusal(aws.sqs.sendMessage({ QueueUrl, MessageBody: 'x' }))).toMatchObject({
      name: 'MissingParameter',
      message: noGroup,
    });
  });

  it('with the whole of its batch', async () => {
    const QueueUrl = await newFifo({});
    const good = { Id: 'good', MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    const batch = (entry: object) =>
      refusal(aws.sqs.sendMessageBatch({ QueueUrl, Entries: [good, { Id: 'bad', MessageBody: 'y', ...entry }] }));
    expect(await batch({ MessageDeduplicationId: 'd' })).toMatchObject({ name: 'InvalidParameterValue', message: noGroup });
    expect(await batch({ MessageGroupId: 'g' })).toMatchObject({ name: 'InvalidParameterValue', message: noId });
    expect(await receive(aws.sqs, QueueUrl)).toEqual([]);
  });

  it.each(['', 'a'.repeat(129), 'group 123'])('with the deduplication id "%s"', async (MessageDeduplicationId) => {
    const QueueUrl = await newFifo();
    expect(await refusal(send(QueueUrl, 'x', { MessageDeduplicationId }))).toMatchObject({
      message: `Value ${MessageDeduplicationId} for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    });
  });
});
