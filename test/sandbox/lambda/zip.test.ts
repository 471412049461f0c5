import { createDeflateRaw, inflateRawSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readZip, type ZipFile } from '../../../src/sandbox/lambda/functions/zip.ts';
import { ZipProblem } from '../../../src/sandbox/lambda/functions/zip-directory.ts';
import { zipped } from '../../support/lambda.ts';
import { random } from '../../support/random.ts';
import { servedDuring } from '../../support/served.ts';
import { archive } from '../../support/zip-archive.ts';

const plenty = 1_000_000;

async function dataOf(file: ZipFile): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.read()) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function problemOf(bytes: Uint8Array, largest = plenty): Promise<string> {
  try {
    for (const file of await readZip(bytes, largest)) await dataOf(file);
  } catch (error) {
    if (error instanceof ZipProblem) return error.kind;
    throw error;
  }
  return 'none';
}

/** Overwrites bytes at the n-th place where `mark` stands. */
function patched(bytes: Uint8Array, mark: readonly number[], offset: number, value: readonly number[]): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(Buffer.from(mark));
  copy.set(value, at + offset);
  return copy;
}

const directoryEntry = [0x50, 0x4b, 0x01, 0x02];

describe('A ZIP archive', () => {
  it('is read file by file, stored or deflated, and folders are no files', async () => {
    const files = await readZip(
      zipSync({ 'a.txt': strToU8('a'.repeat(1000)), lib: { 'b.txt': [strToU8('b'), { level: 0 }] }, empty: {} }),
      plenty,
    );
    expect(files.map(({ path, size }) => [path, size])).toEqual([
      ['a.txt', 1000],
      ['lib/b.txt', 1],
    ]);
    expect(await Promise.all(files.map(async (file) => (await dataOf(file)).length))).toEqual([1000, 1]);
  });

  it('is listed, and its files are inflated, while others are served', async () => {
    const many = archive(Array.from({ length: 8_000 }, (_, index) => ({ name: `folder/${index}` })));
    expect(await servedDuring(() => readZip(many, plenty))).toBeGreaterThan(1);
    const size = 8 * 1024 * 1024;
    const [file] = await readZip(zipSync({ 'large.txt': new Uint8Array(size) }), size);
    const pieces: number[] = [];
    const served = await servedDuring(async () => {
      for await (const piece of file?.read() ?? []) pieces.push(piece.byteLength);
    });
    expect(pieces.reduce((sum, length) => sum + length)).toBe(size);
    expect(Math.max(...pieces)).toBeLessThan(size / 8);
    expect(served).toBeGreaterThan(1);
  });

  it('keeps what may be executed', async () => {
    const [script] = await readZip(zipSync({ 'run.sh': [strToU8('#!/bin/sh'), { os: 3, attrs: 0o100755 << 16 }] }), plenty);
    expect(script?.executable).toBe(true);
  });

  it('may have a comment at its end', async () => {
    const bytes = Buffer.from(zipped({ 'a.txt': 'a' }));
    bytes.writeUInt16LE(5, bytes.length - 2);
    expect(await problemOf(Buffer.concat([bytes, Buffer.from('hello')]))).toBe('none');
  });

  it('may give its sizes in 64 bits', async () => {
    const bytes = Buffer.from(zipSync({ 'a.txt': strToU8('hello') }, { level: 0, extra: { 1: new Uint8Array(24) } }));
    const at = bytes.indexOf(Buffer.from(directoryEntry));
    const extra = at + 46 + 'a.txt'.length + 4;
    bytes.writeUInt32LE(0xffffffff, at + 20);
    bytes.writeUInt32LE(0xffffffff, at + 24);
    bytes.writeBigUInt64LE(5n, extra);
    bytes.writeBigUInt64LE(5n, extra + 8);
    const [file] = await readZip(bytes, plenty);
    expect(file && (await dataOf(file)).toString()).toBe('hello');
  });
});

