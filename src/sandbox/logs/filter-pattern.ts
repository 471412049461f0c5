import { parseFieldPattern, parseJsonPattern } from './filter-expression.ts';
import { type EventFilter, invalidPattern, literalTest, patternTest, type TextTest } from './filter-text.ts';

/**
 * Reads a filter pattern (CloudWatch Logs User Guide, "Filter pattern syntax"): terms, `"phrases"`, `%expressions%`,
 * `-` for what must not and `?` for what may be there, `{ $.field = value }` for events that are JSON, and
 * `[first, second = value]` for events whose fields are separated by spaces.
 *
 * A term is found anywhere in the text, also within a word, and case matters; both are general knowledge and unverified.
 * @throws {AwsError} InvalidParameterException
 */
export function parseFilterPattern(pattern: string): EventFilter {
  const text = pattern.trim();
  if (text === '' || text === '""') return () => true;
  if (text.startsWith('{')) return parseJsonPattern(text);
  if (text.startsWith('[')) return parseFieldPattern(text);
  return parseTerms(text);
}

interface Term {
  /** `+` for a plain term. */
  readonly sign: '+' | '-' | '?';
  readonly fits: TextTest;
}

const termForms = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|([^\s"]+))/y;

function parseTerms(text: string): EventFilter {
  const terms: Term[] = [];
  termForms.lastIndex = 0;
  while (termForms.lastIndex < text.length) {
    const [, sign, phrase, expression, word] = termForms.exec(text) ?? [];
    if (sign === undefined) throw invalidPattern();
    terms.push({ sign: sign === '-' || sign === '?' ? sign : '+', fits: termTest(phrase, expression, word) });
  }
  const those = (sign: Term['sign']) => terms.filter((term) => term.sign === sign);
  const [wanted, unwanted, optional] = [those('+'), those('-'), those('?')];
  const found = (message: string) => (term: Term) => term.fits(message);
  return (message) => {
    if (!wanted.every(found(message)) || unwanted.some(found(message))) return false;
    // Optional terms say nothing next to terms that have to be there, or not to be there.
    return optional.length === 0 || wanted.length + unwanted.length > 0 || optional.some(found(message));
  };
}

function termTest(phrase: string | undefined, expression: string | undefined, word = ''): TextTest {
  if (phrase !== undefined) return literalTest(phrase.replace(/\\(.)/g, '$1'));
  if (expression !== undefined) return patternTest(expression);
  // What is not a letter, a digit or an underscore has to be in quotation marks. The text is from reports, unverified.
  if (!/^[\p{L}\p{N}_]+$/u.test(word)) throw invalidPattern(`Invalid character(s) in term '${word}'`);
  return literalTest(word);
}
