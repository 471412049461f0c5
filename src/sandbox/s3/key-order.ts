/** S3 lists keys in the order of their bytes in UTF-8 (Amazon S3 API reference, ListObjectsV2). @returns as `Buffer.compare` */
export function compareKeys(one: string, other: string): number {
  // Strings compare by units of UTF-16, whose order is another one only where there are surrogates.
  if (surrogate.test(one) || surrogate.test(other)) return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return one < other ? -1 : one === other ? 0 : 1;
}

const surrogate = /[\ud800-\udfff]/;
