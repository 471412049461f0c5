import type { Content } from './content.ts';

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
  readonly tags?: ReadonlyMap<string, string>;
}

/** An object in a bucket. */
export interface StoredObject extends ObjectDetails, Content {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly modified: number;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  tags: ReadonlyMap<string, string>;
}
