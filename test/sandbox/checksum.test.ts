import { describe, expect, it } from 'vitest';
import { type ChecksumName, checksum, checksumLength, checksumNames } from '../../src/sandbox/checksum.ts';

const digits = Buffer.from('123456789');
const hex = async (name: ChecksumName, data: Uint8Array) => Buffer.from(await checksum(name, data), 'base64').toString('hex');

describe('checksums', () => {
  // The check values of the catalogue of parametrised CRC algorithms, which every implementation has to give for these digits.
  it.each([
    ['crc32', 'cbf43926'],
    ['crc32c', 'e3069283'],
    ['crc64nvme', 'ae8b14860a799888'],
    ['md5', '25f9e794323b453885f5181f1b624d0b'],
    ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ] as const)('%s of 123456789 is %s', async (name, expected) => expect(await hex(name, digits)).toBe(expected));

  it('of S3 are those that AWS gives (recorded)', async () => {
    expect(await checksum('crc64nvme', Buffer.from('test data..'))).toBe('qUVrWYOrIAM=');
    expect(await checksum('sha256', Buffer.from('test data..'))).toBe('2l26x0trnT0r2AvakoFk2MB7eKVKzYESLMxSAKAzoik=');
    expect(await checksum('crc32', Buffer.from('test-checksum'))).toBe('lVk/nw==');
  });

  it('have the length that a client has to send', () => {
    expect([checksumLength('crc32'), checksumLength('crc64nvme'), checksumLength('sha256')]).toEqual([4, 8, 32]);
  });

  // Calculated with Python, the CRCs that it does not have bit by bit.
  const ofLargeData = {
    crc32: 'DQ3vXA==',
    crc32c: '69BljA==',
    crc64nvme: 'Wup3FCovzzY=',
    sha1: 'NBTBZ3MSJoV6OLPeazmfZ8qm4VE=',
    sha256: 'Iz/J1uX0dIiKhtghZuCJ+4iajzW/uNwFMJIQvSTpnl4=',
    sha512: 'ZNW7eOl2IiCn904pB1Q0RFiL0kvtG/mcea0HU1+RzftWG8T32qxjXWC/8j6vgRyci7/df4Q5HwmztAU0iHgS9g==',
    md5: 'AjYk+1b+8lyN0cLQbcBM0A==',
  };

  it.each(checksumNames)('%s of a megabyte is that of all of it', async (name) => {
    expect(await checksum(name, Buffer.alloc(1_000_003, 'data'))).toBe(ofLargeData[name]);
  });
});
