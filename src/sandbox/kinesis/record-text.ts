import type { _Record as RecordDescription } from '@aws-sdk/client-kinesis';
import { giveBackPiece, pieceBytes, takePiece } from '../piece.ts';
import type { ListText } from '../protocols/ready-json.ts';
import { measure, mostAround, PageWriter, type RecordTelling } from './page-writer.ts';
import type { RecordRun } from './record-log.ts';

/**
 * The JSON text of a list of records as GetRecords answers it, in the order of the API reference. It is written straight from
 * where the records lie: a page has ten thousand of them, and as many objects, strings and large integers would take
 * longer than the client takes to read the page. It is written in pieces, when they are asked for: a page has up to ten
 * megabytes, and to write it at once would make all others wait, the client's own next page included.
 */
export class RecordText implements ListText {
  /** In UTF-8. */
  readonly byteLength: number;
  readonly #runs: readonly RecordRun[];
  readonly #telling: RecordTelling;
  readonly #escapes: boolean;

  constructor(runs: readonly RecordRun[], telling: RecordTelling) {
    this.#runs = runs;
    this.#telling = telling;
    const { byteLength, escapes } = measure(runs, telling);
    this.byteLength = byteLength;
    this.#escapes = escapes;
  }

  /** How many records there are. */
  get count(): number {
    return this.#runs.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  /** `EncryptionType` is there only when a record was put to an encrypted stream. */
  *elements(): Generator<RecordDescription> {
    for (const { segment, from, to } of this.#runs) {
      for (let slot = from; slot < to; slot += 1) {
        const arrival = segment.arrivalAt(slot);
        yield {
          SequenceNumber: this.#telling.sequenceNumberAt(segment.first + slot, arrival),
          ApproximateArrivalTimestamp: new Date(arrival),
          Data: segment.dataAt(slot),
          PartitionKey: segment.keyAt(slot),
          ...(this.#telling.encrypted(arrival) && { EncryptionType: 'KMS' as const }),
        };
      }
    }
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    const writer = new PageWriter(this.#runs, this.#telling, this.#escapes);
    if (writer.ended) yield Buffer.from('[]');
    let left = this.byteLength;
    while (!writer.ended) {
      const room = left + mostAround;
      const text = room < pieceBytes ? Buffer.allocUnsafeSlow(room) : takePiece();
      const written = writer.fill(text);
      if (written === 0) giveBackPiece(text);
      for (const piece of written > 0 ? [text.subarray(0, written)] : writer.large()) {
        left -= piece.byteLength;
        yield piece;
      }
    }
  }
}
