import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../support/manual-clock.ts';
import { bodies, newQueue, receive } from '../../support/queues.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const clock = manualClock(Date.now());
let aws: SandboxUnderTest;
let QueueUrl: string;

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
});
afterAll(() => aws.stop());

const send = (MessageBody: string, over: { DelaySeconds?: number; MessageAttributes?: Record<string, MessageAttributeValue> } = {}) =>
  aws.sqs.sendMessage({ QueueUrl, MessageBody, ...over });
const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });

describe('a message', () => {
  beforeAll(async () => {
    QueueUrl = await newQueue(aws.sqs);
  });

  it('is received as it was sent, with checksums', async () => {
    const sent = await send('test', { MessageAttributes: { MyAttribute: text('foobar') } });
    expect(sent).toMatchObject({
      MD5OfMessageBody: '098f6bcd4621d373cade4e832627b4f6',
      // As AWS answered for this attribute (recorded).
      MD5OfMessageAttributes: 'adb59cd4678ea5a855436b949cd07ab6',
    });
    const [message] = await receive(aws.sqs, QueueUrl, { MessageAttributeNames: ['All'] });
    expect(message).toEqual({
      MessageId: sent.MessageId,
      ReceiptHandle: expect.stringMatching(/^AQEB/),
      Body: 'test',
      MD5OfBody: '098f6bcd4621d373cade4e832627b4f6',
      MD5OfMessageAttributes: 'adb59cd4678ea5a855436b949cd07ab6',
      MessageAttributes: { MyAttribute: text('foobar') },
    });
  });

  it('can carry bytes and numbers', async () => {
    const bytes = Buffer.from('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01');
    const attr1: MessageAttributeValue = { DataType: 'Binary', BinaryValue: bytes };
    // As AWS answered for this attribute (recorded).
    expect((await send('bytes', { MessageAttributes: { attr1 } })).MD5OfMessageAttributes).toBe('8cbe4db156db8a94db8b801b7addb984');
    const [message] = await receive(aws.sqs, QueueUrl, { MessageAttributeNames: ['attr1'] });
    expect(Buffer.from(message?.MessageAttributes?.['attr1']?.BinaryValue ?? [])).toEqual(bytes);
    // Letters of any script (as a test has it that passes on AWS).
    await send('letters', { MessageAttributes: { 'attr.1øßä': text('Valid') } });
    await send('number', { MessageAttributes: { n: { DataType: 'Number.int', StringValue: '-1.5e3' } } });
    await receive(aws.sqs, QueueUrl);
  });

  it('shows the attributes that the receiver asks for, and a checksum of those', async () => {
    await send('msg', { MessageAttributes: { Hello: text('There'), General: text('Kenobi'), 'Help.Me': text('Me') } });
    const received = async (...MessageAttributeNames: string[]) => {
      const [message] = await receive(aws.sqs, QueueUrl, { MessageAttributeNames, VisibilityTimeout: 0 });
      return [Object.keys(message?.MessageAttributes ?? {}), message?.MD5OfMessageAttributes];
    };
    expect(await received()).toEqual([[], undefined]);
    expect(await received('nothing')).toEqual([[], undefined]);
    // The checksums are those that AWS answered (recorded).
    for (const all of ['All', '.*', '*']) {
      expect(await received(all)).toEqual([['Hello', 'General', 'Help.Me'], '4c360f3fdafd970e05fae2f149d997f5']);
    }
    expect(await received('Hello', 'General')).toEqual([['Hello', 'General'], 'fca026605781cb4126a1e9044df24232']);
    expect(await received('Hello', 'nothing')).toEqual([['Hello'], 'a311262e065454b75da111d535b8dacd']);
    expect((await received('Hel.*'))[0]).toEqual(['Hello', 'Help.Me']);
    await receive(aws.sqs, QueueUrl);
  });

  it('tells who sent it, when, and how often it was received', async () => {
    const sentAt = String(clock.now());
    await aws.sqs.sendMessage({
      QueueUrl,
      MessageBody: 'traced',
      MessageGroupId: 'tenant-1',
      MessageSystemAttributes: { AWSTraceHeader: text('Root=1-5759e988-bd862e3fe1be46a994272793') },
    });
    await clock.advance(1000);
    const firstReceivedAt = String(clock.now());
    await receive(aws.sqs, QueueUrl, { VisibilityTimeout: 1 });
    await clock.advance(1000);
    const [message] = await receive(aws.sqs, QueueUrl, { MessageSystemAttributeNames: ['All'], VisibilityTimeout: 1 });
    expect(message?.Attributes).toEqual({
      SenderId: '000000000000',
      SentTimestamp: sentAt,
      ApproximateFirstReceiveTimestamp: firstReceivedAt,
      ApproximateReceiveCount: '2',
      AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793',
      MessageGroupId: 'tenant-1',
    });
    await clock.advance(1000);
    const [again] = await receive(aws.sqs, QueueUrl, { MessageSystemAttributeNames: ['SenderId'] });
    expect(again?.Attributes).toEqual({ SenderId: '000000000000' });
  });

  it('carries the trace that the request came with', async () => {
    const trace = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1';
    const { sqs } = aws.as(aws.sandbox.credentials);
    sqs.middlewareStack.add(
      (next) => (args) => {
        (args.request as { readonly headers: Record<string, string> }).headers['X-Amzn-Trace-Id'] = trace;
        return next(args);
      },
      { step: 'build' },
    );
    await sqs.sendMessage({ QueueUrl, MessageBody: 'traced' });
    const [message] = await receive(aws.sqs, QueueUrl, { MessageSystemAttributeNames: ['AWSTraceHeader'] });
    expect(message?.Attributes).toEqual({ AWSTraceHeader: trace });
  });

  it('is older than the queue keeps it at some time, and gone then', async () => {
    const short = await newQueue(aws.sqs, { MessageRetentionPeriod: '60' });
    await aws.sqs.sendMessage({ QueueUrl: short, MessageBody: 'old' });
    await clock.advance(30_000);
    await aws.sqs.sendMessage({ QueueUrl: short, MessageBody: 'young' });
    await clock.advance(30_000);
    expect(bodies(await receive(aws.sqs, short))).toEqual(['young']);
    await clock.advance(30_000);
    const counted = await aws.sqs.getQueueAttributes({ QueueUrl: short, AttributeNames: ['ApproximateNumberOfMessagesNotVisible'] });
    expect(counted.Attributes).toEqual({ ApproximateNumberOfMessagesNotVisible: '0' });
  });
});

