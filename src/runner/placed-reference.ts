import type { Path, PlacedReference } from './lab.ts';
import { findReferences, stringsOf } from './reference.ts';
import type { Range, SourceText } from './source-text.ts';
import type { YamlMapping } from './yaml-data.ts';

/** The references of a stretch of the file as it is written, with their places; those that are malformed are reported. */
export function referencesIn(source: SourceText, range: Range, path: Path = []): PlacedReference[] {
  const placed: PlacedReference[] = [];
  for (const found of findReferences(source.text.slice(range.start, range.end))) {
    const at = { start: range.start + found.start, end: range.start + found.end };
    if ('reference' in found) placed.push({ reference: found.reference, place: source.place(at), path });
    else source.error(at, found.message, found.hint);
  }
  return placed;
}

/**
 * The references in the strings below one key of a YAML mapping. What a string means can differ from how it is written
 * (escapes, folded lines), so the value decides what is there and the text only where.
 */
export function referencesBelow(source: SourceText, yaml: YamlMapping, key: string): PlacedReference[] {
  const placed: PlacedReference[] = [];
  for (const { path, text } of stringsOf(yaml.data[key], [key])) {
    const whole = yaml.rangeOf(path);
    const meant = findReferences(text);
    const written = meant.length === 0 ? [] : findReferences(source.text.slice(whole.start, whole.end));
    for (const [index, found] of meant.entries()) {
      const there = written.length === meant.length ? written[index] : undefined;
      const at = there === undefined ? whole : { start: whole.start + there.start, end: whole.start + there.end };
      if ('reference' in found) placed.push({ reference: found.reference, place: source.place(at), path });
      else source.error(at, found.message, found.hint);
    }
  }
  return placed;
}
