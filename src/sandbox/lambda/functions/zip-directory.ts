import { Turn } from '../../turn.ts';

/** Why an archive is refused. */
export class ZipProblem extends Error {
  override readonly name = 'ZipProblem';
  readonly kind: 'damaged' | 'empty' | 'too-large' | 'unsafe';

  constructor(kind: ZipProblem['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What the directory of an archive says about a file or a folder. */
export interface ZipEntry {
  /** As it stands there. */
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Unix file type and permissions; 0 when the archive was not made on Unix. */
  readonly mode: number;
  /** Of the packed data: where it begins. */
  readonly start: number;
}

const signatures = { end: 0x06054b50, wideEnd: 0x06064b50, wideEndLocator: 0x07064b50, entry: 0x02014b50, file: 0x04034b50 } as const;
const unset = 0xffffffff;
const unset16 = 0xffff;

/**
 * Reads the directory of a ZIP archive (APPNOTE 6.3.10), a long one in steps.
 * @throws {ZipProblem} `damaged` for what is not an archive, and where two entries share bytes, by which little data can be made to
 * stand for very much
 */
export async function readDirectory(archive: Buffer): Promise<readonly ZipEntry[]> {
  const turn = new Turn();
  const { at: begin, count, end } = findDirectory(archive);
  const entries: ZipEntry[] = [];
  const spans: { readonly from: number; readonly to: number }[] = [];
  let at = begin;
  while (entries.length < count) {
    if (turn.over) await turn.pass();
    if (at + 46 > end || archive.readUInt32LE(at) !== signatures.entry) throw damaged('Its directory is damaged.');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > end) throw damaged('Its directory is damaged.');
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const extra = archive.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const { offset, ...entry } = readEntry(archive.subarray(at, at + 46), name, extra);
    const start = startOfData(archive, offset, entry.name);
    entries.push({ ...entry, start });
    spans.push({ from: offset, to: start + entry.packedSize });
    at = next;
  }
  refuseOverlaps(spans, begin);
  return entries;
}

/** The end record stands last, but for a comment whose length it gives. */
function findDirectory(archive: Buffer): { readonly at: number; readonly count: number; readonly end: number } {
  const earliest = Math.max(0, archive.length - 22 - 0xffff);
  for (let end = archive.length - 22; end >= earliest; end -= 1) {
    if (archive.readUInt32LE(end) !== signatures.end || archive.readUInt16LE(end + 20) !== archive.length - end - 22) continue;
    const [count, at] = [archive.readUInt16LE(end + 10), archive.readUInt32LE(end + 16)];
    return count === unset16 || at === unset ? findWideDirectory(archive, end) : { at, count, end };
  }
  throw damaged('It has no end record.');
}

/** Zip64 has another end record for what does not fit into the first, and a locator between the two that tells where. */
function findWideDirectory(archive: Buffer, end: number): { readonly at: number; readonly count: number; readonly end: number } {
  const locator = end - 20;
  if (locator < 0 || archive.readUInt32LE(locator) !== signatures.wideEndLocator) throw damaged('Its end record is damaged.');
  const wideEnd = Number(archive.readBigUInt64LE(locator + 8));
  if (wideEnd + 56 > locator || archive.readUInt32LE(wideEnd) !== signatures.wideEnd) throw damaged('Its end record is damaged.');
  return { count: Number(archive.readBigUInt64LE(wideEnd + 32)), at: Number(archive.readBigUInt64LE(wideEnd + 48)), end: wideEnd };
}

function readEntry(header: Buffer, name: string, extra: Buffer): Omit<ZipEntry, 'start'> & { readonly offset: number } {
  const [size, packedSize, offset] = wideNumbers([header.readUInt32LE(24), header.readUInt32LE(20), header.readUInt32LE(42)], extra);
  // Unix, and macOS.
  const madeOnUnix = [3, 19].includes(header.readUInt8(5));
  return {
    name,
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

/** Where the data of a file begins: behind a header of its own. */
function startOfData(archive: Buffer, offset: number, name: string): number {
  if (offset + 30 > archive.length || archive.readUInt32LE(offset) !== signatures.file) {
    throw damaged(`${JSON.stringify(name)} is not where the directory says.`);
  }
  return offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
}

function refuseOverlaps(spans: readonly { readonly from: number; readonly to: number }[], directory: number): void {
  let free = 0;
  for (const { from, to } of spans.toSorted((one, other) => one.from - other.from)) {
    if (from < free || to > directory) throw damaged('Its files overlap, or are cut off.');
    free = to;
  }
}

export function damaged(message: string): ZipProblem {
  return new ZipProblem('damaged', message);
}
