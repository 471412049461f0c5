/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * An answer of the SDK as the AWS CLI would print it: times in ISO 8601, blobs in base64, no members that are not there
 * and none that the SDK adds (`$metadata`). Key order is kept.
 */
export function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object') {
    const members = Object.entries(value).filter(([key, member]) => member !== undefined && key !== '$metadata');
    return Object.fromEntries(members.map(([key, member]) => [key, toJson(member)]));
  }
  return null;
}
