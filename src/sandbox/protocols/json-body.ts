import { randomUUID } from 'node:crypto';
import type { NormalizedSchema } from '@smithy/core/schema';
import { Turn } from '../turn.ts';
import { readJson } from './json-shape.ts';
import { parseJson } from './json-text.ts';

/** A body from so many bytes on would take milliseconds to parse. */
const largeBody = 256 * 1024;
/** Bytes of base64 from which on a string is not parsed with the rest. */
const longText = 2 * 1024;
/** Bytes of base64 that are decoded at a time. */
const stepBytes = 128 * 1024;
const quote = 0x22;
const backslash = 0x5c;
const padding = 0x3d;

/**
 * Reads a body of JSON as `readJson` does. What makes a body large is base64 in nearly every case: records, or the code of a
 * function. Such strings are decoded straight from the body, step by step, so that nobody else has to wait for that.
 * @throws {SyntaxError}, and what `readJson` throws
 */
export function readJsonBody(shape: NormalizedSchema, body: Buffer): unknown {
  return body.length < largeBody ? readJson(shape, parseJson(body)) : readLarge(shape, body);
}

async function readLarge(shape: NormalizedSchema, body: Buffer): Promise<unknown> {
  const turn = new Turn();
  const { rest, texts } = await takeOut(body, turn);
  if (turn.over) await turn.pass();
  let parsed: unknown;
  try {
    parsed = parseJson(rest);
  } catch (error) {
    if (texts.size === 0) throw error;
    // What is wrong is said of the body that was sent.
    parsed = parseJson(body);
  }
  if (turn.over) await turn.pass();
  const input = readJson(shape, parsed, texts);
  // What is done with it begins in a turn of its own.
  if (turn.over) await turn.pass();
  return input;
}

/** Takes the long strings of base64 out of a text in JSON, and leaves a mark in the place of each. What it cannot make out is left as it is. */
async function takeOut(body: Buffer, turn: Turn): Promise<{ readonly rest: Buffer; readonly texts: ReadonlyMap<string, Buffer> }> {
  const mark = randomUUID();
  const texts = new Map<string, Buffer>();
  const rest: Buffer[] = [];
  let kept = 0;
  let open = -1;
  let quotes = 0;
  for (let at = body.indexOf(quote); at >= 0; at = body.indexOf(quote, at + 1)) {
    quotes += 1;
    // There is too little between the quotes for this to be worth while.
    if (quotes > 1_000 && at < quotes * 200) break;
    if (turn.over) await turn.pass();
    if (open < 0) {
      open = at;
    } else if (!isEscaped(body, at)) {
      const start = open + 1;
      open = -1;
      if (at - start < longText || isName(body, at + 1)) continue;
      const bytes = await decode(body, start, at, turn);
      if (bytes === undefined) continue;
      const name = `${mark} ${texts.size}`;
      texts.set(name, bytes);
      rest.push(body.subarray(kept, start), Buffer.from(name));
      kept = at;
    }
  }
  rest.push(body.subarray(kept));
  return { rest: texts.size === 0 ? body : Buffer.concat(rest), texts };
}

/** Whether a quote stands behind an odd number of backslashes. */
function isEscaped(body: Buffer, at: number): boolean {
  let start = at;
  while (body[start - 1] === backslash) start -= 1;
  return (at - start) % 2 === 1;
}

/** Whether what ends before `at` is the name of a member. */
function isName(body: Buffer, at: number): boolean {
  let next = at;
  while ([0x20, 0x09, 0x0a, 0x0d].includes(body[next] ?? 0)) next += 1;
  return body[next] === 0x3a;
}

/** @returns undefined for what is no base64, or not the only way to write the same bytes */
async function decode(body: Buffer, start: number, end: number, turn: Turn): Promise<Buffer | undefined> {
  if ((end - start) % 4 !== 0) return undefined;
  const missing = body[end - 2] === padding ? 2 : body[end - 1] === padding ? 1 : 0;
  const bytes = Buffer.allocUnsafeSlow(((end - start) / 4) * 3 - missing);
  let length = 0;
  for (let at = start; at < end; at += stepBytes) {
    if (turn.over) await turn.pass();
    const to = Math.min(end, at + stepBytes);
    const text = body.toString('latin1', at, to);
    // Node also takes the digits of the other alphabet, and skips what is no digit.
    if (text.includes('-') || text.includes('_')) return undefined;
    const expected = ((to - at) / 4) * 3 - (to === end ? missing : 0);
    if (bytes.write(text, length, 'base64') !== expected) return undefined;
    length += expected;
  }
  const last = body.toString('latin1', end - 4, end);
  return bytes.toString('base64', length - (3 - missing)) === last ? bytes : undefined;
}
