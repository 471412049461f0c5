import { randomBytes } from 'node:crypto';
import { type ChecksumName, checksum } from '../checksum.ts';
import { AwsError } from '../error.ts';
import { inSteps } from '../turn.ts';
import type { Checksum, Content } from './content.ts';
import { invalidRequest } from './errors.ts';
import type { ObjectDetails } from './stored-object.ts';

/** Of every part but the last (Amazon S3 quotas for multipart uploads). */
const smallestPart = 5 * 1024 * 1024;

/** The checksum that was asked for when an upload began, and whether it is made of the checksums of the parts. */
export interface UploadChecksum {
  readonly name: ChecksumName;
  readonly composite: boolean;
}

export interface UploadedPart {
  readonly number: number;
  readonly content: Content;
  /** Epoch milliseconds. */
  readonly modified: number;
}

/** A part as CompleteMultipartUpload names it. */
export interface NamedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksum: Checksum | undefined;
}

/** An object that comes in parts. */
export class MultipartUpload {
  /** As AWS's look. */
  readonly id = randomBytes(96).toString('base64url');
  readonly key: string;
  readonly details: ObjectDetails;
  readonly checksum: UploadChecksum | undefined;
  /** Epoch milliseconds. */
  readonly begun: number;
  readonly #parts = new Map<number, UploadedPart>();

  constructor(key: string, details: ObjectDetails, given: UploadChecksum | undefined, now: number) {
    this.key = key;
    this.details = details;
    this.checksum = given;
    this.begun = now;
  }

  /** In the order of their numbers. */
  parts(): readonly UploadedPart[] {
    return [...this.#parts.values()].sort((one, other) => one.number - other.number);
  }

  /** Takes a part, in the place of the one that may have been there. */
  put(part: UploadedPart): void {
    this.#parts.set(part.number, part);
  }

  /** The parts that a request names. @throws {AwsError} InvalidPartOrder, InvalidPart, InvalidRequest, EntityTooSmall */
  chosen(named: readonly NamedPart[]): readonly UploadedPart[] {
    if (named.some(({ number }, index) => index > 0 && number <= (named[index - 1]?.number ?? 0))) {
      const message = 'The list of parts was not in ascending order. Parts must be ordered by part number.';
      throw new AwsError('InvalidPartOrder', message, { members: { UploadId: this.id } });
    }
    const parts = named.map((name) => this.#named(name));
    const small = parts.slice(0, -1).find(({ content }) => content.size < smallestPart);
    if (small !== undefined) throw tooSmall(small);
    return parts;
  }

  #named({ number, etag, checksum: given }: NamedPart): UploadedPart {
    const part = this.#parts.get(number);
    const name = this.checksum?.composite ? this.checksum.name : undefined;
    if (name !== undefined && given === undefined) {
      throw invalidRequest(
        `The upload was created using a ${name} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    }
    const fits = given === undefined || given.name !== part?.content.checksum.name || given.value === part.content.checksum.value;
    if (part !== undefined && part.content.etag.replaceAll('"', '') === etag.replaceAll('"', '') && fits) return part;
    const message =
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
    const members = { UploadId: this.id, PartNumber: String(number), ETag: etag.replaceAll('"', '') };
    throw new AwsError('InvalidPart', message, { members });
  }
}

function tooSmall({ number, content }: UploadedPart): AwsError {
  const members = {
    ETag: content.etag.replaceAll('"', ''),
    MinSizeAllowed: String(smallestPart),
    PartNumber: String(number),
    ProposedSize: String(content.size),
  };
  return new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', { members });
}

/** What parts are together: the bytes of all, and an ETag made of theirs (Amazon S3 User Guide, "Checking object integrity"). */
export async function joined(parts: readonly UploadedPart[], wanted: UploadChecksum | undefined): Promise<Content> {
  const size = parts.reduce((sum, { content }) => sum + content.size, 0);
  const bytes = Buffer.allocUnsafe(size);
  let end = 0;
  for (const { content } of parts) {
    await inSteps(await content.read(), (piece) => {
      bytes.set(piece, end);
      end += piece.byteLength;
    });
  }
  const digests = Buffer.concat(parts.map(({ content }) => Buffer.from(content.etag.replaceAll('"', ''), 'hex')));
  const md5 = Buffer.from(await checksum('md5', digests), 'base64').toString('hex');
  return { size, read: async () => bytes, etag: `"${md5}-${parts.length}"`, checksum: await checksumOf(parts, bytes, wanted) };
}

async function checksumOf(parts: readonly UploadedPart[], bytes: Uint8Array, wanted: UploadChecksum | undefined): Promise<Checksum> {
  const { name, composite } = wanted ?? { name: 'crc64nvme' as const, composite: false };
  if (!composite) return { name, value: await checksum(name, bytes) };
  const sums = Buffer.concat(parts.map(({ content }) => Buffer.from(content.checksum.value, 'base64')));
  return { name, value: `${await checksum(name, sums)}-${parts.length}`, composite };
}
