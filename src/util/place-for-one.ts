/** A place where there is room for one at a time. The others wait, in the order in which they came. */
export class PlaceForOne {
  #taken = false;
  readonly #waiting: (() => void)[] = [];

  /** Resolves when the place is one's own, until one leaves it. */
  async enter(): Promise<void> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#taken = true;
  }

  /** It goes to who has waited for longest. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else next();
  }
}
