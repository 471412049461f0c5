import { printable } from './printable.ts';
import { short } from './text.ts';

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * An answer of the SDK as the AWS CLI would print it: times in ISO 8601, blobs in base64, policy documents of IAM as the
 * JSON that they are, no members that are not there and none that the SDK adds (`$metadata`). Key order is kept.
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
    return Object.fromEntries(members.map(([key, member]) => [key, toJson(decodedPolicy(member))]));
  }
  return null;
}

/** IAM answers with policy documents that are URL-encoded JSON (IAM API reference); the AWS CLI and boto3 decode them. */
function decodedPolicy(member: unknown): unknown {
  if (typeof member !== 'string' || !member.startsWith('%7B')) return member;
  try {
    return JSON.parse(decodeURIComponent(member));
  } catch {
    return member;
  }
}

/** What a text says as JSON; `undefined` when it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is an object with keys: not `null`, not a list. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A path into JSON as JMESPath and JavaScript write it: `StreamDescription.Shards[0].ShardId`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** A value in a message for people: JSON on one line, cut off after `limit` characters. */
export function shown(value: unknown, limit = 80): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** JSON for a program, on one line or indented. What a terminal would act on is escaped, which means the same. */
export function jsonText(value: unknown, indent?: number): string {
  return printable(JSON.stringify(value, null, indent) ?? 'null');
}

// The longest log event of CloudWatch Logs has 256 KB.
const mostText = 300_000;
const mostOfAll = 1_000_000;

/**
 * The same JSON, cut to about a million characters when it is longer: texts to their beginning, lists to their first
 * elements and objects to their first members. What was cut ends with `…`.
 */
export function bounded<Value extends Json>(value: Value): Value {
  let room = mostOfAll;
  const cut = (part: Json): Json => {
    room -= 8;
    if (typeof part === 'string') {
      const kept = short(part, Math.max(0, Math.min(room, mostText)));
      room -= kept.length;
      return kept;
    }
    if (part === null || typeof part !== 'object') return part;
    if (Array.isArray(part)) {
      const kept: Json[] = [];
      for (const element of part) {
        if (room <= 0) return [...kept, '…'];
        kept.push(cut(element));
      }
      return kept;
    }
    const members: [string, Json][] = [];
    for (const [key, member] of Object.entries(part)) {
      if (room <= 0) return Object.fromEntries([...members, ['…', '…']]);
      room -= key.length;
      members.push([key, cut(member)]);
    }
    return Object.fromEntries(members);
  };
  // What is cut has the same shape as far as it goes.
  return cut(value) as Value;
}
