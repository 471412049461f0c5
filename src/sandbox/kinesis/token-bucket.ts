/** Lets through so much a second: what is not used is kept, up to what one second brings. A new one is full. */
export class TokenBucket {
  #perSecond: number;
  /** Thousandths of tokens, so that what a millisecond brings is a whole number. */
  #credit: number;
  /** Epoch milliseconds up to which the credit is counted. */
  #countedUntil: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#credit = this.#capacity;
    this.#countedUntil = now;
  }

  /** Whether `amount` is there. What is more than the bucket can hold is there when it is full. */
  offers(amount: number, now: number): boolean {
    this.#refill(now);
    return this.#credit >= Math.min(amount * 1_000, this.#capacity);
  }

  /** Takes `amount`, whether it is there or not: what is missing has to come in before anything else is let through. */
  take(amount: number, now: number): void {
    this.#refill(now);
    this.#credit -= amount * 1_000;
  }

  /** Milliseconds after which it is full when nothing is taken. */
  untilFull(now: number): number {
    this.#refill(now);
    return Math.ceil((this.#capacity - this.#credit) / this.#perSecond);
  }

  /** From now on it lets through so much. */
  changeRate(perSecond: number, now: number): void {
    this.#refill(now);
    this.#perSecond = perSecond;
    this.#credit = Math.min(this.#credit, this.#capacity);
  }

  get #capacity(): number {
    return this.#perSecond * 1_000;
  }

  /** A clock that was set back brings nothing, and takes nothing away. */
  #refill(now: number): void {
    const elapsed = Math.max(0, now - this.#countedUntil);
    this.#credit = Math.min(this.#capacity, this.#credit + elapsed * this.#perSecond);
    this.#countedUntil = now;
  }
}
