import { isDeepStrictEqual } from 'node:util';
import { compile } from '@jmespath-community/jmespath';
import { z } from 'zod';
import { queried } from '../aws/query.ts';
import { fits } from '../util/expression.ts';
import type { Json } from '../util/json.ts';
import { short } from '../util/text.ts';
import { looked, phrase } from './finding.ts';
import type { Finding } from './step.ts';

/** What an answer of AWS has to hold. */
export const expectation = z
  .strictObject({
    query: z
      .string()
      .min(1)
      .refine(isQuery, 'is not a JMESPath expression')
      .describe('JMESPath expression over the answer, as for --query of the AWS CLI.'),
    equals: z.json().optional().describe('What the query has to find.'),
    contains: z.json().optional().describe('What has to be in the list, or the text, that the query finds.'),
    matches: z
      .string()
      .refine(isExpression, 'is not a regular expression')
      .optional()
      .describe('Regular expression for the text that the query finds.'),
  })
  .refine(({ equals, contains, matches }) => [equals, contains, matches].filter((each) => each !== undefined).length === 1, {
    message: 'needs exactly one of equals, contains and matches',
  });
type Expectation = z.output<typeof expectation>;

/** Compares a part of an answer with what is expected of it. @param what completes "… in …": `the answer to kinesis:ListStreams`. */
export async function examined(what: string, { query, equals, contains, matches }: Expectation, answer: unknown): Promise<Finding> {
  const fact = `${query} in ${what}`;
  const hint = 'Look at the whole answer, and at the steps before that make what it shows.';
  const found = await search(answer, query);
  if ('problem' in found) {
    const expected = equals === undefined ? 'an answer that the query fits' : phrase(equals);
    return looked(fact, false, expected, `an answer that the query does not fit: ${found.problem}`, hint);
  }
  const { seen } = found;
  const observed = short(phrase(seen), 300);
  if (matches !== undefined) {
    const ok = typeof seen === 'string' && fits(matches, 'u', seen);
    return looked(fact, ok === true, `a text that matches ${matches}`, ok === undefined ? tooSlow : observed, hint);
  }
  if (contains !== undefined) {
    const ok =
      typeof seen === 'string'
        ? seen.includes(String(contains))
        : Array.isArray(seen) && seen.some((each) => isDeepStrictEqual(each, contains));
    return looked(fact, ok, `something with ${phrase(contains)} in it`, observed, hint);
  }
  return looked(fact, isDeepStrictEqual(seen, equals), phrase(equals), observed, hint);
}

/** What a query finds, or why it cannot be asked of this answer: a function of JMESPath may get a value of another type than it takes. */
async function search(answer: unknown, query: string): Promise<{ readonly seen: Json } | { readonly problem: string }> {
  try {
    return { seen: await queried(answer, query) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function isQuery(text: string): boolean {
  try {
    compile(text);
    return true;
  } catch {
    return false;
  }
}

/** What is observed where a regular expression does not come to an end. */
export const tooSlow = 'a text on which the expression takes too long; write it without repetitions inside repetitions';

/** Whether a text is a regular expression. */
export function isExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u') !== undefined;
  } catch {
    return false;
  }
}
