import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readZip, ZipProblem } from '../../../src/sandbox/lambda/functions/zip.ts';
import { zipped } from '../../support/lambda.ts';

const plenty = 1_000_000;

function problemOf(bytes: Uint8Array, largest = plenty): string {
  try {
    for (const file of readZip(bytes, largest)) file.read();
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
  it('is read file by file, stored or deflated, and folders are no files', () => {
    const files = readZip(
      zipSync({ 'a.txt': strToU8('a'.repeat(1000)), lib: { 'b.txt': [strToU8('b'), { level: 0 }] }, empty: {} }),
      plenty,
    );
    expect(files.map(({ path, size }) => [path, size])).toEqual([
      ['a.txt', 1000],
      ['lib/b.txt', 1],
    ]);
    expect(files.map((file) => Buffer.from(file.read()).toString().length)).toEqual([1000, 1]);
  });

  it('keeps what may be executed', () => {
    const [script] = readZip(zipSync({ 'run.sh': [strToU8('#!/bin/sh'), { os: 3, attrs: 0o100755 << 16 }] }), plenty);
    expect(script?.executable).toBe(true);
  });

  it('may have a comment at its end', () => {
    const bytes = Buffer.from(zipped({ 'a.txt': 'a' }));
    bytes.writeUInt16LE(5, bytes.length - 2);
    expect(problemOf(Buffer.concat([bytes, Buffer.from('hello')]))).toBe('none');
  });

  it('may give its sizes in 64 bits', () => {
    const bytes = Buffer.from(zipSync({ 'a.txt': strToU8('hello') }, { level: 0, extra: { 1: new Uint8Array(24) } }));
    const at = bytes.indexOf(Buffer.from(directoryEntry));
    const extra = at + 46 + 'a.txt'.length + 4;
    bytes.writeUInt32LE(0xffffffff, at + 20);
    bytes.writeUInt32LE(0xffffffff, at + 24);
    bytes.writeBigUInt64LE(5n, extra);
    bytes.writeBigUInt64LE(5n, extra + 8);
    const [file] = readZip(bytes, plenty);
    expect(Buffer.from(file?.read() ?? []).toString()).toBe('hello');
  });
});

describe('A ZIP archive is refused', () => {
  it('when it is something else, cut off, or nothing at all', () => {
    const good = zipped({ 'index.js': 'exports.handler = 1' });
    expect(problemOf(Buffer.from('<html>not a zip</html>'))).toBe('damaged');
    expect(problemOf(good.subarray(0, good.length - 30))).toBe('damaged');
    expect(problemOf(good.subarray(40))).toBe('damaged');
    expect(problemOf(new Uint8Array())).toBe('damaged');
  });

  it('when it has no files', () => {
    expect(problemOf(zipSync({}))).toBe('empty');
    expect(problemOf(zipSync({ folder: {} }))).toBe('empty');
  });

  it('when a path leaves the folder', () => {
    for (const path of ['../evil.js', 'a/../../evil.js', '/etc/evil', 'a\\..\\evil.js', 'C:/evil.js', 'a\0b']) {
      expect(problemOf(zipped({ [path]: 'x' })), path).toBe('unsafe');
    }
  });

  it('when it holds a symbolic link', () => {
    expect(problemOf(zipSync({ link: [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] }))).toBe('unsafe');
  });

  it('when a file is a folder as well', () => {
    expect(problemOf(zipped({ lib: 'x', 'lib/a.js': 'y' }))).toBe('damaged');
  });

  it('when its files are too large, before anything is inflated', () => {
    expect(problemOf(zipped({ 'zeros.bin': '0'.repeat(100_001) }), 100_000)).toBe('too-large');
  });

  it('when a file is larger than its directory says', () => {
    expect(problemOf(patched(zipped({ 'zeros.bin': '0'.repeat(100_000) }), directoryEntry, 24, [10, 0, 0, 0]))).toBe('damaged');
  });

  it('when the data of a file is damaged, stored or deflated', () => {
    const stored = Buffer.from(zipSync({ 'a.txt': strToU8('hello') }, { level: 0 }));
    stored[stored.indexOf('hello')] = 'j'.charCodeAt(0);
    expect(problemOf(stored)).toBe('damaged');
    const deflated = Buffer.from(zipped({ 'a.txt': 'hello'.repeat(100) }));
    deflated.fill(0xff, 36, 40);
    expect(problemOf(deflated)).toBe('damaged');
  });

  it('when a file is encrypted or packed in an unknown way', () => {
    expect(problemOf(patched(zipped({ 'a.txt': 'a' }), directoryEntry, 8, [1, 0]))).toBe('damaged');
    expect(problemOf(patched(zipped({ 'a.txt': 'a' }), directoryEntry, 10, [14, 0]))).toBe('damaged');
  });
});
