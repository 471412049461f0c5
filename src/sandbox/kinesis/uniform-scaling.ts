import { evenRanges, type HashKeyRange } from './hash-key.ts';

/**
 * How the open shards of a stream become so many. How many shards come and go meanwhile is what a third party's test has
 * verified on AWS, for six pairs of numbers: from fewer to more, each one is split once before any are merged; from more to fewer, none
 * is split. So all are of equal size where that can be had in this way, and nearly so where not; which are then merged is unverified.
 */
export class UniformScaling {
  /** The first hash keys of all shards but the lowest one, if all were of equal size. */
  readonly #even: readonly bigint[];

  constructor(count: number) {
    this.#even = evenRanges(count)
      .slice(1)
      .map(({ start }) => start);
  }

  /** Where shards are to be split, each once at the most: the first hash key of the upper part. @param open in order */
  splits<Shard extends { readonly range: HashKeyRange }>(
    open: readonly Shard[],
  ): readonly { readonly shard: Shard; readonly start: bigint }[] {
    let next = 0;
    return open.flatMap((shard) => {
      const { range } = shard;
      const first = firstFrom(this.#even, next, range.start + 1n);
      next = firstFrom(this.#even, first, range.end + 1n);
      const middle = (range.start + range.end + 1n) / 2n;
      return next === first ? [] : [{ shard, start: this.#even[nearest(this.#even, first, next, middle)] ?? middle }];
    });
  }

  /** The first hash keys of those shards, all but the lowest, that stay apart from the one below. @param starts in order */
  kept(starts: readonly bigint[]): ReadonlySet<bigint> {
    let from = 0;
    const kept = new Set<bigint>();
    for (const [index, wanted] of this.#even.entries()) {
      const afterwards = this.#even.length - 1 - index;
      const at = nearest(starts, from, starts.length - afterwards, wanted);
      const found = starts[at];
      if (found !== undefined) kept.add(found);
      from = at + 1;
    }
    return kept;
  }
}

/** The index of the first key that is at least `least`, at `from` or behind it. */
function firstFrom(keys: readonly bigint[], from: number, least: bigint): number {
  let at = from;
  for (let key = keys[at]; key !== undefined && key < least; key = keys[at]) at += 1;
  return at;
}

/** The index of the key that is nearest to the wanted one, among those from `from` on, before `to`. @param keys in order */
function nearest(keys: readonly bigint[], from: number, to: number, wanted: bigint): number {
  let at = from;
  while (at + 1 < to && distance(keys[at + 1], wanted) < distance(keys[at], wanted)) at += 1;
  return at;
}

function distance(one = 0n, other: bigint): bigint {
  return one < other ? other - one : one - other;
}
