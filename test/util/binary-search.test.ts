import { describe, expect, it } from 'vitest';
import { firstBehind } from '../../src/util/binary-search.ts';

describe('the first thing behind a place', () => {
  it('is found wherever it stands, and is the end where there is none', () => {
    for (let length = 0; length < 9; length += 1) {
      const items = Array.from({ length }, (_, index) => index);
      for (let place = 0; place <= length; place += 1) {
        expect(firstBehind(items, (item) => item >= place)).toBe(place);
      }
    }
  });
});
