import type { Message, MessageDetails } from './message.ts';

/** A message that is sent again within this time is the same message (SQS quotas). */
const deduplicationMs = 300_000;

/** Sequence numbers have twenty digits, and those of later messages are larger, with gaps between them (SQS Developer Guide). */
const firstSequenceNumber = 18_850_000_000_000_000_000n;

/** What makes a queue a FIFO queue: its message groups, what was sent lately, and the number that the next message gets. */
export class Fifo {
  /** Whether ids count within a message group only. It is as the queue was created: a later change has no effect (recorded). */
  readonly #perGroup: boolean;
  /** The messages of each group in their order, and the groups in the order in which it is their turn. */
  readonly #groups = new Map<string, Map<string, Message>>();
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

  add(message: Message): void {
    const group = this.#groups.get(groupOf(message)) ?? new Map<string, Message>();
    group.set(message.id, message);
    this.#groups.set(groupOf(message), group);
  }

  remove(message: Message): void {
    const group = this.#groups.get(groupOf(message));
    group?.delete(message.id);
    if (group?.size === 0) this.#groups.delete(groupOf(message));
  }

  /** Nothing that was sent before is known any more (a test that passes on AWS). */
  clear(): void {
    this.#groups.clear();
    this.#sent.clear();
  }

  /**
   * The messages that can be received: as many of one group as there are up to one that is hidden, and then those of the
   * next. A group of which something was taken has its turn after all others (tests that pass on AWS).
   */
  *receivable(available: ReadonlyMap<string, Message>): Generator<Message> {
    for (const [name, group] of [...this.#groups]) {
      for (const message of group.values()) {
        if (!available.has(message.id)) break;
        this.#groups.delete(name);
        this.#groups.set(name, group);
        yield message;
      }
    }
  }

  #keyOf({ groupId = '', deduplicationId = '' }: MessageDetails): string {
    return this.#perGroup ? `${groupId} ${deduplicationId}` : deduplicationId;
  }
}

function groupOf({ groupId = '' }: Message): string {
  return groupId;
}
