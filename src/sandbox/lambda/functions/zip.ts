import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { inSteps } from '../../turn.ts';
import { damaged, readDirectory, type ZipEntry, ZipProblem } from './zip-directory.ts';

/** A file of a ZIP archive. */
export interface ZipFile {
  /** With slashes, relative, without `.`, `..` and parts that are empty. */
  readonly path: string;
  readonly size: number;
  readonly executable: boolean;
  /** @throws {ZipProblem} when the data is damaged. */
  read(): Promise<Uint8Array>;
}

/** Files and folders together; more than any package has, and less than would use up a disk's. */
const mostItems = 200_000;
/** Bytes of a path, and of each part of it. */
const longestPath = 2_048;
const longestName = 255;

/**
 * Lists the files of a ZIP archive from its directory; nothing is inflated yet.
 * @param largest bytes that all files together may have.
 * @throws {ZipProblem} for what is not an archive, has no files, is too large, or holds something that must not be unpacked:
 * a symbolic link, a path that leaves the folder, two files of one name, an encrypted file.
 */
export function readZip(bytes: Uint8Array, largest: number): readonly ZipFile[] {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(archive);
  for (const entry of entries) refuseUnsafe(entry);
  const files = entries.filter(({ name }) => !name.endsWith('/')).map((entry) => ({ entry, path: normalized(entry.name) }));
  if (files.length === 0) throw new ZipProblem('empty', 'The archive has no files.');
  refuseConflicts(files.map(({ path }) => path));
  const total = files.reduce((sum, { entry }) => sum + entry.size, 0);
  if (total > largest) throw new ZipProblem('too-large', `The files have ${total} bytes; ${largest} are allowed.`);
  return files.map(({ entry, path }) => ({
    path,
    size: entry.size,
    executable: (entry.mode & 0o111) !== 0,
    read: () => inflate(archive, entry),
  }));
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

/** Of two files of one name, each program would take another one; and `a` and `a/b` cannot both be files. */
function refuseConflicts(paths: readonly string[]): void {
  const files = new Set<string>();
  for (const path of paths) {
    if (path === '') throw new ZipProblem('unsafe', 'A file has no name.');
    if (files.has(path)) throw new ZipProblem('unsafe', `${JSON.stringify(path)} is in the archive twice.`);
    files.add(path);
  }
  const folders = new Set<string>();
  for (const path of paths) {
    if (files.size + folders.size > mostItems) throw new ZipProblem('unsafe', `The archive has more than ${mostItems} files and folders.`);
    for (let slash = path.lastIndexOf('/'); slash !== -1; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      if (files.has(folder)) throw damaged(`${JSON.stringify(folder)} is a file and a folder.`);
      folders.add(folder);
    }
  }
}

async function inflate(archive: Buffer, { name, method, crc, packedSize, size, start }: ZipEntry): Promise<Uint8Array> {
  const problem = (what: string) => damaged(`${JSON.stringify(name)} ${what}.`);
  const packed = archive.subarray(start, start + packedSize);
  if (method !== 0 && method !== 8) throw problem('is compressed in a way that is not known');
  const data = method === 0 ? packed : await unpack(packed, size, problem);
  let sum = 0;
  await inSteps(data, (part) => {
    sum = crc32(part, sum);
  });
  if (data.length !== size || sum !== crc) throw problem('is damaged');
  return data;
}

async function unpack(packed: Buffer, size: number, problem: (what: string) => ZipProblem): Promise<Uint8Array> {
  try {
    // No more than what the directory promised, whatever the data would inflate to.
    return await promisify(inflateRaw)(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw problem('is damaged');
  }
}
