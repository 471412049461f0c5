import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Ledger } from '../../src/runner/ledger.ts';
import { parseLedger } from '../../src/runner/ledger-text.ts';
import { beginLedger } from '../../src/runner/state-folder.ts';

/** How many bytes the disk still takes. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    /** As write(2) has it: what there is room for is written, and the next attempt fails. */
    writeSync(descriptor: number, bytes: Uint8Array, offset: number): number {
      if (disk.room === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const written = fs.writeSync(descriptor, bytes, offset, Math.min(bytes.length - offset, disk.room));
      disk.room -= written;
      return written;
    },
  };
});

const run = {
  lab: { id: '01', file: 'labs/01-hello-kinesis.md' },
  target: { label: 'aws', region: 'us-east-1', account: '123456789012' },
  prefix: '',
  values: { vars: {}, names: {} },
};
const stream = { type: 'kinesis:stream', id: 'orders' };
const role = { type: 'iam:role', id: 'reader' };

function begin(): Ledger {
  return beginLedger({ path: mkdtempSync(join(tmpdir(), 'kinesis-labs-test-')) }, run);
}

describe('on a full disk, a ledger', () => {
  afterEach(() => {
    disk.room = Number.POSITIVE_INFINITY;
  });

  it.each([0, 1, 40])('announces nothing, and keeps no half line of the %i bytes that fitted', (room) => {
    const ledger = begin();
    const before = readFileSync(ledger.file, 'utf8');
    disk.room = room;
    expect(() => ledger.announce({ entry: 'intended', step: 'stream', ...stream })).toThrow(
      expect.objectContaining({
        message: `What runs create cannot be written down in ${ledger.file}: the disk is full.`,
        hint: expect.stringContaining('Nothing is created or removed that cannot be written down.'),
        exitCode: 3,
      }),
    );
    expect(ledger.live).toEqual([]);
    expect(readFileSync(ledger.file, 'utf8')).toBe(before);
  });

  it('remembers what has happened, and writes it as soon as there is room', () => {
    const ledger = begin();
    disk.room = 10;
    ledger.note({ entry: 'created', step: 'role', ...role });
    expect(ledger.live.map(({ ref }) => ref.id)).toEqual(['reader']);
    disk.room = Number.POSITIVE_INFINITY;
    ledger.announce({ entry: 'intended', step: 'stream', ...stream });
    const { entries, damaged } = parseLedger(readFileSync(ledger.file, 'utf8'), ledger.file);
    expect(entries.map(({ entry }) => entry)).toEqual(['created', 'intended']);
    expect(damaged).toEqual([]);
  });

  it('writes it when it is closed, at the latest', () => {
    const ledger = begin();
    disk.room = 0;
    ledger.note({ entry: 'removed', ...role });
    disk.room = Number.POSITIVE_INFINITY;
    ledger.close();
    expect(parseLedger(readFileSync(ledger.file, 'utf8'), ledger.file).entries).toMatchObject([{ entry: 'removed', id: 'reader' }]);
  });

  it('does not begin', () => {
    disk.room = 10;
    expect(begin).toThrow('the disk is full');
  });
});
