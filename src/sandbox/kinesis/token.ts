import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type Cloud, slot } from '../cloud.ts';

/** AWS's iterators begin with these bytes (Kinesis API reference). */
const version = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);
const nonceLength = 12;
const tagLength = 16;
// AWS's have 152 bytes and a multiple of 16 more (iterators seen on AWS).
const shortest = 152;
const block = 16;

const keys = slot('kinesis token key', () => randomBytes(32), { global: true });

/** One key for the whole sandbox. */
function keyOf(cloud: Cloud): Buffer {
  return cloud.state(keys, { account: '*', region: '*' });
}

/**
 * Puts facts into a token that only the sandbox which made it can read: the iterators and page tokens that a client
 * hands back as it got them. Two tokens with the same content are different.
 */
export function sealToken(cloud: Cloud, content: Readonly<Record<string, unknown>>): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', keyOf(cloud), nonce).setAAD(version);
  const text = Buffer.from(JSON.stringify(content));
  const length = version.length + nonceLength + tagLength + text.length;
  const wanted = Math.max(shortest, shortest + Math.ceil((length - shortest) / block) * block);
  // JSON may end with blanks.
  const padded = Buffer.concat([text, Buffer.alloc(wanted - length, ' ')]);
  const sealed = Buffer.concat([cipher.update(padded), cipher.final()]);
  return Buffer.concat([version, nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

/** @returns what was sealed, or undefined for what this sandbox did not seal. */
export function openToken(cloud: Cloud, token: string): unknown {
  const bytes = Buffer.from(token, 'base64');
  const start = version.length + nonceLength + tagLength;
  if (bytes.length < start || !bytes.subarray(0, version.length).equals(version)) return undefined;
  const nonce = bytes.subarray(version.length, version.length + nonceLength);
  const decipher = createDecipheriv('aes-256-gcm', keyOf(cloud), nonce)
    .setAAD(version)
    .setAuthTag(bytes.subarray(version.length + nonceLength, start));
  try {
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]).toString('utf8'));
  } catch {
    return undefined;
  }
}