describe('a message is refused', () => {
  beforeAll(async () => {
    QueueUrl = await newQueue(aws.sqs, { MaximumMessageSize: '1024' });
  });

  it('without a body', async () => {
    expect(await refusal(send(''))).toEqual({
      name: 'MissingParameter',
      message: 'The request must contain the parameter MessageBody.',
      status: 400,
    });
  });

  it('with characters that it cannot have', async () => {
    expect(await refusal(send('bell \u0007'))).toMatchObject({ name: 'InvalidMessageContents' });
    await send('tab\t, line\r\n, \ud83d\ude00');
  });

  it('when it is larger than the queue takes, its attributes included', async () => {
    const tooLong = 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.';
    expect(await refusal(send('a'.repeat(1025)))).toEqual({ name: 'InvalidParameterValue', message: tooLong, status: 400 });
    const MessageAttributes = { name: text('a'.repeat(1000)) };
    expect((await refusal(send('a'.repeat(15), { MessageAttributes }))).message).toBe(tooLong);
    await send('a'.repeat(14), { MessageAttributes });
    await send('a'.repeat(1024));
  });

  it('with a delay that it cannot have', async () => {
    expect((await refusal(send('x', { DelaySeconds: 901 }))).message).toBe(
      'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    );
  });

  it('with what belongs to FIFO queues, or a group of a wrong name', async () => {
    const deduplicated = aws.sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageDeduplicationId: 'd' });
    expect((await refusal(deduplicated)).message).toContain('Value d for parameter MessageDeduplicationId is invalid.');
    expect((await refusal(aws.sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageGroupId: 'group 123' }))).message).toBe(
      'Value group 123 for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  });

  it.each([
    [
      'an empty value',
      { ErrorDetails: text('') },
      "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    ],
    ['no type', { a: { DataType: '', StringValue: 'b' } }, 'must contain a non-empty message attribute type'],
    ['an unknown type', { a: { DataType: 'Text', StringValue: 'b' } }, 'must use only the following supported type prefixes'],
    ['a number that is none', { a: { DataType: 'Number', StringValue: 'one' } }, "Can't cast the value"],
    ['a reserved name', { 'AWS.a': text('b') }, "attribute name 'AWS.a' is invalid"],
    ['a control character', { a: text('Invalid-\b') }, 'Invalid characters found.'],
    ['a name with spaces', { 'a b': text('b') }, "attribute name 'a b' is invalid"],
  ])('with an attribute of %s', async (_what, MessageAttributes, message) => {
    expect(await refusal(send('x', { MessageAttributes }))).toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(message),
    });
  });

  it('with more than ten attributes', async () => {
    const MessageAttributes = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`a${index}`, text('b')]));
    expect((await refusal(send('x', { MessageAttributes }))).message).toBe(
      'Number of message attributes [11] exceeds the allowed maximum [10].',
    );
  });
});

