/** Choices that look like chance and are the same for the same seed. */
export class Random {
  #state;

  /** @param {...(number | string)} seeds whatever the choices are to depend on: the seed of the run, the number of the case */
  constructor(...seeds) {
    let hash = 0x811c9dc5;
    for (const character of seeds.join('/')) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
    this.#state = hash || 1;
    for (let round = 0; round < 8; round++) this.next();
  }

  /** From 0 to below 1 (xorshift32). */
  next() {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit) {
    return Math.floor(this.next() * limit);
  }

  /** A whole number, both ends included. */
  between(least, most) {
    return least + this.below(most - least + 1);
  }

  chance(probability) {
    return this.next() < probability;
  }

  /** One element of a list that is not empty. */
  pick(list) {
    return list[this.below(list.length)];
  }

  /** One of `[weight, value]`. */
  weighted(choices) {
    let place = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of choices) {
      place -= weight;
      if (place < 0) return value;
    }
    return choices[choices.length - 1][1];
  }

  /** The same elements in another order. */
  shuffled(list) {
    const result = [...list];
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [result[last], result[other]] = [result[other], result[last]];
    }
    return result;
  }

  /** What `make` makes, so many times. */
  times(count, make) {
    return Array.from({ length: count }, (_, index) => make(index));
  }
}

/** A seed for a run that was given none. */
export function newSeed() {
  return Math.floor(Math.random() * 2 ** 31);
}
