import { crc32, deflateRawSync } from 'node:zlib';

/** A file of an archive that is put together by hand. What is not given is as it should be. */
export interface HandMade {
  readonly name: string;
  readonly data?: string | Buffer;
  /** What the directory says. */
  readonly size?: number;
  readonly packedSize?: number;
  readonly crc?: number;
  readonly mode?: number;
  /** Of the data, instead of the deflated `data`. */
  readonly packed?: Buffer;
  /** Of the file's own header: another file's. */
  readonly offset?: (offsets: readonly number[]) => number;
}

interface Lies {
  readonly comment?: Buffer;
  /** What the end record says about the number of entries. */
  readonly count?: number;
  /** Puts count and place of the directory into the record of Zip64. */
  readonly wide?: boolean;
}

/** A ZIP archive that no tool would write. */
export function archive(files: readonly HandMade[], lies: Lies = {}): Buffer {
  const pieces: Buffer[] = [];
  const offsets: number[] = [];
  const entries: Buffer[] = [];
  let length = 0;
  const add = (piece: Buffer): void => {
    pieces.push(piece);
    length += piece.length;
  };
  for (const file of files) {
    const data = Buffer.from(file.data ?? '');
    const packed = file.packed ?? deflateRawSync(data);
    const name = Buffer.from(file.name);
    offsets.push(length);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(8, 8);
    header.writeUInt16LE(name.length, 26);
    if (file.offset === undefined) for (const piece of [header, name, packed]) add(piece);
    entries.push(entryOf(file, { name, data, packed, offset: file.offset?.(offsets) ?? offsets.at(-1) ?? 0 }));
  }
  const directory = length;
  for (const entry of entries) add(entry);
  const count = lies.count ?? files.length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  if (lies.wide) add(wideEnd(count, directory, length));
  end.writeUInt16LE(lies.wide ? 0xffff : count, 10);
  end.writeUInt32LE(lies.wide ? 0xffffffff : directory, 16);
  end.writeUInt16LE(lies.comment?.length ?? 0, 20);
  return Buffer.concat([...pieces, end, lies.comment ?? Buffer.alloc(0)]);
}

function entryOf(
  file: HandMade,
  own: { readonly name: Buffer; readonly data: Buffer; readonly packed: Buffer; readonly offset: number },
): Buffer {
  const { name, data, packed, offset } = own;
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt8(3, 5);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(file.crc ?? crc32(data), 16);
  entry.writeUInt32LE(file.packedSize ?? packed.length, 20);
  entry.writeUInt32LE(file.size ?? data.length, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt16LE(file.mode ?? 0o100644, 40);
  entry.writeUInt32LE(offset, 42);
  return Buffer.concat([entry, name]);
}

function wideEnd(count: number, directory: number, at: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(directory), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(at), 64);
  return record;
}
