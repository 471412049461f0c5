import type { Json } from './json.ts';

const secretName = /secret|password|session_?token|private_?key/i;
const signedUrl = /[?&]X-Amz-(Signature|Security-Token|Credential)=/i;

/**
 * The same JSON without what nobody should read over a shoulder or in a report: values under names of secrets
 * (`SecretAccessKey`, `SessionToken`), and URLs that are signed and so let anybody in (the `Code.Location` of a function).
 */
export function redacted(value: Json): Json {
  if (typeof value === 'string') return signedUrl.test(value) ? '<signed URL>' : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(redacted);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typeof member === 'string' && secretName.test(name) ? '<hidden>' : redacted(member),
    ]),
  );
}
