import type { Position, Shard } from './shard.ts';
import type { Stream } from './stream.ts';

/** Where reading a stream begins (Kinesis API reference). */
export type StartingPosition =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  /** Epoch milliseconds. */
  | { readonly type: 'AT_TIMESTAMP'; readonly time: number };

/** How far a reader has come in a stream. It outlives the reading, so that a reader goes on where it was stopped. */
export class StreamProgress {
  readonly #start: StartingPosition;
  #stream: Stream | undefined;
  #positions = new Map<string, Position>();
  #finished = new Set<string>();

  constructor(start: StartingPosition) {
    this.#start = start;
  }

  /** Reading begins. The starting position of all shards that are there is taken now, unless they were read before. */
  begin(stream: Stream): void {
    if (this.#stream === stream) return;
    this.#stream = stream;
    this.#finished = new Set();
    this.#positions = new Map(stream.shards.map((shard) => [shard.id, positionIn(shard, this.#start)]));
  }

  /** Shards that came into being after reading began are read from their beginning. */
  positionIn(shard: Shard): Position {
    return this.#positions.get(shard.id) ?? shard.trimHorizon();
  }

  moveTo(shard: Shard, position: Position): void {
    this.#positions.set(shard.id, position);
  }

  finish(shard: Shard): void {
    this.#finished.add(shard.id);
  }

  /** The shards that are to be read now: each comes after its parents, and is read once. */
  due(stream: Stream): readonly Shard[] {
    const unread = stream.shards.filter(({ id }) => !this.#finished.has(id));
    const ahead = new Set(unread.map(({ id }) => id));
    return unread.filter(({ parents }) => !ahead.has(parents.parent ?? '') && !ahead.has(parents.adjacentParent ?? ''));
  }
}

function positionIn(shard: Shard, start: StartingPosition): Position {
  switch (start.type) {
    case 'TRIM_HORIZON':
      return shard.trimHorizon();
    case 'LATEST':
      return shard.latest();
    case 'AT_TIMESTAMP':
      return shard.atTimestamp(start.time);
  }
}
