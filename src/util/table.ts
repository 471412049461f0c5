import { visible, wrap } from './text.ts';

const gap = '  ';

/**
 * Lays a table out so that no line is longer than `width` characters, unless a word is: columns that are too wide are made
 * narrower, the widest first, and their cells broken into lines. Rows are kept apart by an empty line where a cell was broken.
 */
export function layTable(header: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const widths = columnWidths([header, ...rows], width - gap.length * (header.length - 1));
  const laid = rows.map((row) => layRow(row, widths));
  const apart = laid.some((row) => row.includes('\n')) ? '\n\n' : '\n';
  return [layRow(header, widths), widths.map((each) => '─'.repeat(each)).join(gap), laid.join(apart)].join('\n');
}

function columnWidths(rows: readonly (readonly string[])[], room: number): readonly number[] {
  const widest = (measure: (cell: string) => number): readonly number[] =>
    (rows[0] ?? []).map((_, at) => rows.reduce((most, row) => Math.max(most, measure(row[at] ?? '')), 0));
  const wanted = widest(visible);
  const needed = widest((cell) => cell.split(' ').reduce((most, word) => Math.max(most, visible(word)), 0));
  const capped = (cap: number) => wanted.map((each, at) => Math.min(each, Math.max(cap, needed[at] ?? 0)));
  const fits = (cap: number): boolean => capped(cap).reduce((all, each) => all + each, 0) <= room;
  // The largest cap that fits, or 1.
  let [least, most] = [1, wanted.reduce((all, each) => Math.max(all, each), 1)];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle - 1;
  }
  return capped(least);
}

function layRow(cells: readonly string[], widths: readonly number[]): string {
  const columns = widths.map((each, at) => wrap(styledByWord(cells[at] ?? ''), each).split('\n'));
  const height = columns.reduce((most, lines) => Math.max(most, lines.length), 0);
  return Array.from({ length: height }, (_, line) => {
    const parts = columns.map((lines, at) => {
      const text = lines[line] ?? '';
      return text + ' '.repeat(Math.max(0, (widths[at] ?? 0) - visible(text)));
    });
    return parts.join(gap).trimEnd();
  }).join('\n');
}

/** The same text with the style of several words on each of them, so that a line break between them leaves no style open. */
function styledByWord(text: string): string {
  const mark = String.fromCharCode(27);
  const span = new RegExp(`(${mark}\\[[\\d;]*m)([^${mark}]* [^${mark}]*)(${mark}\\[[\\d;]*m)`, 'g');
  return text.replace(span, (_, open: string, words: string, close: string) =>
    words
      .split(' ')
      .map((word) => (word === '' ? word : `${open}${word}${close}`))
      .join(' '),
  );
}
