/**
 * The known word that `seen` was probably meant to be, or `undefined` when none is near. A third of the letters may be
 * wrong, at least one but not all; case and the choice of separator (`shardCount`, `shard_count`) do not count as wrong.
 * Of very many known words only the first are looked at.
 */
export function closest(seen: string, known: Iterable<string>): string | undefined {
  const wanted = folded(seen);
  if (wanted.length > longest) return undefined;
  let best: string | undefined;
  let bestDistance = Math.min(Math.max(1, Math.floor(wanted.length / 3)), wanted.length - 1) + 1;
  let looked = 0;
  for (const candidate of known) {
    if (++looked > mostWords) break;
    const distance = editDistance(wanted, folded(candidate), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The sentence `Did you mean "orders"?`, or `undefined` when nothing is near enough. */
export function didYouMean(seen: string, known: Iterable<string>): string | undefined {
  const found = closest(seen, known);
  return found === undefined ? undefined : `Did you mean "${found}"?`;
}

/** Words longer than this are not looked for: nobody mistypes a name of that length, and the search is quadratic. */
const longest = 50;
/** A page of a thousand mistakes is still read in a second or two. */
const mostWords = 200;

function folded(word: string): string {
  return word
    .slice(0, longest + 1)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[_. ]/g, '-');
}

/**
 * Optimal string alignment: how many letters must be inserted, removed, replaced, or swapped with their neighbour to get
 * from `a` to `b`. Gives up with `limit` as soon as the answer cannot be below it.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    if (Math.min(...current) >= limit) return limit;
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
