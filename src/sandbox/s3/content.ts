import { type ChecksumName, checksum } from '../checksum.ts';

export interface Checksum {
  readonly name: ChecksumName;
  /** In base64. */
  readonly value: string;
  /** It is made of those of the parts in which an object came, and says how many they were. */
  readonly composite?: boolean;
}

/** The bytes of an object, and what follows from them. */
export interface Content {
  /** Of the bytes. */
  readonly size: number;
  /** @throws {AwsError} when they are there no more */
  read(): Promise<Uint8Array>;
  /** With the quotation marks that it has on the wire. */
  readonly etag: string;
  readonly checksum: Checksum;
}

/** Whether it came in parts, of which its ETag tells how many they were. */
export function cameInParts({ etag }: Pick<Content, 'etag'>): boolean {
  return etag.includes('-');
}

/** @param given the checksum that the bytes came with; CRC64NVME when they came without */
export async function newContent(bytes: Uint8Array, given?: Checksum): Promise<Content> {
  const md5 = Buffer.from(await checksum('md5', bytes), 'base64');
  return {
    size: bytes.byteLength,
    read: async () => bytes,
    etag: `"${md5.toString('hex')}"`,
    checksum: given ?? { name: 'crc64nvme', value: await checksum('crc64nvme', bytes) },
  };
}
