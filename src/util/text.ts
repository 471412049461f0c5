import { stripVTControlCharacters, styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Puts a text into a style, or leaves it as it is where there are no colours. */
export type Paint = (style: Style, text: string) => string;

export function createPaint(colour: boolean): Paint {
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

/**
 * Breaks text into lines of at most `width` characters, each behind `indent`. Line feeds and the spaces in front of a line
 * stay; longer words are not broken. Styles take no room.
 */
export function wrap(text: string, width: number, indent = ''): string {
  const room = Math.max(Math.min(20, width), width - indent.length);
  return text
    .split('\n')
    .map((paragraph) => {
      if (visible(paragraph) <= room) return `${indent}${paragraph}`.trimEnd();
      const [lead = ''] = /^ */.exec(paragraph) ?? [];
      const lines = [lead];
      for (const word of paragraph.trim().split(/ +/)) {
        const line = lines.at(-1) ?? '';
        if (line.trim() === '') lines[lines.length - 1] = `${line}${word}`;
        else if (visible(line) + 1 + visible(word) <= room) lines[lines.length - 1] = `${line} ${word}`;
        else lines.push(word);
      }
      return lines.map((line) => `${indent}${line}`.trimEnd()).join('\n');
    })
    .join('\n');
}

/** How many characters a terminal shows of a text. */
export function visible(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Puts `indent` in front of every line that is not empty. */
export function indented(text: string, indent: string): string {
  return text.replace(/^(?=.)/gm, indent);
}

/** `1 step`, `3 steps`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A duration for people: `40 ms`, `2.1 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The beginning of a text that may be long, which does not end with half a character. */
export function short(text: string, length = 120): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** The beginning and the end of an error that may be long: AWS quotes the whole input before it says what is wrong with it. */
export function bothEnds(text: string, length = 300): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length / 2).replace(/[\ud800-\udbff]$/, '')} … ${text.slice(-length / 2).replace(/^[\udc00-\udfff]/, '')}`;
}

/** Names in a message: `a, b, c`, and of many no more than the first. */
export function listed(names: Iterable<string>, most = 20): string {
  const all = [...names];
  const rest = all.length - most;
  return rest > 0 ? `${all.slice(0, most).join(', ')} and ${rest} more` : all.join(', ');
}
