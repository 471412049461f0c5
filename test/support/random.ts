/** Numbers from 0 to below 1 that look like chance and are the same for the same seed (xorshift32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** One element of a list that is not empty. */
export function oneOf<T>(list: readonly T[], next: () => number): T {
  const index = Math.floor(next() * list.length);
  const found = list[index];
  if (found === undefined) throw new Error('The list is empty.');
  return found;
}
