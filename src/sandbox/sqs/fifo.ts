import type { Message, MessageDetails } from './message.ts';

/** A message that is sent again within this time is the same message (SQS quotas). */
const deduplicationMs = 300_000;

/** Sequence numbers have twenty digits, and those of later messages are larger, with gaps between them (SQS Developer Guide). */
const firstSequenceNumber = 18_850_000_000_000_000_000n;

/** What was sent to a FIFO queue lately, and the number that the next message gets. */
export class FifoRegister {
  /** Whether ids count within a message group only. It is as the queue was created: a later change has no effect (recorded). */
  readonly #perGroup: boolean;
  readonly #sent = new Map<string, Message>();
  #next = firstSequenceNumber;

  constructor(perGroup: boolean) {
    this.#perGroup = perGroup;
  }

  nextSequenceNumber(): string {
    this.#next += 256n;
    return String(this.#next);
  }

  /** The message that this one repeats, even if it has been received and deleted meanwhile. */
  original(details: MessageDetails, now: number): Message | undefined {
    for (const [key, { sentAt }] of this.#sent) {
      if (now - sentAt < deduplicationMs) break;
      this.#sent.delete(key);
    }
    return this.#sent.get(this.#keyOf(details));
  }

  remember(message: Message): void {
    this.#sent.set(this.#keyOf(message), message);
  }

  #keyOf({ groupId = '', deduplicationId = '' }: MessageDetails): string {
    return this.#perGroup ? `${groupId} ${deduplicationId}` : deduplicationId;
  }
}

/**
 * The messages of a FIFO queue that can be received, in the order in which they were sent. Behind one that is hidden, those
 * of its group have to wait.
 * @param messages all of them, in their order
 */
export function* receivableInOrder(messages: Iterable<Message>, available: ReadonlyMap<string, Message>): Generator<Message> {
  const waiting = new Set<string | undefined>();
  for (const message of messages) {
    if (waiting.has(message.groupId)) continue;
    if (available.has(message.id)) yield message;
    else waiting.add(message.groupId);
  }
}
