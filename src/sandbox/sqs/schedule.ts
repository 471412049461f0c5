interface Entry<Item> {
  readonly at: number;
  readonly item: Item;
}

/** Items that become due, the earliest first: a binary heap. */
export class Schedule<Item> {
  readonly #heap: Entry<Item>[] = [];

  /** When the earliest item becomes due. */
  get next(): number | undefined {
    return this.#heap[0]?.at;
  }

  add(at: number, item: Item): void {
    const heap = this.#heap;
    const entry = { at, item };
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.at <= at) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  /** Takes the earliest item off, if it is due at `now`. */
  take(now: number): Entry<Item> | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  /** Puts an entry in at the top and lets it sink to its place. */
  #sink(entry: Entry<Item>): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
      const child = right !== undefined && left !== undefined && right.at < left.at ? right : left;
      if (child === undefined || child.at >= entry.at) break;
      heap[place] = child;
      place = child === right ? 2 * place + 2 : 2 * place + 1;
    }
    heap[place] = entry;
  }
}
