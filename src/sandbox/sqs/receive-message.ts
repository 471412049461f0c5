import type { Message as MessageOutput, MessageSystemAttributeName, ReceiveMessageRequest } from '@aws-sdk/client-sqs';
import type { Clock } from '../../util/clock.ts';
import { notImplemented } from '../not-implemented.ts';
import type { OperationOf, RequestContext } from '../operation.ts';
import { invalidValue, notForThisType, queueDoesNotExist } from './errors.ts';
import { type Message, md5, md5OfAttributes } from './message.ts';
import { chosenAttributes } from './message-attributes.ts';
import type { Delivery, Queue } from './queue.ts';
import { onQueue, requestedQueue } from './request.ts';
import { checkVisibility } from './visibility.ts';

/** Messages that are there are handed out at once; otherwise a request waits for the first ones as long as it said. */
export const receiveMessage: OperationOf<'sqs', 'ReceiveMessage'> = {
  ...onQueue('receivemessage'),
  async handle(input, context) {
    const queue = requestedQueue(input, context);
    const {
      MaxNumberOfMessages: limit = 1,
      WaitTimeSeconds: wait,
      VisibilityTimeout: visibility,
      ReceiveRequestAttemptId: attempt,
    } = input;
    if (limit < 1 || limit > 10) throw invalidValue(limit, 'MaxNumberOfMessages', 'Must be between 1 and 10, if provided.');
    if (wait !== undefined && (wait < 0 || wait > 20)) {
      throw invalidValue(wait, 'WaitTimeSeconds', 'Must be >= 0 and <= 20, if provided.');
    }
    if (visibility !== undefined) checkVisibility(visibility);
    if (attempt !== undefined) {
      // The text for a standard queue is that of other parameters, and unverified here.
      throw queue.isFifo
        ? notImplemented('ReceiveRequestAttemptId of sqs:ReceiveMessage')
        : notForThisType(attempt, 'ReceiveRequestAttemptId');
    }
    const waitMs = (wait ?? queue.attributes.number('ReceiveMessageWaitTimeSeconds')) * 1000;
    const deliveries = await poll(queue, () => queue.receive(limit, visibility), waitMs, context);
    return deliveries.length === 0 ? {} : { Messages: deliveries.map((delivery) => received(delivery, input)) };
  },
};

/** Looks again whenever the queue changes or a hidden message becomes available. */
async function poll(queue: Queue, look: () => Delivery[], waitMs: number, { cloud, wait }: RequestContext): Promise<Delivery[]> {
  const clock = cloud.clock.foreground;
  const deadline = clock.now() + waitMs;
  const first = look();
  if (first.length > 0 || waitMs === 0) return first;
  return wait(async (signal) => {
    for (;;) {
      await changeOrTime(queue, clock, Math.min(deadline, queue.nextDue ?? deadline), signal);
      if (signal.aborted) return [];
      if (queue.deleted) throw queueDoesNotExist();
      const found = look();
      if (found.length > 0 || clock.now() >= deadline) return found;
    }
  });
}

/** Waits until something happens to the queue, a time has come, or the signal aborts. */
async function changeOrTime(queue: Queue, clock: Clock, time: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  const events = [queue.changed.next(over.signal), clock.sleep(Math.max(0, time - clock.now()), over.signal)];
  try {
    await Promise.race(events);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

function received({ message, receiptHandle }: Delivery, request: ReceiveMessageRequest): MessageOutput {
  const attributes = chosenAttributes(message.attributes ?? {}, request.MessageAttributeNames);
  const checksum = md5OfAttributes(attributes);
  const asked: readonly string[] = [...(request.AttributeNames ?? []), ...(request.MessageSystemAttributeNames ?? [])];
  const system = systemAttributes(message).filter(
    ([name, value]) => value !== undefined && (asked.includes('All') || asked.includes(name)),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(system.length === 0 ? {} : { Attributes: Object.fromEntries(system) }),
    ...(checksum === undefined ? {} : { MD5OfMessageAttributes: checksum, MessageAttributes: attributes }),
  };
}

function systemAttributes(message: Message): [MessageSystemAttributeName, string | undefined][] {
  return [
    ['SenderId', message.senderId],
    ['ApproximateFirstReceiveTimestamp', String(message.firstReceivedAt)],
    ['ApproximateReceiveCount', String(message.receiveCount)],
    ['SentTimestamp', String(message.sentAt)],
    ['AWSTraceHeader', message.traceHeader],
    ['MessageGroupId', message.groupId],
    ['MessageDeduplicationId', message.deduplicationId],
    ['SequenceNumber', message.sequenceNumber],
    ['DeadLetterQueueSourceArn', message.deadLetterSource],
  ];
}
