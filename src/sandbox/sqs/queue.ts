import { randomUUID } from 'node:crypto';
import type { Clock } from '../../util/clock.ts';
import { Bell } from '../bell.ts';
import type { QueueAttributes } from './attributes.ts';
import { invalidValue } from './errors.ts';
import { Fifo } from './fifo.ts';
import type { Message, MessageDetails } from './message.ts';
import { issueReceipt, type Receipt, readReceipt } from './receipt.ts';
import { Schedule } from './schedule.ts';

/** A message that was handed to somebody, and what they give back for it. */
export interface Delivery {
  readonly message: Message;
  readonly receiptHandle: string;
}

export interface QueueIdentity {
  readonly name: string;
  readonly arn: string;
  /** `/000000000000/orders`: what its URL has behind the endpoint. */
  readonly path: string;
}

/** However often it is put off, a message comes back this long after it was received (SQS quotas). */
const longestInvisibleMs = 43_200_000;
const purgeIntervalMs = 60_000;

/**
 * A queue and its messages. A standard one hands them out in the order in which they became available, which AWS does not
 * promise. Nothing runs in the background: what is due is looked up when somebody asks.
 */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly created: number;
  modified: number;
  attributes: QueueAttributes;
  readonly tags = new Map<string, string>();
  /** Rings when there may be something to receive, or another moment to wait for. */
  readonly changed = new Bell();
  deleted = false;
  readonly #id = randomUUID();
  readonly #clock: Clock;
  readonly #findQueue: (arn: string) => Queue | undefined;
  /** Absent for a standard queue. */
  readonly #fifo: Fifo | undefined;
  readonly #messages = new Map<string, Message>();
  readonly #available = new Map<string, Message>();
  /** The ids of those that nobody has received, and nobody can receive yet. */
  readonly #delayed = new Set<string>();
  readonly #hidden = new Schedule<Message>();
  /** No message is older than this. */
  #oldest = Number.POSITIVE_INFINITY;
  #purgedAt = Number.NEGATIVE_INFINITY;

  /** @param findQueue finds the dead-letter queue */
  constructor(
    { name, arn, path }: QueueIdentity,
    attributes: QueueAttributes,
    clock: Clock,
    findQueue: (arn: string) => Queue | undefined,
  ) {
    this.name = name;
    this.arn = arn;
    this.path = path;
    this.attributes = attributes;
    this.#clock = clock;
    this.#findQueue = findQueue;
    this.#fifo = attributes.fifo ? new Fifo(attributes.deduplicatesPerGroup) : undefined;
    this.created = clock.now();
    this.modified = this.created;
  }

  get isFifo(): boolean {
    return this.#fifo !== undefined;
  }

  /** @returns in a FIFO queue, the earlier message that this one repeats, which is not put there again */
  send(body: string, details: MessageDetails = {}): Message {
    const now = this.#clock.now();
    const original = this.#fifo?.original(details, now);
    if (original !== undefined) return original;
    const delayMs = (details.delaySeconds ?? this.attributes.number('DelaySeconds')) * 1000;
    const message: Message = {
      ...details,
      id: randomUUID(),
      body,
      sentAt: now,
      receiveCount: 0,
      firstReceivedAt: undefined,
      lastReceivedAt: undefined,
      hiddenUntil: now + delayMs,
      sequenceNumber: this.#fifo?.nextSequenceNumber(),
    };
    this.#add(message);
    this.#fifo?.remember(message);
    return message;
  }

  /** Hands out messages and hides them for `visibilitySeconds`, or for as long as the queue says. */
  receive(limit: number, visibilitySeconds = this.attributes.number('VisibilityTimeout')): Delivery[] {
    const now = this.#settle();
    const deliveries: Delivery[] = [];
    // One that a queue sends to itself as its own dead-letter queue must not come round again in the same call.
    let unseen = this.#available.size;
    const receivable = this.#fifo?.receivable(this.#available) ?? this.#available.values();
    for (const message of receivable) {
      if (unseen-- === 0) break;
      if (this.#giveUp(message)) continue;
      message.receiveCount += 1;
      message.firstReceivedAt ??= now;
      message.lastReceivedAt = now;
      deliveries.push({ message, receiptHandle: issueReceipt({ queue: this.#id, message: message.id, count: message.receiveCount }) });
      this.#hide(message, now + visibilitySeconds * 1000);
      if (deliveries.length === limit) break;
    }
    return deliveries;
  }

  /** When the next hidden message becomes available, if nobody deletes it before. */
  get nextDue(): number | undefined {
    return this.#hidden.next;
  }

  /**
   * Deletes a message; an older receipt than the latest, or one of a message that is gone, deletes nothing. In a FIFO queue a
   * receipt is good for as long as its message is hidden (recorded).
   * @throws {AwsError}
   */
  delete(receiptHandle: string): void {
    this.#settle();
    const receipt = readReceipt(receiptHandle, this.#id);
    const message = this.#receivedBy(receipt);
    if (this.isFifo && this.#messages.has(receipt.message) && (message === undefined || this.#available.has(message.id))) {
      throw invalidValue(receiptHandle, 'ReceiptHandle', 'The receipt handle has expired.');
    }
    if (message === undefined) return;
    this.#remove(message);
    // The next one of its group has waited for this.
    if (this.isFifo) this.changed.ring();
  }

  /** Hides a received message from now on for so many seconds, 0 to give it back, whichever receipt it is. @throws {AwsError} */
  changeVisibility(receiptHandle: string, seconds: number): void {
    const now = this.#settle();
    const message = this.#messages.get(readReceipt(receiptHandle, this.#id).message);
    if (message === undefined) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw invalidValue(receiptHandle, 'ReceiptHandle', reason);
    }
    if (now + seconds * 1000 - (message.lastReceivedAt ?? now) > longestInvisibleMs) {
      const reason = 'Total VisibilityTimeout for the message is beyond the limit [43200 seconds].';
      throw invalidValue(seconds, 'VisibilityTimeout', reason);
    }
    this.#hide(message, now + seconds * 1000);
  }

  /** The message that would be received next. */
  firstAvailable(): Message | undefined {
    this.#settle();
    return this.#available.values().next().value;
  }

  /** Sends one of its messages to another queue, where it is a new one (SQS Developer Guide, "Configure a dead-letter queue redrive"). */
  moveTo(target: Queue, message: Message): void {
    const { body, attributes, traceHeader, groupId, deduplicationId, senderId } = message;
    this.#remove(message);
    target.send(body, { attributes, traceHeader, groupId, deduplicationId, senderId });
  }

  /** Deletes all messages. @returns false when this was done less than a minute ago, and is not done again */
  purge(): boolean {
    const now = this.#clock.now();
    if (now - this.#purgedAt < purgeIntervalMs) return false;
    this.#purgedAt = now;
    this.#messages.clear();
    this.#available.clear();
    this.#delayed.clear();
    this.#hidden.clear();
    this.#fifo?.clear();
    return true;
  }

  /** How many messages can be received, were received and not deleted, and are delayed. */
  counts(): { readonly available: number; readonly inFlight: number; readonly delayed: number } {
    this.#settle();
    const [available, delayed] = [this.#available.size, this.#delayed.size];
    return { available, inFlight: this.#messages.size - available - delayed, delayed };
  }

  /** Brings the queue up to date: what is due becomes available, what is too old goes. @returns the time */
  #settle(): number {
    const now = this.#clock.now();
    for (let due = this.#hidden.take(now); due !== undefined; due = this.#hidden.take(now)) {
      const { id, hiddenUntil } = due.item;
      // An entry is out of date when its message is gone or was hidden again.
      if (this.#messages.get(id) === due.item && hiddenUntil === due.at) this.#show(due.item);
    }
    const keptSince = now - this.attributes.number('MessageRetentionPeriod') * 1000;
    if (this.#oldest <= keptSince) {
      for (const message of this.#messages.values()) if (message.sentAt <= keptSince) this.#remove(message);
      this.#oldest = [...this.#messages.values()].reduce((oldest, { sentAt }) => Math.min(oldest, sentAt), Number.POSITIVE_INFINITY);
    }
    return now;
  }

  #add(message: Message): void {
    this.#messages.set(message.id, message);
    this.#fifo?.add(message);
    this.#oldest = Math.min(this.#oldest, message.sentAt);
    this.#hide(message, message.hiddenUntil);
  }

  #remove(message: Message): void {
    this.#messages.delete(message.id);
    this.#available.delete(message.id);
    this.#fifo?.remove(message);
    this.#delayed.delete(message.id);
  }

  #show(message: Message): void {
    this.#available.set(message.id, message);
    this.#delayed.delete(message.id);
  }

  #hide(message: Message, until: number): void {
    message.hiddenUntil = until;
    this.#available.delete(message.id);
    if (until <= this.#clock.now()) {
      this.#show(message);
    } else {
      this.#hidden.add(until, message);
      if (message.receiveCount === 0) this.#delayed.add(message.id);
      else this.#delayed.delete(message.id);
    }
    this.changed.ring();
  }

  /** Whether a message was received too often and therefore goes to the dead-letter queue, with its id, time and count. */
  #giveUp(message: Message): boolean {
    const redrive = this.attributes.redrive;
    if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
    // That messages stay where they are when the dead-letter queue was deleted is unverified.
    const target = this.#findQueue(redrive.deadLetterTargetArn);
    if (target === undefined) return false;
    this.#remove(message);
    target.#add({ ...message, deadLetterSource: this.arn, hiddenUntil: this.#clock.now() });
    return true;
  }

  #receivedBy(receipt: Receipt): Message | undefined {
    const message = this.#messages.get(receipt.message);
    return message?.receiveCount === receipt.count ? message : undefined;
  }
}
