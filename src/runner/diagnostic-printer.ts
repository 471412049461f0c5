import { styleText } from 'node:util';
import { legibleLine, printable } from '../util/printable.ts';
import type { Diagnostic } from './diagnostic.ts';

export interface PrintOptions {
  /** Terminal colours. Default: none. */
  readonly colour?: boolean;
  /** How many problems are printed at most. Default 50. */
  readonly most?: number;
}

/** Characters of a source line that are shown, at most. */
const widest = 120;
const tab = '    ';

/**
 * Problems for people: where, what, the line with the place underlined, and what to do.
 * @param texts the text of each file, by the name that its diagnostics have; without it the line is left out.
 * @returns lines that end with a newline; empty without diagnostics.
 */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  options: PrintOptions = {},
): string {
  const { colour = false, most = 50 } = options;
  const lines = new Map([...texts].map(([file, text]) => [file, text.replace(/^\ufeff/, '').split(/\r?\n/)]));
  const printed = diagnostics.slice(0, most).map((diagnostic) => printOne(diagnostic, lines.get(diagnostic.file), colour));
  if (diagnostics.length > most) printed.push(`… and ${diagnostics.length - most} more.\n`);
  return printed.join('\n');
}

function printOne(diagnostic: Diagnostic, lines: readonly string[] | undefined, colour: boolean): string {
  const { file, place, severity, message, hint } = diagnostic;
  const paint = (style: 'red' | 'yellow' | 'bold', text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const tint = severity === 'error' ? 'red' : 'yellow';
  const where = paint('bold', `${legibleLine(file)}:${place.line}:${place.column}`);
  const printed = [`${where} ${paint(tint, `${severity}:`)} ${legibleLine(message)}`];
  const line = lines?.[place.line - 1];
  if (line !== undefined) {
    const [source, lead, width] = excerpt(line, place.column - 1, place.length);
    printed.push(`  ${source}`.trimEnd(), `  ${' '.repeat(lead)}${paint(tint, '~'.repeat(width))}`);
  }
  if (hint !== undefined) printed.push(`  ${legibleLine(hint)}`);
  return `${printed.join('\n')}\n`;
}

/** The part of a source line around a place, the columns in front of that place in it, and the width to underline. */
function excerpt(line: string, start: number, length: number): readonly [source: string, lead: number, width: number] {
  const from = start + Math.min(length, widest) <= widest ? 0 : start - 20;
  const until = from + widest;
  const before = `${from > 0 ? '…' : ''}${shown(line.slice(from, start))}`;
  const inside = shown(line.slice(start, Math.min(start + length, until)));
  const after = `${shown(line.slice(start + length, until))}${until < line.length ? '…' : ''}`;
  return [before + inside + after, before.length, Math.max(1, inside.length)];
}

function shown(text: string): string {
  return printable(text).replaceAll('\t', tab);
}
