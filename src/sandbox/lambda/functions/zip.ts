import { crc32, createInflateRaw } from 'node:zlib';
import { Turn } from '../../turn.ts';
import { damaged, readDirectory, type ZipEntry, ZipProblem } from './zip-directory.ts';

/** A file of a ZIP archive. */
export interface ZipFile {
  /** With slashes, relative, without `.`, `..` and parts that are empty. */
  readonly path: string;
  readonly size: number;
  readonly executable: boolean;
  /** The data, piece by piece. @throws {ZipProblem} when it is damaged, after the last piece at the latest. */
  read(): AsyncIterable<Uint8Array>;
}

/** Files and folders together; more than any package has, and less than would use up a disk's. */
const mostItems = 200_000;
/** Bytes of a path, and of each part of it. */
const longestPath = 2_048;
const longestName = 255;

/**
 * Lists the files of a ZIP archive from its directory, a long one in steps; nothing is inflated yet.
 * @param largest bytes that all files together may have.
 * @throws {ZipProblem} for what is not an archive, has no files, is too large, or holds something that must not be unpacked:
 * a symbolic link, a path that leaves the folder, two files of one name, an encrypted file.
 */
export async function readZip(bytes: Uint8Array, largest: number): Promise<readonly ZipFile[]> {
  const turn = new Turn();
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files: ZipFile[] = [];
  const tree = new Tree();
  for (const entry of await readDirectory(archive)) {
    if (turn.over) await turn.pass();
    refuseUnsafe(entry);
    if (entry.name.endsWith('/')) continue;
    const { size, mode } = entry;
    const path = normalized(entry.name);
    tree.add(path);
    files.push({ path, size, executable: (mode & 0o111) !== 0, read: () => read(archive, entry) });
  }
  if (files.length === 0) throw new ZipProblem('empty', 'The archive has no files.');
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > largest) throw new ZipProblem('too-large', `The files have ${total} bytes; ${largest} are allowed.`);
  return files;
}

/** Types of files on Unix (inode(7)). */
const fileType = { mask: 0o170000, regular: 0o100000, folder: 0o040000 } as const;

function refuseUnsafe({ name, mode, flags }: ZipEntry): void {
  const unsafe = (what: string) => new ZipProblem('unsafe', `${JSON.stringify(name.slice(0, longestName))} ${what}.`);
  const parts = name.split('/');
  if (name.startsWith('/') || parts.includes('..') || /[\0\\]|^[A-Za-z]:/.test(name)) {
    throw unsafe("would be unpacked outside of the function's folder");
  }
  if (Buffer.byteLength(name) > longestPath || parts.some((part) => Buffer.byteLength(part) > longestName))
    throw unsafe('is too long a name');
  const type = mode & fileType.mask;
  if (type !== 0 && type !== fileType.regular && type !== fileType.folder) {
    throw unsafe(type === 0o120000 ? 'is a symbolic link' : 'is neither a file nor a folder');
  }
  if ((flags & 1) !== 0) throw damaged(`${JSON.stringify(name)} is encrypted.`);
}

/** `./a//b` is `a/b`. */
function normalized(name: string): string {
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** The files and folders of an archive. Of two files of one name, each program would take another one; and `a` and `a/b` cannot both be files. */
class Tree {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** @throws {ZipProblem} */
  add(path: string): void {
    if (path === '') throw new ZipProblem('unsafe', 'A file has no name.');
    if (this.#files.has(path)) throw new ZipProblem('unsafe', `${JSON.stringify(path)} is in the archive twice.`);
    if (this.#folders.has(path)) throw fileAndFolder(path);
    this.#files.add(path);
    for (let slash = path.lastIndexOf('/'); slash !== -1; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (this.#folders.has(folder)) break;
      if (this.#files.has(folder)) throw fileAndFolder(folder);
      this.#folders.add(folder);
    }
    if (this.#files.size + this.#folders.size > mostItems) {
      throw new ZipProblem('unsafe', `The archive has more than ${mostItems} files and folders.`);
    }
  }
}

function fileAndFolder(path: string): ZipProblem {
  return damaged(`${JSON.stringify(path)} is a file and a folder.`);
}

/** Bytes that are handed out at a time. */
const pieceBytes = 256 * 1024;

async function* read(archive: Buffer, { name, method, crc, packedSize, size, start }: ZipEntry): AsyncGenerator<Uint8Array> {
  const problem = (what: string) => damaged(`${JSON.stringify(name)} ${what}.`);
  const packed = archive.subarray(start, start + packedSize);
  if (method !== 0 && method !== 8) throw problem('is compressed in a way that is not known');
  let [length, sum] = [0, 0];
  for await (const piece of method === 0 ? piecesOf(packed) : unpacked(packed, () => problem('is damaged'))) {
    length += piece.length;
    // No more than what the directory promised, whatever the data would inflate to.
    if (length > size) break;
    sum = crc32(piece, sum);
    yield piece;
  }
  if (length !== size || sum !== crc) throw problem('is damaged');
}

function* piecesOf(data: Buffer): Generator<Buffer> {
  for (let at = 0; at < data.length; at += pieceBytes) yield data.subarray(at, at + pieceBytes);
}

async function* unpacked(packed: Buffer, problem: () => ZipProblem): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: pieceBytes });
  inflate.end(packed);
  try {
    yield* inflate;
  } catch {
    throw problem();
  }
}
