import { describe, expect, it } from 'vitest';
import {
  lastRecordIndex,
  parseSequenceNumber,
  SequenceNumbers,
  sequenceBase,
  sequenceNumberAt,
} from '../../../src/sandbox/kinesis/sequence-number.ts';

const created = Date.UTC(2018, 10, 21, 4, 57, 38) / 1000;
const documented = '49590338271490256608559692538361571095921575989136588898';

describe('a sequence number', () => {
  it('of the AWS documentation is taken apart', () => {
    expect(parseSequenceNumber(documented)).toEqual({
      shardCreated: created,
      shardIndex: 6,
      recordIndex: 1734642199n,
      seconds: Date.UTC(2018, 11, 17, 22, 10, 50) / 1000,
    });
  });

  it('of the AWS documentation is put together again', () => {
    expect(sequenceNumberAt(sequenceBase(created, 6), 1734642199n, Date.UTC(2018, 11, 17, 22, 10, 50) / 1000)).toBe(documented);
  });

  it('keeps a shard index of more than one digit', () => {
    const number = sequenceNumberAt(sequenceBase(created, 12345), 7n, created + 1);
    expect(parseSequenceNumber(number)).toEqual({ shardCreated: created, shardIndex: 12345, recordIndex: 7n, seconds: created + 1 });
  });

  it('is the same whether it is counted up or made anew, over carries and seconds, forwards and backwards', () => {
    const base = sequenceBase(created, 5);
    const numbers = new SequenceNumbers(base);
    const asked = [1, 2, 3, 9, 10, 11, 10, 2 ** 40, 2 ** 40 + 1, ...Array.from({ length: 2_000 }, (_, index) => 990_000 + index)];
    for (const index of asked) {
      const seconds = created + Math.floor(index / 1_500);
      expect(numbers.at(index, seconds)).toBe(sequenceNumberAt(base, BigInt(index), seconds));
    }
  });

  it('is larger for a later record, whatever the clock says', () => {
    const base = sequenceBase(created, 0);
    expect(BigInt(sequenceNumberAt(base, 2n, created))).toBeGreaterThan(BigInt(sequenceNumberAt(base, 1n, created + 1000)));
  });

  it('at the end of a shard is larger than that of any record', () => {
    const base = sequenceBase(created, 0);
    const end = sequenceNumberAt(base, lastRecordIndex, created);
    expect(parseSequenceNumber(end)?.recordIndex).toBe(0x7fff_ffff_ffff_ffffn);
    expect(BigInt(end)).toBeGreaterThan(BigInt(sequenceNumberAt(base, 2n ** 53n, created)));
  });

  it.each([
    ['zero', '0'],
    ['a short number', '5'],
    ['a number that is not whole', '4959033827149025660855969253836157109592157598913658889.8'],
    ['the made-up number of a documentation page', '49543463076548007577105092703039560359975228518395012686'],
    ['a number with another version', String(BigInt(documented) + 1n)],
    ['a record index that is too high', String(BigInt(documented) | (1n << 143n))],
    ['a shard index that contradicts its low digit', String(BigInt(documented) + 16n)],
  ])('is not seen in %s', (_, text) => {
    expect(parseSequenceNumber(text)).toBeUndefined();
  });
});
