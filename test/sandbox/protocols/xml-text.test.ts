import { describe, expect, it } from 'vitest';
import { wellFormed } from '../../../src/sandbox/protocols/xml-text.ts';

describe('the text of an XML answer', () => {
  it('has nothing that XML has no place for', () => {
    expect(wellFormed('<a>\u0000\u0008\u000b\u001b]0;t\u0007\ufffe\uffff\ud800</a>')).toBe(
      '<a>\ufffd\ufffd\ufffd\ufffd]0;t\ufffd\ufffd\ufffd\ufffd</a>',
    );
  });

  it('keeps everything else', () => {
    const text = '<a b="c">\t\r\n \u007f\u0085é日😀&amp;</a>';
    expect(wellFormed(text)).toBe(text);
  });
});