describe('A ZIP archive is refused', () => {
  it('when it is something else, cut off, or nothing at all', async () => {
    const good = zipped({ 'index.js': 'exports.handler = 1' });
    expect(await problemOf(Buffer.from('<html>not a zip</html>'))).toBe('damaged');
    expect(await problemOf(good.subarray(0, good.length - 30))).toBe('damaged');
    expect(await problemOf(good.subarray(40))).toBe('damaged');
    expect(await problemOf(new Uint8Array())).toBe('damaged');
  });

  it('when it has no files', async () => {
    expect(await problemOf(zipSync({}))).toBe('empty');
    expect(await problemOf(zipSync({ folder: {} }))).toBe('empty');
  });

  it('when a path leaves the folder', async () => {
    for (const path of ['../evil.js', 'a/../../evil.js', '/etc/evil', 'a\\..\\evil.js', 'C:/evil.js', 'a\0b']) {
      expect(await problemOf(zipped({ [path]: 'x' })), path).toBe('unsafe');
    }
  });

  it('when it holds a symbolic link', async () => {
    expect(await problemOf(zipSync({ link: [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] }))).toBe('unsafe');
  });

  it('when a file is a folder as well', async () => {
    expect(await problemOf(zipped({ lib: 'x', 'lib/a.js': 'y' }))).toBe('damaged');
  });

  it('when its files are too large, before anything is inflated', async () => {
    expect(await problemOf(zipped({ 'zeros.bin': '0'.repeat(100_001) }), 100_000)).toBe('too-large');
  });

  it('when a file is larger than its directory says', async () => {
    expect(await problemOf(patched(zipped({ 'zeros.bin': '0'.repeat(100_000) }), directoryEntry, 24, [10, 0, 0, 0]))).toBe('damaged');
  });

  it('when the data of a file is damaged, stored or deflated', async () => {
    const stored = Buffer.from(zipSync({ 'a.txt': strToU8('hello') }, { level: 0 }));
    stored[stored.indexOf('hello')] = 'j'.charCodeAt(0);
    expect(await problemOf(stored)).toBe('damaged');
    const deflated = Buffer.from(zipped({ 'a.txt': 'hello'.repeat(100) }));
    deflated.fill(0xff, 36, 40);
    expect(await problemOf(deflated)).toBe('damaged');
  });

  it('when a file is encrypted or packed in an unknown way', async () => {
    expect(await problemOf(patched(zipped({ 'a.txt': 'a' }), directoryEntry, 8, [1, 0]))).toBe('damaged');
    expect(await problemOf(patched(zipped({ 'a.txt': 'a' }), directoryEntry, 10, [14, 0]))).toBe('damaged');
  });
});

