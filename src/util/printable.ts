import { short } from './text.ts';

// Everything that acts on a terminal, or is not seen, instead of being shown: controls (but tab and newline), separators of lines
// and paragraphs, what makes text read differently from what it is or takes no room (Unicode TR 36 and the property
// Default_Ignorable_Code_Point: bidirectional controls, zero-width characters, tags; but not the variation selectors that emoji
// have), marks of annotations, and halves of surrogate pairs.
const unprintable = /(?!\t|\n|[\ufe00-\ufe0f])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Makes text that came from AWS, a lab file or an environment safe to print: each control character becomes a visible
 * `\u001b`-style escape, so that nothing can move the cursor, set a title or hide what follows. Tabs and newlines stay.
 * JSON stays JSON, and means the same.
 */
export function printable(text: string): string {
  return text.replace(unprintable, escaped);
}

/** The same of a text that may be very long: no more than its beginning. */
export function legible(text: string, most = 2_000): string {
  return printable(short(text, most));
}

/** The same on one line, where a second line could pass for something that the program says. */
export function legibleLine(text: string, most?: number): string {
  return legible(text, most).replace(/\s*\n\s*/g, ' ');
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** The text that the bytes are in UTF-8, or `undefined` when they are not text that can be printed. */
export function printableText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return printable(text) === text ? text : undefined;
  } catch {
    return undefined;
  }
}
