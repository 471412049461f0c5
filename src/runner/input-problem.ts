import type { z } from 'zod';
import { didYouMean } from '../util/closest.ts';
import { pathText, shown } from '../util/json.ts';
import { counted } from '../util/text.ts';
import { described } from './fields.ts';
import { schemaAt, schemaKeys } from './input-schema.ts';
import type { Path } from './lab.ts';

/** One thing about the inputs of a step that its kind does not take. */
export interface InputProblem {
  /** From the root of the inputs. */
  readonly path: Path;
  /** Whether the key itself is the problem, the value, or that there is none. */
  readonly about: 'key' | 'value' | 'missing';
  readonly message: string;
  readonly hint?: string;
}

/** What `uses` names, its schema, and the inputs that were tried. */
export interface TriedInput {
  readonly uses: string;
  readonly schema: z.ZodObject;
  readonly input: unknown;
}

/** Puts the issues of zod into words: what was seen and what is expected, in terms of the lab file. */
export function inputProblems(tried: TriedInput, issues: readonly z.core.$ZodIssue[]): InputProblem[] {
  return issues.flatMap((issue) => problemsOf(tried, issue));
}

function problemsOf(tried: TriedInput, issue: z.core.$ZodIssue): InputProblem[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const seen = valueAt(tried.input, path);
  if (issue.code === 'unrecognized_keys') {
    const keys = schemaKeys(tried.schema, path);
    const owner = path.length === 0 ? tried.uses : `\`${pathText(path)}\``;
    return issue.keys.map((key) => ({
      path: [...path, key],
      about: 'key',
      message: `${owner} has no input \`${key}\`.`,
      hint: didYouMean(key, keys) ?? (keys.length === 0 ? 'It has none.' : `It has ${keys.join(', ')}.`),
    }));
  }
  if (issue.code === 'invalid_union') {
    const branch = isChoice(issue) ? undefined : nearestBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => problemsOf(tried, { ...inner, path: [...path, ...inner.path] }));
  }
  const description = schemaAt(tried.schema, path)?.meta['description'];
  const about = typeof description === 'string' ? `\`${path.at(-1)}\`: ${description}` : undefined;
  if (seen === undefined) {
    const owner = path.length <= 1 ? tried.uses : `\`${pathText(path.slice(0, -1))}\``;
    return [{ path, about: 'missing', message: `${owner} needs \`${path.at(-1)}\`.`, ...hinted(about) }];
  }
  const suggestion = issue.code === 'invalid_value' && typeof seen === 'string' ? didYouMean(seen, issue.values.map(String)) : undefined;
  const quotes =
    issue.code === 'invalid_type' && issue.expected === 'string' && isQuotable(seen) ? 'Put it in quotes if it is text.' : undefined;
  const subject = path.length === 0 ? 'The input' : `\`${pathText(path)}\``;
  return [{ path, about: 'value', message: sentence(subject, issue, seen), ...hinted(suggestion ?? quotes ?? about) }];
}

function sentence(subject: string, issue: z.core.$ZodIssue, seen: unknown): string {
  const expected = expectation(issue);
  // A message that the author of the step kind wrote says it better.
  if (expected === undefined || !/^(?:Invalid|Too (?:small|big)|Unrecognized)/.test(issue.message)) {
    const said = issue.message.replace(/\.?$/, '.');
    // It may be a sentence of its own, or go on with one: "has to be the ARN of a role".
    return /^(?:is|has|must|needs|stands|leaves|cannot)\b/.test(said)
      ? `${subject}, ${described(seen)}, ${said}`
      : `${subject} is ${described(seen)}: ${said}`;
  }
  if (isSize(issue)) return `${subject} must ${expected}${expected === 'not be empty' ? '' : `, and has ${sizeOf(seen)}`}.`;
  return `${subject} must ${expected}, and is ${described(seen)}.`;
}

/** Whether it is about how many characters or elements there are. */
function isSize(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig {
  return (issue.code === 'too_small' || issue.code === 'too_big') && units[issue.origin] !== undefined;
}

const units: Readonly<Record<string, string>> = { string: 'character', array: 'element', set: 'element' };

function sizeOf(seen: unknown): number {
  return typeof seen === 'string' || Array.isArray(seen) ? seen.length : 0;
}

function expectation(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((value) => shown(value)).join(', ')}`;
    case 'too_small':
      if (isSize(issue) && Number(issue.minimum) === 1) return 'not be empty';
      return measured(issue, issue.inclusive === false ? 'more than' : 'at least', Number(issue.minimum));
    case 'too_big':
      return measured(issue, issue.inclusive === false ? 'less than' : 'at most', Number(issue.maximum));
    case 'not_multiple_of':
      return `be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return issue.format === 'regex' ? `match ${issue.pattern ?? 'a pattern'}` : `be a valid ${issue.format}`;
    case 'invalid_union':
      return isChoice(issue) ? listed(issue.errors.map(([only]) => (only && expectation(only)) ?? '')) : undefined;
    default:
      return undefined;
  }
}

/** `be text, or a number`. */
function listed(expectations: readonly string[]): string {
  return expectations.map((each, index) => (index === 0 ? each : each.replace(/^be /, ''))).join(', or ');
}

/** Whether each form of a union fails for one reason of its own and at the top, so that the forms can be listed. */
function isChoice(issue: z.core.$ZodIssueInvalidUnion): boolean {
  return (
    issue.errors.length > 0 &&
    issue.errors.every(([only, ...more]) => only?.path.length === 0 && more.length === 0 && expectation(only) !== undefined)
  );
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a list of `key: value` lines',
  record: 'a list of `key: value` lines',
};

/** `have at most 500 elements`, `be at least 1`. */
function measured({ origin }: { readonly origin: string }, how: string, limit: number): string {
  const unit = units[origin];
  return unit === undefined ? `be ${how} ${limit}` : `have ${how} ${counted(limit, unit)}`;
}

/** Of the forms that a union allows, the one that the input came nearest to: its problems lie deepest, then are fewest. */
function nearestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const depth = (branch: readonly z.core.$ZodIssue[]): number => Math.max(0, ...branch.map((issue) => issue.path.length));
  return [...branches].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
}

function isQuotable(seen: unknown): boolean {
  return typeof seen === 'number' || typeof seen === 'boolean';
}

function hinted(hint: string | undefined): { readonly hint?: string } {
  return hint === undefined ? {} : { hint };
}

function valueAt(value: unknown, path: Path): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[key];
  }
  return found;
}
