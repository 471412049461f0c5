import { anyCharacter, anyText, fitsWildcard, type WildcardToken } from '../../util/wildcard.ts';

/**
 * The patterns of a policy's `Action`, `Resource` and `…Like` elements: `*` stands for any text, `?` for one character,
 * `${aws:PrincipalAccount}` for a value of the request, which is taken literally even when it contains a `*`
 * (IAM User Guide, "IAM policy elements: Variables and tags").
 */
export type Pattern = readonly Token[];

type Token = WildcardToken | Variable;

interface Variable {
  /** In lower case: condition keys do not distinguish case. */
  readonly key: string;
  /** `${aws:PrincipalTag/team, 'none'}`: what stands in for a key that the request does not have. */
  readonly otherwise: string | undefined;
}

/** The values that a request has for each condition key. */
export interface RequestKeys {
  /** @param key in lower case */
  get(key: string): readonly string[] | undefined;
}

const characters = /[\s\S]/g;
const pieces = /\$\{([^}]*)\}|[\s\S]/g;

/** @param variables whether `${…}` means something: in version 2012-10-17, and not in actions. */
export function parsePattern(text: string, variables: boolean): Pattern {
  const tokens: Token[] = [];
  for (const [piece, inner] of text.matchAll(variables ? pieces : characters)) {
    if (piece === '*') tokens.push(anyText);
    else if (piece === '?') tokens.push(anyCharacter);
    else tokens.push(inner === undefined ? piece : variableToken(inner));
  }
  return tokens;
}

/** `${*}`, `${?}` and `${$}` are how a policy writes these characters themselves. */
function variableToken(inner: string): Token {
  if (inner === '*' || inner === '?' || inner === '$') return inner;
  const [, key = '', otherwise] = /^([^,]*?)\s*(?:,\s*'(.*)')?$/.exec(inner) ?? [];
  return { key: key.toLowerCase(), otherwise };
}

/** Whether the whole of `text` fits. A variable that the request has no single value for fits nothing. */
export function matches(pattern: Pattern, text: string, keys: RequestKeys): boolean {
  const tokens = resolved(pattern, keys);
  return tokens !== undefined && fitsWildcard(tokens, text);
}

/** The text that an exact operator compares with: variables are replaced, `*` and `?` mean themselves. */
export function literal(pattern: Pattern, keys: RequestKeys): string | undefined {
  return resolved(pattern, keys)
    ?.map((token) => (typeof token === 'string' ? token : token === anyText ? '*' : '?'))
    .join('');
}

function resolved(pattern: Pattern, keys: RequestKeys): readonly WildcardToken[] | undefined {
  if (hasNoVariable(pattern)) return pattern;
  const tokens: WildcardToken[] = [];
  for (const token of pattern) {
    if (typeof token !== 'object') {
      tokens.push(token);
      continue;
    }
    const values = keys.get(token.key) ?? [];
    const value = values.length === 1 ? values[0] : token.otherwise;
    if (value === undefined) return undefined;
    // Character by character, so that a `*` in the value means itself.
    tokens.push(...value.split(''));
  }
  return tokens;
}

function hasNoVariable(pattern: Pattern): pattern is readonly WildcardToken[] {
  return !pattern.some((token) => typeof token === 'object');
}