describe('A ZIP archive that was made to do harm is refused', () => {
  it('when it has two files of one name, however that is written', async () => {
    for (const name of ['a.js', './a.js', './/a.js']) expect(await problemOf(archive([{ name: 'a.js' }, { name }])), name).toBe('unsafe');
    for (const name of ['', '.', './.']) expect(await problemOf(archive([{ name }])), name).toBe('unsafe');
  });

  it('when a name is longer than a file system takes', async () => {
    expect(await problemOf(archive([{ name: 'a'.repeat(256) }]))).toBe('unsafe');
    expect(await problemOf(archive([{ name: 'ü'.repeat(128) }]))).toBe('unsafe');
    expect(await problemOf(archive([{ name: 'a/'.repeat(1_024).concat('b') }]))).toBe('unsafe');
    expect(await problemOf(archive([{ name: `${'a/'.repeat(500)}${'b'.repeat(255)}` }]))).toBe('none');
  });

  it('when it holds a device, a pipe or a socket', async () => {
    for (const type of [0o020000, 0o060000, 0o010000, 0o140000]) {
      expect(await problemOf(archive([{ name: 'x', mode: type | 0o644 }])), type.toString(8)).toBe('unsafe');
    }
  });

  it('when ten gigabytes are said to come out of it, and when they come out without being said', async () => {
    const packed = await tenGigabytes();
    expect(packed.length).toBeLessThan(12_000_000);
    expect(await problemOf(archive([{ name: 'bomb', packed, size: 0xfffffffe }]), 262_144_000)).toBe('too-large');
    const before = process.memoryUsage().rss;
    expect(await problemOf(archive([{ name: 'bomb', packed, size: 1_000 }]), 262_144_000)).toBe('damaged');
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  it('when its files share their data, so that little of it stands for much', async () => {
    const data = 'x'.repeat(10_000);
    const again = { data, packed: Buffer.alloc(0), offset: (offsets: readonly number[]) => offsets[0] ?? 0 };
    expect(
      await problemOf(
        archive([
          { name: 'a', data },
          { name: 'b', ...again },
        ]),
      ),
    ).toBe('damaged');
    expect(await problemOf(archive([{ name: 'a', data }, { name: 'b' }].map((file) => ({ ...file, packedSize: 60 }))))).toBe('damaged');
  });

  it('when its folders would use up the disk', async () => {
    const files = Array.from({ length: 500 }, (_, index) => ({ name: `${index}/${'a/'.repeat(450)}b` }));
    expect(await problemOf(archive(files))).toBe('unsafe');
  });

  it('when its records lie about their number or their place', async () => {
    const files = [{ name: 'a' }, { name: 'b' }];
    expect(await problemOf(archive(files, { count: 3 }))).toBe('damaged');
    expect(await problemOf(archive(files, { count: 0xffff }))).toBe('damaged');
    expect(await problemOf(archive(files, { count: 1_000_000, wide: true }))).toBe('damaged');
    expect(await problemOf(archive([{ name: 'a', offset: () => 0xffffff }]))).toBe('damaged');
    expect(await problemOf(archive([{ name: 'a', data: 'hello', size: 4 }]))).toBe('damaged');
    expect(await problemOf(archive([{ name: 'a', data: 'hello', size: 6 }]))).toBe('damaged');
    expect(await problemOf(archive([{ name: 'a', data: 'hello', crc: 1 }]))).toBe('damaged');
  });

  it('whatever was done to its bytes, with a reason and nothing else', async () => {
    const whole = archive([
      { name: 'index.js', data: 'exports.handler = async () => 1;' },
      { name: 'lib/a.txt', data: 'a'.repeat(500) },
    ]);
    const next = random(20_261_121);
    for (let round = 0; round < 500; round++) {
      const bytes = Buffer.from(next() < 0.2 ? whole.subarray(0, Math.floor(next() * whole.length)) : whole);
      for (let change = 0; change <= next() * 4; change++) bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
      expect(['none', 'damaged', 'empty', 'too-large', 'unsafe']).toContain(await problemOf(bytes));
    }
  });
});

describe('A ZIP archive that is only unusual is read', () => {
  it('with a comment that looks like the end of another archive', async () => {
    const other = archive([{ name: '../evil' }]);
    const [file] = await readZip(archive([{ name: 'a' }], { comment: Buffer.concat([other, Buffer.from('!')]) }), plenty);
    expect(file?.path).toBe('a');
  });

  it('with its records in the form for large archives', async () => {
    expect(
      (await readZip(archive([{ name: 'a', data: 'hello' }, { name: 'b/c' }], { wide: true }), plenty)).map(({ path }) => path),
    ).toEqual(['a', 'b/c']);
  });

  it('with names that could be shorter', async () => {
    expect((await readZip(archive([{ name: './a//b/./c.js' }, { name: 'a/' }]), plenty)).map(({ path }) => path)).toEqual(['a/b/c.js']);
  });
});

/** The deflated form of ten gigabytes of zeros. */
async function tenGigabytes(): Promise<Buffer> {
  const deflate = createDeflateRaw();
  const pieces: Buffer[] = [];
  deflate.on('data', (piece: Buffer) => pieces.push(piece));
  await new Promise<void>((resolve) => deflate.write(Buffer.alloc(10_000_000), () => deflate.flush(() => resolve())));
  // After a flush nothing refers to what was before, so the same bytes may follow any number of times.
  const piece = Buffer.concat(pieces);
  const repeated = (times: number) => Buffer.concat([...Array.from({ length: times }, () => piece), Buffer.from([3, 0])]);
  expect(inflateRawSync(repeated(2)).length).toBe(20_000_000);
  return repeated(1_000);
}
