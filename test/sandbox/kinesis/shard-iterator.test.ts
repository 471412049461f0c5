import { describe, expect, it } from 'vitest';
import { kinesisSandbox } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();

describe('an iterator', () => {
  it('has the length that those of AWS have, whatever the name of the stream', async () => {
    for (const StreamName of ['a', 'b'.repeat(29), 'c'.repeat(30), 'd'.repeat(128)]) {
      await kinesis.stream({ StreamName, ShardCount: 1 });
      const token = await kinesis.iterator(StreamName);
      const bytes = Buffer.from(token, 'base64');
      expect(bytes.length).toBeGreaterThanOrEqual(152);
      expect((bytes.length - 152) % 16).toBe(0);
      expect(token.length).toBeLessThanOrEqual(512);
    }
  });
});
