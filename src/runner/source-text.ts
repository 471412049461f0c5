import type { Diagnostic, Place } from './diagnostic.ts';

/** Offsets into the text of a file, in UTF-16 units; `end` is the first one behind. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The text of one lab file: turns offsets into places, and collects the problems that are found in it. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly #lineStarts: readonly number[];
  readonly #diagnostics: Diagnostic[] = [];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#lineStarts = lineStarts(text);
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }

  /** The place of a range; when the range goes over several lines, of its part on the first. */
  place(range: Range): Place {
    const start = Math.max(0, Math.min(range.start, this.text.length));
    const index = this.#lineIndex(start);
    const lineStart = this.#lineStarts[index] ?? 0;
    const lineEnd = this.#lineEnd(index);
    const from = Math.min(start, lineEnd);
    const underlined = this.text.slice(from, Math.max(from, Math.min(range.end, lineEnd))).trimEnd();
    return { line: index + 1, column: from - lineStart + 1, length: Math.max(1, underlined.length) };
  }

  error(at: Range | Place, message: string, hint?: string): void {
    this.#report('error', at, message, hint);
  }

  #report(severity: Diagnostic['severity'], at: Range | Place, message: string, hint: string | undefined): void {
    const place = 'line' in at ? at : this.place(at);
    this.#diagnostics.push({ severity, file: this.file, place, message, ...(hint === undefined ? {} : { hint }) });
  }

  /** Offset behind the last character of a line, its line ending not counted. */
  #lineEnd(index: number): number {
    const next = this.#lineStarts[index + 1];
    if (next === undefined) return this.text.length;
    return this.text[next - 2] === '\r' ? next - 2 : next - 1;
  }

  /** Index of the line that holds an offset, by bisection. */
  #lineIndex(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Offsets at which lines begin. Lines end with LF or CRLF. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
