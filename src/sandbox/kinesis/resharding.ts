import type { RequestContext } from '../operation.ts';
import { invalidArgument, invalidInput, shardNotFound } from './errors.ts';
import { activeStream, referredStream, type StreamReference } from './request.ts';
import type { Shard } from './shard.ts';
import { parseShardId, shardIdOf } from './shard-id.ts';
import type { Stream } from './stream.ts';

/**
 * The stream that is to be resharded, and its shards of the given ids.
 * The order of the checks: is each id one, is the stream there, is it ACTIVE and provisioned, are the shards there.
 * @throws {AwsError} ResourceNotFoundException, ResourceInUseException, ValidationException
 */
export function reshardedShards(
  reference: StreamReference,
  ids: readonly string[],
  context: RequestContext,
): { readonly stream: Stream; readonly shards: readonly Shard[] } {
  const indexes = ids.map((id) => ({ id, index: parseShardId(id) }));
  const malformed = indexes.find(({ index }) => index === undefined);
  const { name, account } = referredStream(reference, context);
  if (malformed) throw shardNotFound(malformed.id, name, account);
  const stream = activeStream(reference, context);
  refuseOnDemand(stream);
  const shards = indexes.map(({ index = -1 }) => {
    const shard = stream.shard(index);
    if (shard === undefined) throw shardNotFound(shardIdOf(index), stream.name, stream.account);
    return shard;
  });
  return { stream, shards };
}

/** On-demand streams are resharded by AWS alone. The text is unverified. */
export function refuseOnDemand(stream: Stream): void {
  if (stream.mode === 'PROVISIONED') return;
  throw invalidInput(`Request is invalid. Stream ${stream.name} under account ${stream.account} is in On-Demand mode.`);
}

/** The text is that of Kinesis (quoted in a report about splitting a shard twice); that a merge is refused in it as well is unverified. */
export function refuseClosed(shard: Shard, stream: Stream): void {
  if (!shard.closed) return;
  throw invalidArgument(
    `Shard ${shard.id} in stream ${stream.name} under account ${stream.account} has already been merged or split, and thus is not eligible for merging or splitting.`,
  );
}
