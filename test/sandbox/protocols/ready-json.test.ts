import { describe, expect, it } from 'vitest';
import { jsonText, readyList } from '../../../src/sandbox/protocols/ready-json.ts';
import { bodyLength } from '../../../src/sandbox/wire.ts';

describe('an answer with a list whose text is made before', () => {
  it.each([0, 1, 250, 251, 10_000])('is that of the whole answer, with %d elements', async (count) => {
    const events = Array.from({ length: count }, (_, index) => ({ timestamp: index, message: `"${index}" ☃ \n\\` }));
    for (const rest of [{}, { nextToken: 'a' }]) {
      const text = jsonText({ events: await readyList(events), ...rest }, JSON.stringify);
      if (typeof text === 'string' || text instanceof Uint8Array) throw new Error('The list is not ready.');
      const whole = Buffer.concat([...text]);
      expect(whole.toString()).toBe(JSON.stringify({ events, ...rest }));
      expect(bodyLength(text)).toBe(whole.byteLength);
    }
  });
});
