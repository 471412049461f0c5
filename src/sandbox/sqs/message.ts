import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;

/** What a sender says of a message besides its body. */
export interface MessageDetails {
  readonly attributes?: MessageAttributes | undefined;
  /** For X-Ray. */
  readonly traceHeader?: string | undefined;
  /** Of FIFO queues and fair queues. */
  readonly groupId?: string | undefined;
  /** Of FIFO queues: given, or the digest of the body. */
  readonly deduplicationId?: string | undefined;
  /** Seconds until it can be received; the queue's own delay otherwise. */
  readonly delaySeconds?: number | undefined;
  /** As GetCallerIdentity prints it. */
  readonly senderId?: string | undefined;
}

/** A message in a queue. Times are epoch milliseconds. */
export interface Message extends MessageDetails {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  /** Of FIFO queues. */
  readonly sequenceNumber?: string | undefined;
  /** The ARN of the queue that gave it up, when it is in a dead-letter queue. */
  readonly deadLetterSource?: string;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  lastReceivedAt: number | undefined;
  /** Until when it cannot be received. */
  hiddenUntil: number;
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/**
 * The checksum that clients verify: names, types and values in the order of the names, each behind its length (SQS
 * Developer Guide, "Calculating the MD5 message digest for message attributes").
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.byteLength);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? { DataType: undefined };
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Uint8Array.of(BinaryValue === undefined ? 1 : 2));
    add(BinaryValue ?? Buffer.from(StringValue ?? ''));
  }
  return hash.digest('hex');
}
