import type { MetricsName } from '@aws-sdk/client-kinesis';
import type { Clock } from '../../util/clock.ts';
import { Bell } from '../bell.ts';
import type { Cloud, Scope } from '../cloud.ts';
import type { PolicyDocument } from '../iam/entity.ts';
import { Consumers } from './consumers.ts';
import { Encryption } from './encryption.ts';
import { evenRanges, type HashKey, type HashKeyRange, hashKeyFrom, hashKeyOf } from './hash-key.ts';
import { Shard, type ShardHome, type ShardParents } from './shard.ts';
import { UniformScaling } from './uniform-scaling.ts';

export type StreamStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
export type StreamMode = 'PROVISIONED' | 'ON_DEMAND';

export interface StreamSettings {
  readonly name: string;
  readonly mode: StreamMode;
  readonly shardCount: number;
  readonly maxRecordKiB: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface NewRecord {
  readonly partitionKey: string;
  /** At most `highestHashKey`. Where it is missing, the partition key decides. */
  readonly explicitHashKey?: bigint | undefined;
  readonly data: Uint8Array;
}

/** AWS dates the shards of a new stream about two seconds before the call that created it (read off sequence numbers of AWS). */
const shardCreationLead = 2_000;
/** And the children of a resharding about a second after it (Kinesis API reference). Their parents end at the same moment, so that no time is without shards. */
const childShardDelay = 1_000;

const hour = 3_600_000;

export class Stream implements ShardHome {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly clock: Clock;
  readonly shardLimits: boolean;
  /** How many shards a stream gets that is being created; none of them exist yet. */
  readonly plannedShards: number;
  readonly tags: Map<string, string>;
  readonly encryption = new Encryption();
  readonly consumers = new Consumers();
  mode: StreamMode;
  maxRecordKiB: number;
  /** How many open shards there are to be when an update is over that changes them. */
  scalingTo: number | undefined;
  /** What is measured of each shard. */
  shardLevelMetrics: readonly MetricsName[] = [];
  /** Who else may use it. */
  resourcePolicy: PolicyDocument | undefined;
  /** Rings when the status or the set of shards changes. */
  readonly changed = new Bell();
  #status: StreamStatus = 'CREATING';
  #retentionHours = 24;
  #shards: Shard[] = [];
  /** The open shards in the order of their hash key ranges. */
  #open: Shard[] = [];
  #shardsEver = 0;

  constructor(scope: Scope, { clock, shardLimits }: Pick<Cloud, 'clock' | 'shardLimits'>, settings: StreamSettings) {
    this.name = settings.name;
    this.account = scope.account;
    this.region = scope.region;
    this.arn = streamArn(scope, settings.name);
    this.clock = clock;
    this.shardLimits = shardLimits;
    this.createdAt = clock.now();
    this.mode = settings.mode;
    this.plannedShards = settings.shardCount;
    this.maxRecordKiB = settings.maxRecordKiB;
    this.tags = new Map(Object.entries(settings.tags));
  }

  get status(): StreamStatus {
    return this.#status;
  }

  set status(status: StreamStatus) {
    this.#status = status;
    this.changed.ring();
  }

  /** Data can be put to the stream and read from it. */
  get writable(): boolean {
    return this.#status === 'ACTIVE' || this.#status === 'UPDATING';
  }

  get retentionHours(): number {
    return this.#retentionHours;
  }

  /** What has expired under the old retention stays gone (Kinesis API reference). */
  set retentionHours(hours: number) {
    for (const shard of this.#shards) shard.trim();
    this.#retentionHours = hours;
  }

  get retentionMs(): number {
    return this.#retentionHours * hour;
  }

  /** All shards that can still be read, open and closed, by their index. None while the stream is being created. */
  get shards(): readonly Shard[] {
    if (this.#shards.some((shard) => shard.expired)) this.#shards = this.#shards.filter((shard) => !shard.expired);
    return this.#shards;
  }

  /** The shards that take records, in the order of their hash key ranges. */
  get openShards(): readonly Shard[] {
    return this.#open;
  }

  shard(index: number): Shard | undefined {
    return this.shards.find((shard) => shard.index === index);
  }

  /** The shards that came from this one: none while it is open, two after a split, one after a merge. */
  childrenOf(parent: Shard): readonly Shard[] {
    return this.shards.filter(({ parents }) => parents.parent === parent.id || parents.adjacentParent === parent.id);
  }

  /** Ends the creation: the shards come into being. */
  activate(): void {
    this.#open = [
      ...this.#newShards(
        evenRanges(this.plannedShards).map((range) => ({ range })),
        this.clock.now() - shardCreationLead,
      ),
    ];
    this.status = 'ACTIVE';
  }

