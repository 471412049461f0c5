import { cbor } from '@smithy/core/cbor';
import { describe, expect, it } from 'vitest';
import { readCbor, Tagged } from '../../../src/sandbox/protocols/cbor-reader.ts';

const read = (hex: string) => readCbor(Buffer.from(hex, 'hex'));

describe('a value in CBOR', () => {
  it('is what another implementation has written', async () => {
    const value = {
      text: 'é 統',
      list: [0, 23, 24, 255, 65_536, 4_294_967_296, -1, -500, 1.5, true, false, null],
      map: { '': {} },
      none: [],
    };
    expect(await readCbor(Buffer.from(cbor.serialize(value)))).toEqual(value);
    expect(await readCbor(Buffer.from(cbor.serialize({ bytes: Uint8Array.of(0, 255) })))).toEqual({ bytes: Buffer.of(0, 255) });
  });

  // Examples of RFC 8949, appendix A.
  it.each([
    ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['5f42010243030405ff', Buffer.of(1, 2, 3, 4, 5)],
    ['c11a514b67b0', new Tagged(1, 1_363_896_240)],
    ['fa47c35000', 100_000],
    ['3bffffffffffffffff', -(2 ** 64)],
    ['f7', null],
  ])('%s is read', async (hex, value) => {
    expect(await read(hex)).toEqual(value);
  });

  it('may have a name that objects have already', async () => {
    expect(Object.hasOwn((await read('a1695f5f70726f746f5f5f01')) as object, '__proto__')).toBe(true);
  });

  it.each([
    ['', 'nothing'],
    ['ff', 'an end of nothing'],
    ['0001', 'two values'],
    ['6261', 'a text that is too short'],
    ['82019f', 'a list that does not end'],
    ['8201ff', 'a list that ends too early'],
    ['bf6161ff', 'a name without a value'],
    ['9b7fffffffffffffff', 'a list of more than there can be'],
    ['5f01ff', 'a string of numbers'],
    ['1c', 'a length that is none'],
    ['1f', 'a number without an end'],
    ['f820', 'a simple value that means nothing'],
    ['81'.repeat(100_000), 'a list in a list, and so on'],
  ])('is not %s: %s', async (hex) => {
    await expect(read(hex)).rejects.toThrow(SyntaxError);
  });
});
