/** Stands for any text, also none, and for any one character. */
export const anyText = Symbol('*');
export const anyCharacter = Symbol('?');

/** A part of a pattern: one of these, or the character that it is. */
export type WildcardToken = string | typeof anyText | typeof anyCharacter;

/** The parts of a pattern in which `*` stands for any text and, where `single` says so, `?` for any character. */
export function wildcardTokens(pattern: string, single: boolean): readonly WildcardToken[] {
  return pattern.split('').map((character) => (character === '*' ? anyText : single && character === '?' ? anyCharacter : character));
}

/**
 * Whether the whole of a text fits. Keeps the place of the last `*` and lets it swallow one character more whenever the rest
 * does not fit: no recursion and no blow-up, as a regular expression of many `.*` has them.
 */
export function fitsWildcard(tokens: readonly WildcardToken[], text: string): boolean {
  let token = 0;
  let place = 0;
  let lastStar = -1;
  let swallowedTo = 0;
  while (place < text.length) {
    if (tokens[token] === anyText) {
      lastStar = token++;
      swallowedTo = place;
    } else if (token < tokens.length && (tokens[token] === anyCharacter || tokens[token] === text[place])) {
      token++;
      place++;
    } else if (lastStar >= 0) {
      token = lastStar + 1;
      place = ++swallowedTo;
    } else {
      return false;
    }
  }
  while (tokens[token] === anyText) token++;
  return token === tokens.length;
}
