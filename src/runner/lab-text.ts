import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../util/user-error.ts';

// More than any lab has; what has as much in it is refused by its place and not by its size.
const mostBytes = 4_000_000;

/**
 * Reads a file of text: at most as much as a lab can have, and nothing that has no end or would have to be waited for.
 * @param file its name in messages
 * @throws {UserError} when it cannot be read, is no file, is far too large, or is not UTF-8 text
 */
export async function readText(path: string, file: string): Promise<string> {
  // What has no writer yet, such as a named pipe, would otherwise be waited for.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => cannotRead(file, cause));
  try {
    return decoded(await readBytes(handle, file), file);
  } finally {
    await handle.close();
  }
}

export function cannotRead(file: string, cause: unknown): never {
  throw new UserError(`${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`, { cause });
}

async function readBytes(handle: FileHandle, file: string): Promise<Buffer> {
  const found = await handle.stat();
  if (!found.isFile()) throw new UserError(`${file} is not a file.`, { hint: 'Give the path of a lab file, which ends in .md.' });
  if (found.size > mostBytes) throw new UserError(`${file} has ${found.size} bytes, which is too much for a lab.`);
  // The size that a file says it has need not be true: those of /proc have none.
  const chunks: Buffer[] = [];
  for (let length = 0; length <= mostBytes; ) {
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(65_536) }).catch((cause: unknown) => cannotRead(file, cause));
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  throw new UserError(`${file} has more than ${mostBytes} bytes, which is too much for a lab.`);
}

function decoded(bytes: Buffer, file: string): string {
  const other = otherEncoding(bytes);
  if (other !== undefined) throw new UserError(`${file} is ${other} text.`, { hint: 'Save it as UTF-8.' });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(`${file}${placeOfProblem(bytes)} is not UTF-8 text.`, {
      hint: 'Save it as UTF-8. Perhaps it is saved as Latin-1 or Windows-1252.',
      cause,
    });
  }
}

/** Text in UTF-16 or UTF-32 says so at its beginning; where it does not, every other byte of what is written in Latin letters is zero. */
function otherEncoding(bytes: Buffer): string | undefined {
  const mark = bytes.subarray(0, 4).toString('hex');
  if (mark === 'fffe0000' || mark === '0000feff') return 'UTF-32';
  const beginning = bytes.subarray(0, 1_000);
  const zeros = beginning.filter((byte) => byte === 0).length;
  return /^(fffe|feff)/.test(mark) || (bytes.length >= 8 && zeros * 3 > beginning.length) ? 'UTF-16' : undefined;
}

/** `:3:17`, of the first line that is not UTF-8. */
function placeOfProblem(bytes: Buffer): string {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    const text = bytes.toString('utf8', start, end);
    // What cannot be decoded has become U+FFFD, which is hardly ever written as it is.
    if (text.includes('\ufffd')) return `:${line}:${text.indexOf('\ufffd') + 1}`;
    start = end + 1;
  }
  return '';
}
