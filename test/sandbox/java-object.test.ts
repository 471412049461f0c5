import { describe, expect, it } from 'vitest';
import { javaObject } from '../../src/sandbox/java-object.ts';

const entry = 'com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry';
const members = ['PartitionKey', 'ExplicitHashKey', 'Data'];

describe('a structure as Java prints it', () => {
  it('has the hash that Kinesis printed for an entry with neither data nor key', () => {
    expect(javaObject(entry, members, { PartitionKey: '', Data: new Uint8Array() })).toBe(`${entry}@c965e310`);
  });

  it('has another hash with other members, whose bytes have a sign', () => {
    const printed = [
      { PartitionKey: 'a', Data: new Uint8Array() },
      { PartitionKey: '', Data: Uint8Array.of(1) },
      { PartitionKey: '', Data: Uint8Array.of(255) },
    ].map((value) => javaObject(entry, members, value));
    expect(printed).toEqual([`${entry}@c965e371`, `${entry}@c966576f`, `${entry}@c9664fed`]);
  });
});
