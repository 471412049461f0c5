import type { Json } from './json.ts';
import { secretRanges } from './secrets.ts';

const hidden = '<hidden>';

/**
 * The same text without what lets anybody in: the secrets of this process, and whatever looks like credentials of AWS or
 * a signature made with them, wherever it comes from (an error of AWS, a line that a function logs, the output of a command).
 */
export function masked(text: string): string {
  return withoutLookalikes(withoutKnown(text));
}

/**
 * The same JSON without what nobody should read over a shoulder or in a report: values under names of secrets
 * (`SecretAccessKey`, `SessionToken`), and whatever `masked` takes out of a text.
 */
export function redacted(value: Json): Json {
  if (typeof value === 'string') return masked(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(redacted);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, typeof member === 'string' && secretName.test(name) ? hidden : redacted(member)]),
  );
}

/** Whether something was taken out of a text. */
export function isRedacted(text: string): boolean {
  return text.includes(hidden);
}

const secretName = /secret|password|session_?token|private_?key/i;

function withoutKnown(text: string): string {
  let from = 0;
  let shown = '';
  for (const [start, end] of secretRanges(text)) {
    shown += `${text.slice(from, start)}${hidden}`;
    from = end;
  }
  return shown + text.slice(from);
}

// JSON may write the ampersand as an escape, XML as an entity. No backslash else: it may be what keeps JSON in one piece.
const url = /\bhttps?:\/\/(?:[^\s"'<>\\]|\\u0026)+/gi;
const signature = /(?:[?&;]|\\u0026|%26)(?:X-Amz-(?:Signature|Security-Token|Credential)|AWSAccessKeyId|Signature)=/i;

// `Authorization` of Signature Version 4, and of what else there is.
const authorization = /\bAWS4-HMAC-SHA256\s+Credential=[^\s"'\\]{1,300}(?:\s*(?:SignedHeaders|Signature)=[^\s"'\\]{1,2000})*/gi;
const bearer = /(\bauthorization["']{0,2}\s{0,3}[:=]\s{0,3}["']{0,2}(?:bearer|basic)\s{1,3})[^\s"'\\]+/gi;

// A name of a secret, what may stand between it and its value in JSON, XML, YAML, a shell or a header, and the value.
const labelled =
  /((?:secret[_-]?access[_-]?key|secret[_-]?key|(?:session|security|refresh|access|\bid)[_-]?token|x-amz-signature|client[_-]?secret|private[_-]?key)(?:\\?["'])?(?:\s{0,8}[:=>]\s{0,8}|\s{1,8})(?:\\?["'])?)[A-Za-z0-9+/=_%.~-]{16,}/gi;
const password = /((?:--passw(?:or)?d\s|\bpassw(?:or)?d(?:\\?["'])?\s{0,3}[:=])\s{0,3}(?:\\?["'])?)[^\s"'<>\\,;]{4,}/gi;
// AWS writes a key id and its secret side by side: in credential files, in tables and in the text output of the AWS CLI.
const besideKeyId = /(\b(?:AKIA|ASIA)[A-Z0-9]{16}\b[^\w+/][\s\S]{0,80}?)(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g;
const keyId = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;
// The beginnings that session tokens of AWS have had.
const sessionToken = /\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz|AQoDYXdz|AQoEXAMPLE)[A-Za-z0-9+/=%]{20,}/g;

function withoutLookalikes(text: string): string {
  return text
    .replace(url, (found) => (signature.test(found) ? '<signed URL>' : found.replace(/^(https?:\/\/)[^/?#@]+@/i, `$1${hidden}@`)))
    .replace(authorization, `AWS4-HMAC-SHA256 ${hidden}`)
    .replace(bearer, `$1${hidden}`)
    .replace(labelled, `$1${hidden}`)
    .replace(password, `$1${hidden}`)
    .replace(besideKeyId, `$1${hidden}`)
    .replace(sessionToken, hidden)
    .replace(keyId, hidden);
}
