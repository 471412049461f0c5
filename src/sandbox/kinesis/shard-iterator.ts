import type { Cloud } from '../cloud.ts';
import { AwsError } from '../error.ts';
import { invalidArgument } from './errors.ts';
import type { Position, Shard } from './shard.ts';
import type { Stream } from './stream.ts';
import { openToken, sealToken } from './token.ts';

const lifetimeMs = 300_000;

/** A place in a shard, as a client carries it from call to call. */
export interface ShardIterator {
  readonly streamArn: string;
  readonly shardIndex: number;
  /** Epoch milliseconds of the shard's creation: a stream may have been deleted and created again in the meantime. */
  readonly shardCreatedAt: number;
  readonly position: Position;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
}

/** An opaque token of base64, good for five minutes (Kinesis API reference). */
export function issueIterator(cloud: Cloud, stream: Stream, shard: Shard, position: Position): string {
  const iterator: ShardIterator = {
    streamArn: stream.arn,
    shardIndex: shard.index,
    shardCreatedAt: shard.createdAt,
    position,
    issuedAt: cloud.clock.now(),
  };
  return sealToken(cloud, { ...iterator });
}

/** @returns undefined for what is no iterator of this sandbox. AWS takes an iterator in extra quotes, too (Kinesis API reference). */
export function readIterator(cloud: Cloud, token: string): ShardIterator | undefined {
  const content = openToken(cloud, token.replace(/^"(.*)"$/, '$1'));
  return isIterator(content) ? content : undefined;
}

/**
 * @param expired whether it counts as expired however old it is
 * @throws {AwsError} InvalidArgumentException, ExpiredIteratorException
 */
export function openIterator(cloud: Cloud, token: string, expired = false): ShardIterator {
  const iterator = readIterator(cloud, token);
  if (iterator === undefined) throw invalidArgument('Invalid ShardIterator.');
  const now = cloud.clock.now();
  const issuedAt = expired ? Math.min(iterator.issuedAt, now - lifetimeMs - 1_000) : iterator.issuedAt;
  if (now - issuedAt > lifetimeMs) {
    throw new AwsError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${javaTime(issuedAt)} while right now it is ${javaTime(now)} ` +
        `which is further in the future than the tolerated delay of ${lifetimeMs} milliseconds.`,
    );
  }
  return iterator;
}

function isIterator(content: unknown): content is ShardIterator {
  return typeof content === 'object' && content !== null && 'shardIndex' in content;
}

/** `Thu Dec 10 01:59:39 UTC 2015` */
function javaTime(time: number): string {
  const [day, date, month, year, clock] = new Date(time).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${clock} UTC ${year}`;
}
