// Everything a terminal acts on instead of showing: C0 (but tab and newline), DEL, C1, the bidirectional controls that
// make text read differently from what it is (Unicode TR 36), zero-width characters and line/paragraph separators.
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming control characters is the point of this expression
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Makes text that came from AWS, a lab file or an environment safe to print: each control character becomes a visible
 * `\u001b`-style escape, so that nothing can move the cursor, set a title or hide what follows. Tabs and newlines stay.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
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
