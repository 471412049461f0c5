import { legible } from '../../util/printable.ts';
import { masked } from '../../util/redact.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Text for XML 1.0 and for HTML, where it can stand between elements and in attributes with double quotes. Neither has any place
 * for control characters, halves of surrogate pairs, U+FFFE and U+FFFF.
 */
export function escaped(text: string, most?: number): string {
  return legible(text, most)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** The same of what comes from somewhere else, and has to keep its secrets. */
export function shownText(text: string, most?: number): string {
  return escaped(masked(text), most);
}
