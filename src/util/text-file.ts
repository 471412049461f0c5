import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from './user-error.ts';

/** What a file of text is to those who read about it, and how much of it makes sense. */
export interface TextFile {
  /** Its name in messages. */
  readonly name: string;
  /** `lab`, as in "too much for a lab". */
  readonly noun: string;
  readonly mostBytes: number;
  /** What to do when it is none. */
  readonly hint: string;
}

/**
 * Reads a file of text that somebody named, without its byte order mark: at most `mostBytes` of it, and nothing that has no end
 * or would have to be waited for.
 * @throws {UserError} when it cannot be read, is no file, is far too large, or is not UTF-8 text
 */
export function readTextFile(path: string, file: TextFile): string {
  const { name, hint } = file;
  let opened: number | undefined;
  try {
    // What has no writer yet, such as a named pipe, would otherwise be waited for.
    opened = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return decoded(bytesOf(opened, file), file);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const missing = codeOf(cause) === 'ENOENT';
    const why = missing ? 'there is no such file.' : cause instanceof Error ? cause.message : cause;
    throw new UserError(`${name} cannot be read: ${why}`, { hint, cause });
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** @returns undefined where `path` names nothing. @throws {UserError} as `readTextFile`. */
export function readTextFileIfAny(path: string, file: TextFile): string | undefined {
  try {
    return readTextFile(path, file);
  } catch (error) {
    if (error instanceof UserError && codeOf(error.cause) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}

function bytesOf(opened: number, { name, noun, mostBytes, hint }: TextFile): Buffer {
  const found = fstatSync(opened);
  if (!found.isFile()) throw new UserError(`${name} is not a file.`, { hint });
  if (found.size > mostBytes) throw new UserError(`${name} has ${found.size} bytes, which is too much for a ${noun}.`, { hint });
  // The size that a file says it has need not be true: those of /proc have none.
  const chunks: Buffer[] = [];
  for (let length = 0; length <= mostBytes; ) {
    const buffer = Buffer.allocUnsafe(65_536);
    const bytesRead = readSync(opened, buffer);
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  throw new UserError(`${name} has more than ${mostBytes} bytes, which is too much for a ${noun}.`, { hint });
}

function decoded(bytes: Buffer, { name }: TextFile): string {
  const other = otherEncoding(bytes);
  if (other !== undefined) throw new UserError(`${name} is ${other} text.`, { hint: 'Save it as UTF-8.' });
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004')
    throw new UserError(`${name} is a workbook or another archive, and no text.`, {
      hint: 'Save it as text in UTF-8, a spreadsheet as CSV.',
    });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(`${name}${placeOfProblem(bytes)} is not UTF-8 text.`, {
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
