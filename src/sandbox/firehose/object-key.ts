import { randomBytes } from 'node:crypto';
import { notImplemented } from '../not-implemented.ts';

/** `!{timestamp:yyyy}`, `!{firehose:random-string}` (Developer Guide, "Understand custom prefixes for Amazon S3 objects"). */
const expression = /!\{([^:}]*):([^}]*)\}/g;

/** What an object is named after. */
interface ObjectName {
  readonly prefix: string;
  readonly deliveryStream: string;
  readonly version: number;
  /** When its oldest record arrived, in epoch milliseconds. */
  readonly time: number;
  readonly id: string;
  /** With its dot; empty where there is none. */
  readonly extension: string;
}

/**
 * The key of an object: `<prefix>YYYY/MM/DD/HH/<stream>-<version>-YYYY-MM-DD-HH-MM-SS-<uuid>`, in UTC. A prefix that
 * says where the time goes is taken as it is (Developer Guide, "Configure Amazon S3 object name format").
 */
export function objectKey({ prefix, deliveryStream, version, time, id, extension }: ObjectName): string {
  const whole = prefix.includes('!{timestamp:') ? prefix : `${prefix}!{timestamp:yyyy/MM/dd/HH/}`;
  const evaluated = whole.replace(expression, (_text, namespace: string, value: string) =>
    namespace === 'timestamp' ? formatted(value, time) : randomString(),
  );
  return `${evaluated}${deliveryStream}-${version}-${formatted('yyyy-MM-dd-HH-mm-ss', time)}-${id}${extension}`;
}

/** Whether a prefix is more than plain text. */
export function hasExpressions(prefix: string): boolean {
  return prefix.search(expression) >= 0;
}

/** @throws {AwsError} NotImplemented for an expression that `objectKey` does not know */
export function refuseUnknownExpressions(prefix: string): void {
  for (const [text, namespace, value = ''] of prefix.matchAll(expression)) {
    const known = namespace === 'timestamp' ? fieldsOf(value).every(isKnown) : namespace === 'firehose' && value === 'random-string';
    if (!known) throw notImplemented(`${text} in the prefix of a Firehose stream`);
  }
}

/** The fields of Java's DateTimeFormatter that make sense in a key. */
const fields: Readonly<Record<string, (time: string) => string>> = {
  yyyy: (time) => time.slice(0, 4),
  yy: (time) => time.slice(2, 4),
  MM: (time) => time.slice(5, 7),
  M: (time) => String(Number(time.slice(5, 7))),
  dd: (time) => time.slice(8, 10),
  d: (time) => String(Number(time.slice(8, 10))),
  HH: (time) => time.slice(11, 13),
  H: (time) => String(Number(time.slice(11, 13))),
  mm: (time) => time.slice(14, 16),
  m: (time) => String(Number(time.slice(14, 16))),
  ss: (time) => time.slice(17, 19),
  s: (time) => String(Number(time.slice(17, 19))),
};

/** Texts in quotes, runs of one letter, and what stands between them. */
function fieldsOf(pattern: string): readonly string[] {
  return pattern.match(/'[^']*'|([A-Za-z])\1*|[^A-Za-z']+/g) ?? [];
}

function isKnown(field: string): boolean {
  return !/^[A-Za-z]/.test(field) || Object.hasOwn(fields, field);
}

function formatted(pattern: string, time: number): string {
  const iso = new Date(time).toISOString();
  return fieldsOf(pattern)
    .map((field) => fields[field]?.(iso) ?? (field === "''" ? "'" : field.replaceAll("'", '')))
    .join('');
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Eleven characters, other ones for each object. */
function randomString(): string {
  return Array.from(randomBytes(11), (byte) => letters[byte % letters.length]).join('');
}
