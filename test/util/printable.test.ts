import { describe, expect, it } from 'vitest';
import { legible, legibleLine, printable, printableText } from '../../src/util/printable.ts';

describe('text from elsewhere, made printable', () => {
  it.each([
    ['a screen that is cleared (CSI)', 'a\u001b[2Jb', 'a\\u001b[2Jb'],
    ['a title that is set (OSC 0)', '\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['a link with another address (OSC 8)', '\u001b]8;;http://x\u001b\\y', '\\u001b]8;;http://x\\u001b\\y'],
    ['a clipboard that is filled (OSC 52)', '\u001b]52;c;cm0=\u0007', '\\u001b]52;c;cm0=\\u0007'],
    ['a control string (DCS)', '\u001bP+q\u001b\\', '\\u001bP+q\\u001b\\'],
    ['the same as one character (C1)', '\u009b2J\u0090\u009d', '\\u009b2J\\u0090\\u009d'],
    ['a line that is written over', 'bad\rgood', 'bad\\u000dgood'],
    ['what is taken back', 'bad\b\b\bgood', 'bad\\u0008\\u0008\\u0008good'],
    ['a bell, NUL and DEL', '\u0007\0\u007f', '\\u0007\\u0000\\u007f'],
    ['text that reads backwards', 'a\u202egnp.exe\u2066', 'a\\u202egnp.exe\\u2066'],
    ['characters without width', 'a\u200bb\u2060c\ufeff', 'a\\u200bb\\u2060c\\ufeff'],
    ['letters that are blank', 'a\u3164\u115f\u00ad', 'a\\u3164\\u115f\\u00ad'],
    ['writing that nobody sees', '\u{e0041}\u{e0042}', '\\udb40\\udc41\\udb40\\udc42'],
    ['separators of lines', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['half a character', 'a\ud83db\ude00', 'a\\ud83db\\ude00'],
  ])('shows %s instead of doing it', (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves tabs, newlines and every letter as they are, also emoji and accents', () => {
    const text = 'a\tb\nc 😀 ❤️ e\u0301 日本 ──▶';
    expect(printable(text)).toBe(text);
    expect(printableText(Buffer.from(text))).toBe(text);
  });

  it('leaves JSON what it means', () => {
    const value = { text: '\u009b\u202e\ud800\u{e0041}\\\u007f' };
    expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
  });

  it('is the beginning of what is very long, and ends with whole characters', () => {
    expect(legible('x'.repeat(1_000_000))).toBe(`${'x'.repeat(2_000)}…`);
    expect(legible('ab😀c', 3)).toBe('ab…');
    expect(legible('\u0007'.repeat(10), 2)).toBe('\\u0007\\u0007…');
  });

  it('stands on one line where a second one could pass for another message', () => {
    expect(legibleLine('orders\n  ✓ stream orders')).toBe('orders ✓ stream orders');
  });
});
