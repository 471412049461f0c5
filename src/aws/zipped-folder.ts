import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, sep } from 'node:path';
import { UserError } from '../util/user-error.ts';

// Lambda's limits for code that is sent directly (Lambda API reference and quotas).
const zippedLimit = 52_428_800;
const unzippedLimit = 262_144_000;

/** A file of a folder that is zipped. */
export interface PackedFile {
  readonly name: string;
  readonly data: Uint8Array;
  readonly executable: boolean;
}

/** A folder that stands in a call where the zip archive of its files is sent. The archive is made just before sending. */
export class ZippedFolder {
  readonly folder: string;

  /** `folder` is an absolute path. */
  constructor(folder: string) {
    if (!isAbsolute(folder)) throw new Error(`The path of a folder to zip has to be absolute: ${folder}`);
    this.folder = folder;
  }

  get name(): string {
    return basename(this.folder);
  }

  /**
   * The archive. The same files give the same bytes on every machine: names are sorted, times and modes are fixed.
   * Dot files and node_modules are left out; Lambda has the AWS SDK of its own.
   * @throws {UserError} when there is no such folder, nothing in it, a link that leads out of it, or too much.
   */
  async bytes(): Promise<Uint8Array> {
    const files = await this.files();
    const { zipSync } = await import('fflate');
    // fflate writes the local time that this date has, so it is given as local time.
    const mtime = new Date(1980, 0, 1);
    const entries = files.map(({ name, data, executable }) => {
      const mode = constants.S_IFREG | (executable ? 0o755 : 0o644);
      return [name, [data, { mtime, os: 3, attrs: (mode << 16) >>> 0 }]] as const;
    });
    const bytes = zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0], { level: 9 });
    if (bytes.length > zippedLimit) throw tooMuch(this.folder, `${bytes.length} bytes zipped`, zippedLimit);
    return bytes;
  }

  /** As Lambda prints it: `CodeSha256`. */
  async sha256(): Promise<string> {
    return createHash('sha256')
      .update(await this.bytes())
      .digest('base64');
  }

  /** What stands for the archive where calls are written down. */
  toJSON(): string {
    return `<zip archive of ${this.folder}>`;
  }

  /**
   * The files that the archive has, by their path in it with `/`, sorted.
   * @throws {UserError} as `bytes` does.
   */
  async files(): Promise<readonly PackedFile[]> {
    const root = await realpath(this.folder).catch(() => undefined);
    if (root === undefined || !(await stat(root)).isDirectory()) {
      throw new UserError(`There is no folder ${this.folder} to take the code of a function from.`, {
        hint: "Name a folder below the lab's assets that holds the handler.",
      });
    }
    const files: PackedFile[] = [];
    let total = 0;
    const visit = async (folder: string, prefix: string, above: readonly string[]): Promise<void> => {
      const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && name !== 'node_modules');
      for (const name of names.sort()) {
        const path = await inside(root, join(folder, name), above);
        const found = await stat(path);
        if (found.isDirectory()) await visit(path, `${prefix}${name}/`, [...above, path]);
        if (!found.isFile()) continue;
        total += found.size;
        if (total > unzippedLimit) throw tooMuch(this.folder, 'more', unzippedLimit);
        files.push({ name: prefix + name, data: await readFile(path), executable: (found.mode & constants.S_IXUSR) !== 0 });
      }
    };
    await visit(root, '', [root]);
    if (files.length === 0) {
      throw new UserError(`The folder ${this.folder} has no files to make a function from.`, { hint: 'Put the handler into it.' });
    }
    return files;
  }
}

/** The real path of `path`, which has to lie in `root` and must not be one of the folders `above` it. */
async function inside(root: string, path: string, above: readonly string[]): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real?.startsWith(root + sep) && !above.includes(real)) return real;
  throw new UserError(
    `The link ${path} leads ${real === undefined ? 'to nothing' : `out of the folder of the function or back into itself: ${real}`}.`,
    {
      hint: 'Put a copy of the file into the folder.',
    },
  );
}

function tooMuch(folder: string, seen: string, limit: number): UserError {
  return new UserError(`The folder ${folder} is too large for a function: ${seen}, and Lambda takes ${limit} bytes at most.`, {
    hint: 'Leave out what the handler does not need.',
  });
}

/** The same members of a request with the archive in place of every `ZippedFolder`. */
export async function withFolderBytes(input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
  return (await replaced(input)) as Readonly<Record<string, unknown>>;
}

async function replaced(value: unknown): Promise<unknown> {
  if (value instanceof ZippedFolder) return value.bytes();
  if (Array.isArray(value)) return Promise.all(value.map(replaced));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, member]) => [key, await replaced(member)])));
}
