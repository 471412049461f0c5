import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '../error.ts';
import type { RequestContext } from '../operation.ts';
import { invalidParameter, invalidValue, missingParameter } from './errors.ts';
import { type Message, md5, md5OfAttributes } from './message.ts';
import { attributesSize, checkMessageAttributes } from './message-attributes.ts';
import type { Queue } from './queue.ts';

/** A message as both SendMessage and an entry of SendMessageBatch give it. */
type NewMessage = Omit<SendMessageBatchRequestEntry, 'Id'>;

/** #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF: unpaired surrogates and most control characters are out. */
const allowedText = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/**
 * The order of the checks is unverified.
 * @param fault how the text for a message that is too long begins, which is not the same in a batch
 * @throws {AwsError}
 */
export function checkMessage(message: NewMessage, queue: Queue, fault = 'One or more parameters are invalid.'): void {
  const body = message.MessageBody ?? '';
  if (body === '') throw missingParameter('MessageBody');
  if (!allowedText.test(body)) {
    const text =
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';
    throw new AwsError('InvalidMessageContents', text);
  }
  checkMessageAttributes(message.MessageAttributes ?? {});
  const largest = queue.attributes.number('MaximumMessageSize');
  if (messageSize(message) > largest) {
    throw invalidParameter(`${fault} Reason: Message must be shorter than ${largest} bytes.`);
  }
  const { DelaySeconds: delay, MessageDeduplicationId: deduplication, MessageGroupId: group } = message;
  if (delay !== undefined && (delay < 0 || delay > 900)) {
    throw invalidValue(delay, 'DelaySeconds', 'DelaySeconds must be >= 0 and <= 900.');
  }
  if (deduplication !== undefined) {
    throw invalidValue(deduplication, 'MessageDeduplicationId', 'The request include parameter that is not valid for this queue type.');
  }
  if (group !== undefined && !/^[\x21-\x7E]{1,128}$/.test(group)) {
    throw invalidValue(
      group,
      'MessageGroupId',
      'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  }
}

/** In bytes, attributes included. */
export function messageSize({ MessageBody = '', MessageAttributes = {} }: NewMessage): number {
  return Buffer.byteLength(MessageBody) + attributesSize(MessageAttributes);
}

/** Puts a message that was checked into a queue. */
export function sendChecked(message: NewMessage, queue: Queue, { principal }: RequestContext): Message {
  return queue.send(message.MessageBody ?? '', {
    attributes: message.MessageAttributes,
    traceHeader: message.MessageSystemAttributes?.AWSTraceHeader?.StringValue,
    groupId: message.MessageGroupId,
    delaySeconds: message.DelaySeconds,
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
    ...(ofAttributes === undefined ? {} : { MD5OfMessageAttributes: ofAttributes }),
    ...(ofSystemAttributes === undefined ? {} : { MD5OfMessageSystemAttributes: ofSystemAttributes }),
  };
}
