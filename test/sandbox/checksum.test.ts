import { describe, expect, it } from 'vitest';
import { checksum, checksumLength } from '../../src/sandbox/checksum.ts';

const digits = Buffer.from('123456789');
const hex = (name: Parameters<typeof checksum>[0], data: Uint8Array) => Buffer.from(checksum(name, data), 'base64').toString('hex');

describe('checksums', () => {
  // The check values of the catalogue of parametrised CRC algorithms, which every implementation has to give for these digits.
  it.each([
    ['crc32', 'cbf43926'],
    ['crc32c', 'e3069283'],
    ['crc64nvme', 'ae8b14860a799888'],
    ['md5', '25f9e794323b453885f5181f1b624d0b'],
    ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ] as const)('%s of 123456789 is %s', (name, expected) => expect(hex(name, digits)).toBe(expected));

  it('of S3 are those that AWS gives (recorded)', () => {
    expect(checksum('crc64nvme', Buffer.from('test data..'))).toBe('qUVrWYOrIAM=');
    expect(checksum('sha256', Buffer.from('test data..'))).toBe('2l26x0trnT0r2AvakoFk2MB7eKVKzYESLMxSAKAzoik=');
    expect(checksum('crc32', Buffer.from('test-checksum'))).toBe('lVk/nw==');
  });

  it('have the length that a client has to send', () => {
    expect([checksumLength('crc32'), checksumLength('crc64nvme'), checksumLength('sha256')]).toEqual([4, 8, 32]);
  });
});
