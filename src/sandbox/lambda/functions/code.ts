import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checksum } from '../../checksum.ts';
import { AwsError } from '../../error.ts';
import { invalidParameter } from '../error.ts';
import { readZip, type ZipFile } from './zip.ts';
import { ZipProblem } from './zip-directory.ts';

/** The code of a function, unpacked and as it came. */
export interface FunctionCode {
  /** Where its files are. */
  readonly folder: string;
  /** Where the ZIP file is. */
  readonly zip: string;
  /** Bytes of the ZIP file. */
  readonly size: number;
  /** Base64 of the ZIP file's SHA-256. */
  readonly sha256: string;
}

/** What is told of a package. */
type CodeDigest = Pick<FunctionCode, 'size' | 'sha256'>;

/** Bytes, before and after unpacking (Lambda API reference and quotas). */
export const largestZip = 52_428_800;
export const largestUnzipped = 262_144_000;

const notUnzipped = 'Could not unzip uploaded file. Please check your file, then try to upload again.';

/**
 * Checks a deployment package and unpacks it into a new folder below `parent`.
 * @throws {AwsError} in Lambda's words, for a package that is too large, empty, damaged or unsafe to unpack.
 */
export async function unpackCode(zip: Uint8Array, parent: string): Promise<FunctionCode> {
  const files = await inspect(zip);
  const folder = join(parent, randomBytes(8).toString('hex'));
  const places = { folder, zip: `${folder}.zip` };
  try {
    for (const file of files) await unpackFile(file, folder);
    await writeFile(places.zip, zip);
  } catch (error) {
    await removeCode(places);
    throw refusal(error);
  }
  return { ...places, ...(await digest(zip)) };
}

/** What a package would be, without unpacking it. @throws {AwsError} as `unpackCode`, but for files that are damaged inside. */
export async function digestCode(zip: Uint8Array): Promise<CodeDigest> {
  await inspect(zip);
  return digest(zip);
}

export async function removeCode({ folder, zip }: Pick<FunctionCode, 'folder' | 'zip'>): Promise<void> {
  await removeFiles(folder).catch(() => undefined);
  // What has come meanwhile, or could not be removed.
  for (const path of [folder, zip]) await rm(path, { recursive: true, force: true });
}

/** Node would ask for the removal of thousands of files in one turn. */
async function removeFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    await (entry.isDirectory() ? removeFiles(path) : unlink(path));
  }
}

async function digest(zip: Uint8Array): Promise<CodeDigest> {
  return { size: zip.byteLength, sha256: await checksum('sha256', zip) };
}

async function inspect(zip: Uint8Array): Promise<readonly ZipFile[]> {
  if (zip.byteLength > largestZip) {
    throw new AwsError('RequestEntityTooLargeException', `Zipped size must be smaller than ${largestZip} bytes`, { status: 413 });
  }
  try {
    return await readZip(zip, largestUnzipped);
  } catch (error) {
    throw refusal(error);
  }
}

async function unpackFile(file: ZipFile, folder: string): Promise<void> {
  const path = join(folder, file.path);
  await mkdir(dirname(path), { recursive: true });
  // Never over something that is there.
  await writeFile(path, file.read(), { flag: 'wx' });
  if (file.executable) await chmod(path, 0o755);
}

function refusal(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
    return new AwsError('CodeStorageExceededException', 'Code storage limit exceeded. This machine has no space left.');
  }
  if (!(error instanceof ZipProblem)) return error;
  switch (error.kind) {
    case 'damaged':
      return invalidParameter(notUnzipped);
    case 'unsafe':
      return invalidParameter(`${notUnzipped} ${error.message}`);
    case 'empty':
      return invalidParameter('Uploaded file must be a non-empty zip');
    case 'too-large':
      return invalidParameter(`Unzipped size must be smaller than ${largestUnzipped} bytes`);
  }
}
