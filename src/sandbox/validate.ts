import { AwsError } from './error.ts';
import { javaObject } from './java-object.ts';
import type { Constraint } from './operation.ts';

type Constraints = Readonly<Record<string, Constraint | undefined>>;

/** AWS reports ten problems of one request at the most (texts recorded from Kinesis). */
const mostProblems = 10;

/**
 * Checks an input against its constraint table, in the order of the table, and reports what fails in one error with the
 * envelope that all AWS services share: `2 validation errors detected: Value '…' at '…' failed to satisfy constraint: …`.
 * @throws {AwsError} with the given code.
 */
export function validate(input: Readonly<Record<string, unknown>>, constraints: Constraints, code: string): void {
  if (keepsAll(input, constraints)) return;
  const problems = membersProblems(input, constraints, '').slice(0, mostProblems);
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: `;
  throw new AwsError(code, count + problems.join('; '));
}

/**
 * Whether there is nothing to report, found out without writing down where each value stands: nearly every input is
 * right, and one of PutRecords has 1500 values.
 */
function keepsAll(values: Readonly<Record<string, unknown>>, constraints: Constraints): boolean {
  for (const member in constraints) {
    const constraint = constraints[member];
    if (constraint && !keeps(values[member], constraint)) return false;
  }
  return true;
}

function keeps(value: unknown, constraint: Constraint): boolean {
  if (value === undefined || value === null) return !constraint.required;
  for (const rule of ruleTable(constraint)) if (rule.broken(value)) return false;
  const { each, keys, members } = constraint;
  if (each && Array.isArray(value)) return value.every((item) => keeps(item, each));
  if (members && isStructure(value)) return keepsAll(value, members);
  if (keys && isStructure(value) && !Object.keys(value).every((key) => keeps(key, keys))) return false;
  return !each || !isStructure(value) || Object.values(value).every((item) => keeps(item, each));
}

function membersProblems(values: Readonly<Record<string, unknown>>, constraints: Constraints, path: string): string[] {
  return Object.entries(constraints).flatMap(([member, constraint]) => {
    if (!constraint) return [];
    return problemsOf(values[member], constraint, path + member.charAt(0).toLowerCase() + member.slice(1));
  });
}

function problemsOf(value: unknown, constraint: Constraint, path: string): string[] {
  if (value === undefined || value === null) return constraint.required ? [problem(value, path, notNull)] : [];
  const own = rules(value, constraint).map((rule) => problem(value, path, rule, constraint));
  const { each, keys, members } = constraint;
  if (Array.isArray(value) && each) return own.concat(listProblems(value, each, path));
  if (members && isStructure(value)) return own.concat(membersProblems(value, members, `${path}.`));
  if (keys && isStructure(value)) {
    const failed = Object.keys(value).some((key) => rules(key, keys).length > 0);
    if (failed) own.push(problem(value, path, `Map keys must satisfy constraint: [${ruleTexts(keys)}]`));
  }
  if (each && isStructure(value)) {
    const failed = Object.values(value).some((item) => rules(item, each).length > 0);
    if (failed) own.push(problem(value, path, `Map value must satisfy constraint: [${ruleTexts(each)}]`));
  }
  return own;
}

function listProblems(list: readonly unknown[], each: Constraint, path: string): string[] {
  if (each.members) return list.flatMap((item, index) => problemsOf(item, each, `${path}.${index + 1}.member`));
  const failed = list.some((item) => rules(item, each).length > 0);
  return failed ? [problem(list, path, `Member must satisfy constraint: [${ruleTexts(each)}]`)] : [];
}

/** The texts of the rules that a value breaks, in the order in which AWS prints them. */
function rules(value: unknown, constraint: Constraint): string[] {
  return ruleTable(constraint)
    .filter(({ broken }) => broken(value))
    .map(({ text }) => text);
}

function ruleTexts(constraint: Constraint): string {
  const texts = ruleTable(constraint).map(({ text }) => text);
  return [...texts, ...(constraint.required ? [notNull] : [])].join(', ');
}

const notNull = 'Member must not be null';

interface Rule {
  readonly text: string;
  broken(value: unknown): boolean;
}

/** Constraints are constants of the operations, so their rules are made once. */
const ruleTables = new WeakMap<Constraint, readonly Rule[]>();

function ruleTable(constraint: Constraint): readonly Rule[] {
  const existing = ruleTables.get(constraint);
  if (existing) return existing;
  const made = makeRuleTable(constraint);
  ruleTables.set(constraint, made);
  return made;
}

function makeRuleTable(constraint: Constraint): readonly Rule[] {
  const { pattern, patternText, minLength, maxLength, min, max, values } = constraint;
  const table: (Rule | false)[] = [
    pattern !== undefined && {
      text: `Member must satisfy regular expression pattern: ${patternText ?? sourceOf(pattern)}`,
      broken: (value) => typeof value === 'string' && !pattern.test(value),
    },
    maxLength !== undefined && {
      text: `Member must have length less than or equal to ${maxLength}`,
      broken: (value) => lengthOf(value) > maxLength,
    },
    minLength !== undefined && {
      text: `Member must have length greater than or equal to ${minLength}`,
      broken: (value) => lengthOf(value) < minLength,
    },
    max !== undefined && {
      text: `Member must have value less than or equal to ${max}`,
      broken: (value) => typeof value === 'number' && value > max,
    },
    min !== undefined && {
      text: `Member must have value greater than or equal to ${min}`,
      broken: (value) => typeof value === 'number' && value < min,
    },
    values !== undefined && {
      text: `Member must satisfy enum value set: [${values.join(', ')}]`,
      broken: (value) => typeof value === 'string' && !values.includes(value),
    },
  ];
  return table.filter((rule) => rule !== false);
}

/** As AWS prints it: the whole value is meant, and a slash needs no escape. */
function sourceOf({ source }: RegExp): string {
  return source.replace(/^\^|\$$/g, '').replaceAll('\\/', '/');
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  return isStructure(value) ? Object.keys(value).length : Number.NaN;
}

function problem(value: unknown, path: string, rule: string, constraint?: Constraint): string {
  if (constraint?.unprinted) return `Value at '${path}' failed to satisfy constraint: ${rule}`;
  const shown = value === undefined || value === null ? 'null' : `'${asJava(value, constraint)}'`;
  return `Value ${shown} at '${path}' failed to satisfy constraint: ${rule}`;
}

/** A larger integer becomes the largest that Java's `int` has (recorded from Kinesis). */
const largestInt = 2 ** 31 - 1;

/** AWS prints values with Java's `toString`. */
function asJava(value: unknown, constraint: Constraint = {}): string {
  const { max = Number.POSITIVE_INFINITY, each, members, javaClass } = constraint;
  if (typeof value === 'number' && max <= largestInt) return String(Math.min(value, largestInt));
  if (Array.isArray(value)) return `[${value.map((item) => asJava(item, each)).join(', ')}]`;
  if (members && javaClass !== undefined && isStructure(value)) return javaObject(javaClass, Object.keys(members), value);
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.byteLength} cap=${value.byteLength}]`;
  if (value instanceof Date) return value.toUTCString();
  if (isStructure(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}=${asJava(item)}`)
      .join(', ')}}`;
  return String(value);
}

function isStructure(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array) && !(value instanceof Date);
}
