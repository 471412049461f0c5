import type { ChecksumName } from '../checksum.ts';

/** What is kept of an object besides its bytes and what follows from them. */
export interface ObjectDetails {
  readonly contentType?: string | undefined;
  readonly cacheControl?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentLanguage?: string | undefined;
  readonly expires?: string | undefined;
  readonly storageClass?: string | undefined;
  /** Of the user, without `x-amz-meta-`. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The one that the object came with; CRC64NVME when it came without. */
  readonly checksum?: Checksum;
  readonly tags?: ReadonlyMap<string, string>;
}

export interface Checksum {
  readonly name: ChecksumName;
  /** In base64. */
  readonly value: string;
}

/** An object in a bucket. */
export interface StoredObject extends ObjectDetails {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** With the quotation marks that it has on the wire. */
  readonly etag: string;
  /** Epoch milliseconds. */
  readonly modified: number;
  readonly contentType: string;
  readonly checksum: Checksum;
  readonly metadata: Readonly<Record<string, string>>;
  tags: ReadonlyMap<string, string>;
}
