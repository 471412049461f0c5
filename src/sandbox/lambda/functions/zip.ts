import { crc32, inflateRawSync } from 'node:zlib';

/** A file of a ZIP archive. */
export interface ZipFile {
  /** With slashes, relative, without `..`. */
  readonly path: string;
  readonly size: number;
  readonly executable: boolean;
  /** @throws {ZipProblem} when the data is damaged. */
  read(): Uint8Array;
}

/** Why an archive is refused. */
export class ZipProblem extends Error {
  override readonly name = 'ZipProblem';
  readonly kind: 'damaged' | 'empty' | 'too-large' | 'unsafe';

  constructor(kind: ZipProblem['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Unix file type and permissions; 0 when the archive was not made on Unix. */
  readonly mode: number;
  readonly offset: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const fileSignature = 0x04034b50;
const unset = 0xffffffff;

/**
 * Lists the files of a ZIP archive (APPNOTE 6.3.10) from its directory; nothing is inflated yet.
 * @param largest bytes that all files together may have.
 * @throws {ZipProblem} for what is not an archive, has no files, is too large, or holds something that must not be unpacked:
 * a symbolic link, a path that leaves the folder, an encrypted file.
 */
export function readZip(bytes: Uint8Array, largest: number): readonly ZipFile[] {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(archive);
  const files = entries.filter(({ path }) => !path.endsWith('/'));
  if (files.length === 0) throw new ZipProblem('empty', 'The archive has no files.');
  for (const entry of entries) refuseUnsafe(entry);
  refuseFilesAsFolders(files);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > largest) throw new ZipProblem('too-large', `The files have ${total} bytes; ${largest} are allowed.`);
  return files.map((entry) => ({
    path: entry.path,
    size: entry.size,
    executable: (entry.mode & 0o111) !== 0,
    read: () => inflate(archive, entry),
  }));
}

function readDirectory(archive: Buffer): Entry[] {
  // The end record stands last, but for a comment of at most 65,535 bytes.
  const earliest = Math.max(0, archive.length - 22 - 0xffff);
  let end = archive.length - 22;
  while (end >= earliest && archive.readUInt32LE(end) !== endSignature) end -= 1;
  if (end < earliest || end < 0) throw damaged('It has no end record.');
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const entries: Entry[] = [];
  while (entries.length < count) {
    if (at + 46 > end || archive.readUInt32LE(at) !== entrySignature) throw damaged('Its directory is damaged.');
    const nameLength = archive.readUInt16LE(at + 28);
    const extraLength = archive.readUInt16LE(at + 30);
    const name = archive.subarray(at + 46, at + 46 + nameLength);
    const extra = archive.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    entries.push(readEntry(archive.subarray(at, at + 46), name, extra));
    at += 46 + nameLength + extraLength + archive.readUInt16LE(at + 32);
  }
  return entries;
}

function readEntry(header: Buffer, name: Buffer, extra: Buffer): Entry {
  const [size, packedSize, offset] = wideNumbers([header.readUInt32LE(24), header.readUInt32LE(20), header.readUInt32LE(42)], extra);
  const madeOnUnix = header.readUInt8(5) === 3;
  return {
    path: name.toString('utf8'),
    method: header.readUInt16LE(10),
    flags: header.readUInt16LE(8),
    crc: header.readUInt32LE(16),
    packedSize,
    size,
    mode: madeOnUnix ? header.readUInt16LE(40) : 0,
    offset,
  };
}

/** Zip64 puts numbers that do not fit into 32 bits into an extra field, in this order; some tools always do. */
function wideNumbers(numbers: readonly [number, number, number], extra: Buffer): [size: number, packedSize: number, offset: number] {
  const wide = [...numbers] as [number, number, number];
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let field = at + 4;
    for (const index of [0, 1, 2] as const) {
      if (wide[index] !== unset) continue;
      if (field + 8 > extra.length) throw damaged('Its directory is damaged.');
      wide[index] = Number(extra.readBigUInt64LE(field));
      field += 8;
    }
  }
  return wide;
}

function refuseUnsafe({ path, mode, flags }: Entry): void {
  const parts = path.split('/');
  if (path.startsWith('/') || parts.includes('..') || /[\0\\]|^[A-Za-z]:/.test(path)) {
    throw new ZipProblem('unsafe', `${JSON.stringify(path)} would be unpacked outside of the function's folder.`);
  }
  if ((mode & 0o170000) === 0o120000) throw new ZipProblem('unsafe', `${JSON.stringify(path)} is a symbolic link.`);
  if ((flags & 1) !== 0) throw damaged(`${JSON.stringify(path)} is encrypted.`);
}

/** `a` and `a/b` cannot both be files. */
function refuseFilesAsFolders(files: readonly Entry[]): void {
  const paths = new Set(files.map(({ path }) => path));
  for (const { path } of files) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      if (paths.has(path.slice(0, slash))) throw damaged(`${JSON.stringify(path.slice(0, slash))} is a file and a folder.`);
    }
  }
}

function inflate(archive: Buffer, { path, method, crc, packedSize, size, offset }: Entry): Uint8Array {
  const problem = (what: string) => damaged(`${JSON.stringify(path)} ${what}.`);
  if (offset + 30 > archive.length || archive.readUInt32LE(offset) !== fileSignature) throw problem('is not where the directory says');
  const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  const packed = archive.subarray(start, start + packedSize);
  if (packed.length !== packedSize) throw problem('is cut off');
  if (method !== 0 && method !== 8) throw problem('is compressed in a way that is not known');
  const data = method === 0 ? packed : unpack(packed, size, problem);
  if (data.length !== size || crc32(data) !== crc) throw problem('is damaged');
  return data;
}

function unpack(packed: Buffer, size: number, problem: (what: string) => ZipProblem): Uint8Array {
  try {
    // No more than what the directory promised, whatever the data would inflate to.
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw problem('is damaged');
  }
}

function damaged(message: string): ZipProblem {
  return new ZipProblem('damaged', message);
}