describe('a batch', () => {
  beforeAll(async () => {
    QueueUrl = await newQueue(aws.sqs, { MaximumMessageSize: '1024' });
  });
  const batch = (...entries: [Id: string, MessageBody: string][]) =>
    aws.sqs.sendMessageBatch({ QueueUrl, Entries: entries.map(([Id, MessageBody]) => ({ Id, MessageBody })) });

  it('sends what it can and lists what it cannot', async () => {
    const { Successful, Failed } = await batch(['good', 'x'], ['long', 'a'.repeat(1025)], ['strange', '\u0000']);
    expect(Successful).toEqual([{ Id: 'good', MessageId: expect.any(String), MD5OfMessageBody: '9dd4e461268c8034f5c8564e155c67a6' }]);
    expect(Failed).toEqual([
      {
        Id: 'long',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message: 'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
      },
      { Id: 'strange', SenderFault: true, Code: 'InvalidMessageContents', Message: expect.stringContaining('Invalid characters found.') },
    ]);
    expect((await batch(['fine', 'y'])).Failed).toBeUndefined();
    expect(bodies(await receive(aws.sqs, QueueUrl))).toEqual(['x', 'y']);
  });

  it('deletes and hides messages', async () => {
    await batch(['1', 'one'], ['2', 'two']);
    const [one, two] = await receive(aws.sqs, QueueUrl);
    const hidden = await aws.sqs.changeMessageVisibilityBatch({
      QueueUrl,
      Entries: [
        { Id: 'back', ReceiptHandle: one?.ReceiptHandle, VisibilityTimeout: 0 },
        { Id: 'long', ReceiptHandle: two?.ReceiptHandle, VisibilityTimeout: 43_201 },
      ],
    });
    expect([hidden.Successful, hidden.Failed?.map(({ Id, Code }) => [Id, Code])]).toEqual([
      [{ Id: 'back' }],
      [['long', 'InvalidParameterValue']],
    ]);
    const deleted = await aws.sqs.deleteMessageBatch({
      QueueUrl,
      Entries: [
        { Id: 'gone', ReceiptHandle: two?.ReceiptHandle },
        { Id: 'wrong', ReceiptHandle: 'nonsense' },
      ],
    });
    expect([deleted.Successful, deleted.Failed?.map(({ Id, Code }) => [Id, Code])]).toEqual([
      [{ Id: 'gone' }],
      [['wrong', 'ReceiptHandleIsInvalid']],
    ]);
    expect(bodies(await receive(aws.sqs, QueueUrl))).toEqual(['one']);
  });

  it('is refused as a whole when it is none', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index): [string, string] => [`id-${index}`, 'x']);
    expect(await refusal(batch())).toMatchObject({ name: 'EmptyBatchRequest' });
    expect(await refusal(batch(...ids(11)))).toMatchObject({
      name: 'TooManyEntriesInBatchRequest',
      message: 'Maximum number of entries per request are 10. You have sent 11.',
    });
    expect(await refusal(batch(['a b', 'x']))).toMatchObject({
      name: 'InvalidBatchEntryId',
      message: 'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    });
    expect(await refusal(batch(['a', 'x'], ['a', 'y']))).toMatchObject({ name: 'BatchEntryIdsNotDistinct', message: 'Id a repeated.' });
    const QueueUrlOfLarge = await newQueue(aws.sqs);
    const half = 'a'.repeat(524_288);
    const large = aws.sqs.sendMessageBatch({
      QueueUrl: QueueUrlOfLarge,
      Entries: [
        { Id: '1', MessageBody: half },
        { Id: '2', MessageBody: `${half}b` },
      ],
    });
    expect(await refusal(large)).toEqual({
      name: 'BatchRequestTooLong',
      message: 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
      status: 400,
    });
    expect(await receive(aws.sqs, QueueUrlOfLarge)).toEqual([]);
  });
});
