import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Diagnostic, Place } from '../../src/runner/diagnostic.ts';
import { printDiagnostics } from '../../src/runner/diagnostic-printer.ts';

function problem(place: Place, more: Partial<Diagnostic> = {}): Diagnostic {
  return { severity: 'error', file: 'a.md', place, message: 'Something is wrong.', ...more };
}

function print(text: string, place: Place, more: Partial<Diagnostic> = {}): string[] {
  return printDiagnostics([problem(place, more)], new Map([['a.md', text]])).split('\n');
}

describe('a printed problem', () => {
  it('has its place, its message, its line with the place underlined, and what to do', () => {
    expect(print('one\nid: Orders\n', { line: 2, column: 5, length: 6 }, { hint: 'Write it small.' })).toEqual([
      'a.md:2:5 error: Something is wrong.',
      '  id: Orders',
      '      ~~~~~~',
      '  Write it small.',
      '',
    ]);
  });

  it('can be a warning without a hint', () => {
    expect(print('x', { line: 1, column: 1, length: 1 }, { severity: 'warning' })).toEqual([
      'a.md:1:1 warning: Something is wrong.',
      '  x',
      '  ~',
      '',
    ]);
  });

  it('goes without the line where the text is not known', () => {
    expect(printDiagnostics([problem({ line: 1, column: 1, length: 1 })], new Map())).toBe('a.md:1:1 error: Something is wrong.\n');
  });

  it('can be at the end of a line, of an empty one too', () => {
    expect(print('ab', { line: 1, column: 3, length: 1 })).toEqual(['a.md:1:3 error: Something is wrong.', '  ab', '    ~', '']);
    expect(print('', { line: 1, column: 1, length: 1 })).toEqual(['a.md:1:1 error: Something is wrong.', '', '  ~', '']);
  });

  it('underlines the right columns behind tabs', () => {
    expect(print('\tid:\tx', { line: 1, column: 6, length: 1 })).toEqual([
      'a.md:1:6 error: Something is wrong.',
      '      id:    x',
      '             ~',
      '',
    ]);
  });

  it('makes what would act on a terminal visible', () => {
    const printed = print('\u001b[2Jx', { line: 1, column: 5, length: 1 }, { file: 'a.md', message: 'Not \u001b[31mred\nor two lines.' });
    expect(printed).toEqual(['a.md:1:5 error: Not \\u001b[31mred or two lines.', '  \\u001b[2Jx', '           ~', '']);
  });

  it('shows the part of a long line that matters', () => {
    const line = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const [, source = '', underline = ''] = print(line, { line: 1, column: 501, length: 4 });
    expect(source).toBe(`  …${'a'.repeat(20)}HERE${'b'.repeat(96)}…`);
    expect(underline).toBe(`  ${' '.repeat(21)}~~~~`);
  });

  it('underlines no more than is shown', () => {
    const [, source = '', underline = ''] = print('x'.repeat(500), { line: 1, column: 1, length: 500 });
    expect(underline.length).toBeLessThanOrEqual(source.length);
  });

  it('counts lines of CRLF files and columns behind a byte-order mark as editors do', () => {
    expect(print('\ufeffab\r\ncd\r\n', { line: 1, column: 1, length: 2 })[1]).toBe('  ab');
    expect(print('\ufeffab\r\ncd\r\n', { line: 2, column: 1, length: 2 })[1]).toBe('  cd');
  });

  it('is the same in colour', () => {
    const texts = new Map([['a.md', 'x']]);
    const plain = printDiagnostics([problem({ line: 1, column: 1, length: 1 })], texts);
    const coloured = printDiagnostics([problem({ line: 1, column: 1, length: 1 })], texts, { colour: true });
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });
});

describe('many problems', () => {
  it('are separated by empty lines, and cut off where nobody would read on', () => {
    const many = Array.from({ length: 60 }, (_, index) => problem({ line: index + 1, column: 1, length: 1 }));
    const printed = printDiagnostics(many, new Map());
    expect(printed.split('\n\n')).toHaveLength(51);
    expect(printed).toMatch(/\n\n… and 10 more\.\n$/);
  });

  it('are nothing when there are none', () => {
    expect(printDiagnostics([], new Map())).toBe('');
  });
});
