/** An element of a page, in the order in which they begin. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Names of the elements around it, the outermost first. */
  readonly inside: readonly string[];
}

const empty = new Set(['meta']);
const piece =
  /<!DOCTYPE html>|<\?xml version="1\.0" encoding="UTF-8"\?>|<style>[^<]*<\/style>|<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"<]*")?)*)(\/?)>|([^<]+)/gi;

/**
 * Reads HTML or XML as strictly as it can be written: every element is closed where it was opened, attributes have double quotes,
 * and text has no `<` and no `&` that is not an entity.
 * @throws with the place that is not so
 */
export function elementsOf(text: string): readonly Element[] {
  const open: string[] = [];
  const elements: Element[] = [];
  let end = 0;
  for (const found of text.matchAll(piece)) {
    const place = text.slice(Math.max(0, end - 80), end + 120);
    if (found.index !== end) throw new Error(`No markup: ${place}`);
    end = found.index + found[0].length;
    const [, closing, name, list = '', closed, content = ''] = found;
    if (/&(?!(?:[a-z]+|#\d+);)/i.test(list + content)) throw new Error(`An ampersand that is no entity: ${place}`);
    if (name === undefined) continue;
    if (closing === '/') {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes ${last}: ${place}`);
      continue;
    }
    const attributes = Object.fromEntries(
      [...list.matchAll(/ ([a-z-]+)(?:="([^"]*)")?/gi)].map(([, key = '', value = '']) => [key, value]),
    );
    elements.push({ name, attributes, inside: [...open] });
    if (closed !== '/' && !empty.has(name)) open.push(name);
  }
  if (end !== text.length) throw new Error(`No markup: ${text.slice(end, end + 200)}`);
  if (open.length > 0) throw new Error(`Not closed: ${open.join(' ')}`);
  return elements;
}
