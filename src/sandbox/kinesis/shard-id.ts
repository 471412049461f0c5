const highestIndex = 2 ** 31 - 1;

/** `shardId-000000000003` for 3. An index that does not fit into 31 bits is written with a sign, as AWS does: `shardId--02147483648`. */
export function shardIdOf(index: number): string {
  const signed = index | 0;
  return signed < 0 ? `shardId--${String(-signed).padStart(11, '0')}` : `shardId-${String(signed).padStart(12, '0')}`;
}

/**
 * The index that a shard id names. AWS also takes `3`, `shardId-3` and `anything-3` (Kinesis API reference).
 * @returns undefined when no index can be read off it.
 */
export function parseShardId(id: string): number | undefined {
  const digits = /^(?:.*-)?(\d+)$/.exec(id)?.[1];
  if (digits === undefined) return undefined;
  const index = Number(digits);
  return index <= highestIndex ? index : undefined;
}