  /** Ends the stream: its shards let go of everything. */
  delete(): void {
    for (const shard of this.#shards) shard.delete();
    this.consumers.clear();
    this.changed.ring();
  }

  /** Puts a record to the shard that its hash key belongs to, which gives it no sequence number when it is over the shard's limits. */
  append(record: NewRecord): { readonly shard: Shard; readonly sequenceNumber: string | undefined } {
    const shard = this.#shardFor(record);
    return { shard, sequenceNumber: shard.append(record.partitionKey, record.data) };
  }

  /** Puts two open shards in the place of one: the lower takes what is below `start`. */
  split(shard: Shard, start: bigint): void {
    const { range } = shard;
    this.#replace(
      [shard],
      [
        { range: { start: range.start, end: start - 1n }, parents: { parent: shard.id } },
        { range: { start, end: range.end }, parents: { parent: shard.id } },
      ],
    );
  }

  /** Puts one open shard in the place of two whose ranges adjoin. @returns it */
  merge(lower: Shard, upper: Shard): Shard | undefined {
    const [merged] = this.#replace(
      [lower, upper],
      [{ range: { start: lower.range.start, end: upper.range.end }, parents: { parent: lower.id, adjacentParent: upper.id } }],
    );
    return merged;
  }

  /** Splits and merges open shards until there are `count`, each with an equal part of the hash keys or nearly so. */
  rescale(count: number): void {
    const scaling = new UniformScaling(count);
    while (this.#open.length < count) for (const { shard, start } of scaling.splits(this.#open)) this.split(shard, start);
    const [lowest, ...others] = this.#open;
    const kept = scaling.kept(others.map(({ range }) => range.start));
    let lower = lowest;
    for (const upper of others) lower = lower === undefined || kept.has(upper.range.start) ? upper : this.merge(lower, upper);
  }

  #replace(closing: readonly [Shard, ...Shard[]], opening: readonly NewShard[]): readonly Shard[] {
    const time = this.clock.now() + childShardDelay;
    for (const shard of closing) shard.close(time);
    const at = this.#open.indexOf(closing[0]);
    const opened = this.#newShards(opening, time);
    this.#open.splice(at, closing.length, ...opened);
    this.changed.ring();
    return opened;
  }

  #newShards(shards: readonly NewShard[], createdAt: number): readonly Shard[] {
    const made = shards.map(({ range, parents }, index) => new Shard(this, this.#shardsEver + index, range, createdAt, parents));
    this.#shardsEver += made.length;
    this.#shards.push(...made);
    return made;
  }

  #shardFor(record: NewRecord): Shard {
    const { partitionKey, explicitHashKey } = record;
    const alone = this.#open.length < 2;
    const shard =
      this.#open[alone ? 0 : this.#openAt(explicitHashKey === undefined ? hashKeyOf(partitionKey) : hashKeyFrom(explicitHashKey))];
    if (shard === undefined) throw new Error(`Stream ${this.name} has no open shard in state ${this.#status}.`);
    return shard;
  }

  /** Where the open shard stands that a hash key belongs to. */
  #openAt(key: HashKey): number {
    const open = this.#open;
    let low = 0;
    let high = open.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((open[middle]?.lastHashKey ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface NewShard {
  readonly range: HashKeyRange;
  readonly parents?: ShardParents;
}

/** `arn:aws:kinesis:<region>:<account>:stream/<name>` */
export function streamArn({ account, region }: Scope, name: string): string {
  return `arn:aws:kinesis:${region}:${account}:stream/${name}`;
}
