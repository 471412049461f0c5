import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
beforeEach(async () => {
  QueueUrl = await newQueue(aws.sqs);
});

const send = (MessageBody: string, DelaySeconds?: number) => aws.sqs.sendMessage({ QueueUrl, MessageBody, DelaySeconds });
const received = async (over = {}) => bodies(await receive(aws.sqs, QueueUrl, over));
const counts = async () => {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'] as const;
  const { Attributes } = await aws.sqs.getQueueAttributes({ QueueUrl, AttributeNames: [...names] });
  return names.map((name) => Number(Attributes?.[name]));
};

describe('receiving', () => {
  it('hands out as many messages as are asked for, one by default', async () => {
    for (const body of ['1', '2', '3']) await send(body);
    expect(bodies((await aws.sqs.receiveMessage({ QueueUrl })).Messages ?? [])).toEqual(['1']);
    expect(await received({ MaxNumberOfMessages: 10 })).toEqual(['2', '3']);
    expect((await aws.sqs.receiveMessage({ QueueUrl })).Messages).toBeUndefined();
  });

  it('refuses numbers that are out of range', async () => {
    expect((await refusal(received({ MaxNumberOfMessages: 11 }))).message).toBe(
      'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    );
    expect((await refusal(received({ WaitTimeSeconds: 21 }))).message).toBe(
      'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    );
    expect(await refusal(received({ VisibilityTimeout: 43_201 }))).toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('hides a message until its time is over', async () => {
    await send('x');
    await received({ VisibilityTimeout: 10 });
    expect(await counts()).toEqual([0, 1, 0]);
    await clock.advance(9_999);
    expect(await received()).toEqual([]);
    await clock.advance(1);
    expect(await counts()).toEqual([1, 0, 0]);
    expect(await received()).toEqual(['x']);
    await clock.advance(30_000);
    expect(await received()).toEqual(['x']);
  });

  it('finds a delayed message when its delay is over, its own or the one of the queue', async () => {
    await aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { DelaySeconds: '5' } });
    await send('by the queue');
    await send('at once', 0);
    await send('by itself', 2);
    expect(await counts()).toEqual([1, 0, 2]);
    expect(await received()).toEqual(['at once']);
    await clock.advance(2_000);
    expect(await received()).toEqual(['by itself']);
    await clock.advance(3_000);
    expect(await received()).toEqual(['by the queue']);
  });
});

describe('waiting for a message', () => {
  it('ends as soon as one is sent', async () => {
    const waiting = received({ WaitTimeSeconds: 20 });
    await send('x');
    expect(await waiting).toEqual(['x']);
  });

  it('ends when a delay, a visibility timeout or its own time is over', async () => {
    await send('x', 3);
    expect(await elapsed(() => received({ WaitTimeSeconds: 20, VisibilityTimeout: 4 }))).toEqual([3_000, ['x']]);
    expect(await elapsed(() => received({ WaitTimeSeconds: 20 }))).toEqual([4_000, ['x']]);
    expect(await elapsed(() => received({ WaitTimeSeconds: 20 }))).toEqual([20_000, []]);
  });

  it('is what a queue can be set to', async () => {
    await aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { ReceiveMessageWaitTimeSeconds: '6' } });
    expect(await elapsed(() => received())).toEqual([6_000, []]);
    expect(await received({ WaitTimeSeconds: 0 })).toEqual([]);
  });

  it('goes on when somebody else was faster', async () => {
    const both = [received({ WaitTimeSeconds: 20 }), received({ WaitTimeSeconds: 20 })];
    await send('first');
    const [first] = await Promise.race(both);
    expect(first).toBe('first');
    await send('second');
    expect((await Promise.all(both)).flat().sort()).toEqual(['first', 'second']);
  });

  it('takes no message for a client that has gone', async () => {
    const leaving = new AbortController();
    const request = aws.sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 20 }, { abortSignal: leaving.signal });
    const left = refusal(request);
    // The request has arrived when a second one, sent after it, was answered.
    await counts();
    leaving.abort();
    expect((await left).name).toBe('AbortError');
    // So has the end of its connection.
    for (let round = 0; round < 3; round++) await counts();
    await send('x');
    expect(await received()).toEqual(['x']);
  });

  it('ends with the queue', async () => {
    const waiting = refusal(received({ WaitTimeSeconds: 20 }));
    await counts();
    await aws.sqs.deleteQueue({ QueueUrl });
    expect(await waiting).toMatchObject({ name: 'QueueDoesNotExist' });
  });

  /** How far the clock has to go until an operation is over, in whole seconds, and what comes out of it. */
  async function elapsed<T>(operation: () => Promise<T>): Promise<[ms: number, result: T]> {
    const start = clock.now();
    let done = false;
    const running = operation().finally(() => {
      done = true;
    });
    await counts();
    while (!done && clock.now() - start < 30_000) {
      await clock.advance(1000);
      await counts();
    }
    return [clock.now() - start, await running];
  }
});

describe('a receipt handle', () => {
  it('deletes its message, also after the message has become available again', async () => {
    await send('x');
    const [message] = await receive(aws.sqs, QueueUrl, { VisibilityTimeout: 1 });
    await clock.advance(1_000);
    await aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    expect(await counts()).toEqual([0, 0, 0]);
    await aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle: message?.ReceiptHandle });
  });

  it('deletes nothing when somebody else has received the message, and still hides it', async () => {
    await send('x');
    const [mine] = await receive(aws.sqs, QueueUrl, { VisibilityTimeout: 0 });
    const [theirs] = await receive(aws.sqs, QueueUrl);
    expect(theirs?.ReceiptHandle).not.toBe(mine?.ReceiptHandle);
    await aws.sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle: mine?.ReceiptHandle, VisibilityTimeout: 60 });
    await clock.advance(50_000);
    await aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle: mine?.ReceiptHandle });
    expect(await counts()).toEqual([0, 1, 0]);
    await aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle: theirs?.ReceiptHandle });
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('hides its message longer, or gives it back', async () => {
    await send('x');
    const [message] = await receive(aws.sqs, QueueUrl, { VisibilityTimeout: 5 });
    const change = (VisibilityTimeout: number) =>
      aws.sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout });
    await clock.advance(4_000);
    await change(10);
    await clock.advance(9_000);
    expect(await received()).toEqual([]);
    await change(0);
    expect(await counts()).toEqual([1, 0, 0]);
    await change(43_187);
    expect(await refusal(change(43_188))).toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('beyond the limit [43200 seconds]'),
    });
    await aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    expect((await refusal(change(1))).message).toBe(
      `Value ${message?.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  });

  it('is good for the queue that gave it out only', async () => {
    await send('x');
    const [message] = await receive(aws.sqs, QueueUrl);
    const elsewhere = { QueueUrl: await newQueue(aws.sqs), ReceiptHandle: message?.ReceiptHandle };
    expect(await refusal(aws.sqs.deleteMessage(elsewhere))).toMatchObject({ name: 'ReceiptHandleIsInvalid', status: 404 });
    expect(await refusal(aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle: 'nonsense' }))).toEqual({
      name: 'ReceiptHandleIsInvalid',
      message: 'The input receipt handle "nonsense" is not a valid receipt handle.',
      status: 404,
    });
    expect(await refusal(aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle: '' }))).toMatchObject({
      name: 'MissingParameter',
      message: 'The request must contain the parameter ReceiptHandle.',
    });
  });
});
