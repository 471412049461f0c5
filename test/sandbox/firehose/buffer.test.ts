import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../src/sandbox/cloud.ts';
import { type Batch, DeliveryBuffer } from '../../../src/sandbox/firehose/buffer.ts';
import { bareCloud } from '../../support/account.ts';
import type { ManualClock } from '../../support/manual-clock.ts';

const mebibyte = 1024 * 1024;

let cloud: Cloud;
let clock: ManualClock;
let delivered: Batch[];
const hints = { bufferMiB: 1, bufferSeconds: 60 };

beforeEach(() => {
  ({ cloud, clock } = bareCloud());
  delivered = [];
});
afterEach(() => cloud.stop());

function newBuffer(signal: AbortSignal = cloud.signal): DeliveryBuffer {
  return new DeliveryBuffer(
    cloud,
    () => hints,
    (batch) => void delivered.push(batch),
    signal,
  );
}

function textsOf({ records }: Batch): string[] {
  return records.map((record) => Buffer.from(record).toString());
}

describe('a buffer', () => {
  it('delivers what has come in, when the first record has waited long enough', async () => {
    const buffer = newBuffer();
    const start = clock.now();
    buffer.add(Buffer.from('a'), start);
    await clock.advance(59_000);
    buffer.add(Buffer.from('b'), clock.now());
    expect(delivered).toEqual([]);
    await clock.advance(1_000);
    expect(delivered.map(textsOf)).toEqual([['a', 'b']]);
    expect(delivered[0]).toMatchObject({ bytes: 2, since: start });
    expect(buffer.bytes).toBe(0);
  });

  it('delivers at once when it is full, and counts anew from the next record', async () => {
    const buffer = newBuffer();
    buffer.add(Buffer.alloc(mebibyte - 1), clock.now());
    expect(delivered).toEqual([]);
    buffer.add(Buffer.from('x'), clock.now());
    expect(delivered.map(({ bytes }) => bytes)).toEqual([mebibyte]);
    await clock.advance(30_000);
    buffer.add(Buffer.from('y'), clock.now());
    await clock.advance(59_000);
    expect(delivered).toHaveLength(1);
    await clock.advance(1_000);
    expect(delivered.map(textsOf)[1]).toEqual(['y']);
  });

  it('never delivers nothing', async () => {
    newBuffer();
    await clock.advance(600_000);
    expect(delivered).toEqual([]);
  });

  it('lets go of what it holds when it is ended', async () => {
    const ended = new AbortController();
    const buffer = newBuffer(ended.signal);
    buffer.add(Buffer.from('a'), clock.now());
    ended.abort();
    await clock.advance(600_000);
    expect(delivered).toEqual([]);
  });
});
