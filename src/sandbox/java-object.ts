/**
 * A structure as Java's `toString` prints an object whose class does not say otherwise: the class and a hash. The hash is made
 * of the class's name and of the members in the order of their names (worked out from an entry of PutRecords that Kinesis
 * printed, in which nothing but the number of members is certain).
 * @param members the names of all that the class has
 */
export function javaObject(className: string, members: readonly string[], value: Readonly<Record<string, unknown>>): string {
  const hashes = [...members].sort().map((member) => javaHash(value[member]));
  return `${className}@${(hashOfAll([hashOfAll([javaHash(className)]), ...hashes]) >>> 0).toString(16)}`;
}

/** `hashCode` of a string or a buffer, and 0 of what is absent. */
function javaHash(value: unknown): number {
  if (typeof value === 'string') return textHash(value);
  return value instanceof Uint8Array ? bytesHash(value) : 0;
}

function textHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash;
}

function bytesHash(bytes: Uint8Array): number {
  let hash = 1;
  // Bytes of Java have a sign.
  for (let at = bytes.length - 1; at >= 0; at -= 1) hash = (Math.imul(31, hash) + (((bytes[at] ?? 0) << 24) >> 24)) | 0;
  return hash;
}

function hashOfAll(hashes: readonly number[]): number {
  return hashes.reduce((hash, one) => (Math.imul(31, hash) + one) | 0, 1);
}
