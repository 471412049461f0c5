import { createHash } from 'node:crypto';
import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '../error.ts';
import type { RequestContext } from '../operation.ts';
import { invalidParameter, invalidValue, missingParameter, notForThisType } from './errors.ts';
import { type Message, md5, md5OfAttributes } from './message.ts';
import { allowedText, attributesSize, checkMessageAttributes, invalidCharacters } from './message-attributes.ts';
import type { Queue } from './queue.ts';

/** A message as both SendMessage and an entry of SendMessageBatch give it. */
type NewMessage = Omit<SendMessageBatchRequestEntry, 'Id'>;

/**
 * The order of the checks is unverified.
 * @param fault how the text for a message that is too long begins, which is not the same in a batch
 * @throws {AwsError}
 */
export function checkMessage(message: NewMessage, queue: Queue, fault = 'One or more parameters are invalid.'): void {
  const body = message.MessageBody ?? '';
  if (body === '') throw missingParameter('MessageBody');
  if (!allowedText.test(body)) throw new AwsError('InvalidMessageContents', invalidCharacters);
  checkMessageAttributes(message.MessageAttributes ?? {});
  const largest = queue.attributes.number('MaximumMessageSize');
  if (messageSize(message) > largest) {
    throw invalidParameter(`${fault} Reason: Message must be shorter than ${largest} bytes.`);
  }
  const { DelaySeconds: delay, MessageDeduplicationId: deduplication, MessageGroupId: group } = message;
  if (delay !== undefined && (delay < 0 || delay > 900)) {
    throw invalidValue(delay, 'DelaySeconds', 'DelaySeconds must be >= 0 and <= 900.');
  }
  if (!queue.isFifo && deduplication !== undefined) throw notForThisType(deduplication, 'MessageDeduplicationId');
  if (queue.isFifo && delay !== undefined && delay !== 0) throw notForThisType(delay, 'DelaySeconds');
  checkId('MessageGroupId', group);
  checkId('MessageDeduplicationId', deduplication);
  if (queue.isFifo) checkOrdered(message, queue);
}

/**
 * What a FIFO queue has to know of a message.
 * @param inBatch in a batch, the code of a missing group is another one (recorded)
 * @throws {AwsError}
 */
export function checkOrdered({ MessageGroupId: group, MessageDeduplicationId: id }: NewMessage, queue: Queue, inBatch = false): void {
  if (group === undefined) {
    const missing = missingParameter('MessageGroupId');
    throw inBatch ? invalidParameter(missing.message) : missing;
  }
  if (id === undefined && !queue.attributes.deduplicatesByContent) {
    throw invalidParameter('The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly');
  }
}

function checkId(parameter: 'MessageGroupId' | 'MessageDeduplicationId', id: string | undefined): void {
  if (id === undefined || /^[\x21-\x7E]{1,128}$/.test(id)) return;
  throw invalidValue(id, parameter, `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`);
}

/** In bytes, attributes included. */
export function messageSize({ MessageBody = '', MessageAttributes = {} }: NewMessage): number {
  return Buffer.byteLength(MessageBody) + attributesSize(MessageAttributes);
}

/** Puts a message that was checked into a queue. */
export function sendChecked(message: NewMessage, queue: Queue, { principal, headers }: RequestContext): Message {
  const { MessageBody: body = '', DelaySeconds: delay, MessageDeduplicationId: id } = message;
  return queue.send(body, {
    attributes: message.MessageAttributes,
    // As the X-Ray SDK sends it, or as the message has it (recorded; which one counts when there are both is unverified).
    traceHeader: message.MessageSystemAttributes?.AWSTraceHeader?.StringValue ?? headers['x-amzn-trace-id'],
    groupId: message.MessageGroupId,
    ...(queue.isFifo ? { deduplicationId: id ?? createHash('sha256').update(body).digest('hex') } : { delaySeconds: delay }),
    senderId: principal.userId,
  });
}

/** What a sender is told, to verify that the message arrived as it was sent. */
export function sentMessage(message: Message, { MessageAttributes = {}, MessageSystemAttributes = {} }: NewMessage) {
  const ofAttributes = md5OfAttributes(MessageAttributes);
  const ofSystemAttributes = md5OfAttributes(MessageSystemAttributes);
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(message.body),
    ...(message.sequenceNumber === undefined ? {} : { SequenceNumber: message.sequenceNumber }),
    ...(ofAttributes === undefined ? {} : { MD5OfMessageAttributes: ofAttributes }),
    ...(ofSystemAttributes === undefined ? {} : { MD5OfMessageSystemAttributes: ofSystemAttributes }),
  };
}
