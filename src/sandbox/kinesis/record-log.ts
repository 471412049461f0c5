import { RecordSegment } from './record-segment.ts';

const smallestSegment = 4 * 1024;
const largestSegment = 1024 * 1024;

/** Records that follow each other. */
export interface RecordSpan {
  /** The position of the first one. */
  readonly first: number;
  /** The position after the last one. */
  readonly next: number;
  /** Bytes of all their keys and data. */
  readonly bytes: number;
}

/** Records of one segment that follow each other: from the slot `from` to before the slot `to`. */
export interface RecordRun {
  readonly segment: RecordSegment;
  readonly from: number;
  readonly to: number;
}

/**
 * The records of one shard in the order in which they arrived, each known by its position: how many records the shard
 * had taken before it. Memory grows in segments, each twice as large as the one before up to 1 MiB, so that a shard
 * with three records takes little and one with a million takes hardly more than their bytes.
 */
export class RecordLog {
  #segments: RecordSegment[] = [];
  #first = 0;
  #next = 0;
  #lastArrival = 0;

  /** The position of the oldest record that is still there; `next` when there is none. */
  get first(): number {
    return this.#first;
  }

  /** The position that the next record will have. */
  get next(): number {
    return this.#next;
  }

  /** Bytes of memory that the records take. */
  get size(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.size, 0);
  }

  /**
   * @param arrival epoch milliseconds; a time before that of the last record counts as the same time, so that records lie in the order of time.
   * @returns the time that the record got.
   */
  append(partitionKey: string, data: Uint8Array, arrival: number): number {
    const time = Math.max(arrival, this.#lastArrival);
    const keyLength = Buffer.byteLength(partitionKey, 'utf8');
    this.#segmentFor(keyLength + data.byteLength, time).append(partitionKey, keyLength, data, time);
    this.#lastArrival = time;
    this.#next += 1;
    return time;
  }

  /** Lets go of all records that arrived before `time`. */
  trim(time: number): void {
    const oldest = this.#segments[0];
    if (oldest === undefined || oldest.arrivalAt(this.#first - oldest.first) >= time) return;
    const first = this.positionFrom(time);
    this.#first = first;
    const kept = this.#segments.findIndex((segment) => first < segment.first + segment.count);
    this.#segments = kept < 0 ? [] : this.#segments.slice(kept);
  }

  /** Lets go of all records. */
  clear(): void {
    this.#first = this.#next;
    this.#segments = [];
  }

  /** The position of the first record that arrived at `time` or later; `next` when there is none. */
  positionFrom(time: number): number {
    const segment = this.#segments.find((candidate) => candidate.arrivalAt(candidate.count - 1) >= time);
    return segment === undefined ? this.#next : Math.max(this.#first, segment.first + segment.slotFrom(time));
  }

  /** Epoch milliseconds; undefined when there is no record at this position. */
  arrivalAt(position: number): number | undefined {
    const segment = this.#segments[this.#indexOf(position)];
    return segment === undefined || position < this.#first ? undefined : segment.arrivalAt(position - segment.first);
  }

  /**
   * The records that are read together, starting at `position` or with the oldest one that is still there: at most `limit`,
   * and as many as fit into `maxBytes` of keys and data, but one at least.
   */
  span(position: number, limit: number, maxBytes: number): RecordSpan {
    const first = Math.max(position, this.#first);
    const end = Math.min(this.#next, first + limit);
    let at = first;
    let bytes = 0;
    for (const segment of this.#segmentsFrom(first)) {
      const segmentEnd = Math.min(end, segment.first + segment.count);
      for (; at < segmentEnd; at += 1) {
        const size = segment.sizeAt(at - segment.first);
        if (bytes > 0 && bytes + size > maxBytes) return { first, next: at, bytes };
        bytes += size;
      }
      if (at >= end) break;
    }
    return { first, next: at, bytes };
  }

  /** Where the records of a span lie. It holds them, so they can be read later even if the log has let go of them. */
  runs({ first, next }: RecordSpan): readonly RecordRun[] {
    const runs: RecordRun[] = [];
    let at = first;
    for (const segment of this.#segmentsFrom(first)) {
      if (at >= next) break;
      const to = Math.min(next - segment.first, segment.count);
      runs.push({ segment, from: at - segment.first, to });
      at = segment.first + to;
    }
    return runs;
  }

  *#segmentsFrom(position: number): Generator<RecordSegment> {
    for (let index = this.#indexOf(position); ; index += 1) {
      const segment = this.#segments[index];
      if (segment === undefined) return;
      yield segment;
    }
  }

  #segmentFor(bytes: number, time: number): RecordSegment {
    const last = this.#segments.at(-1);
    if (last?.fits(bytes, time)) return last;
    const capacity = last === undefined ? smallestSegment : Math.min(largestSegment, 2 * last.capacity);
    const segment = new RecordSegment(this.#next, Math.max(capacity, bytes), time);
    this.#segments.push(segment);
    return segment;
  }

  /** The index of the segment that holds a position; past the end when none does. */
  #indexOf(position: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const segment = this.#segments[middle];
      if (segment !== undefined && segment.first + segment.count <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
