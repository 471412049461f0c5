import { invalidParameter } from '../error.ts';

/** A filter of a mapping. */
export interface RecordFilter {
  /** As it was given. */
  readonly pattern: string;
  /** @param data the record's bytes as text. */
  matches(data: string): boolean;
}

type Test = (value: unknown) => boolean;

/**
 * Reads a filter (Lambda Developer Guide, "Filter rule syntax" and "Using event filtering with a Kinesis event source";
 * Lambda Developer Guide, "Event filtering"). The pattern for `data` is an object, for records that are JSON, or a list, for plain text.
 * @throws {AwsError} for what is no filter.
 */
export function parseFilter(pattern: string): RecordFilter {
  const criteria = parseJson(pattern);
  if (!isObject(criteria) || Object.keys(criteria).some((key) => key !== 'data')) throw invalid();
  const data = criteria['data'];
  if (data === undefined) return { pattern, matches: () => true };
  if (Array.isArray(data)) {
    const test = valueTest(data);
    return { pattern, matches: (text) => !isObject(parseJson(text)) && test(text) };
  }
  if (!isObject(data)) throw invalid();
  const test = objectTest(data);
  return {
    pattern,
    matches(text) {
      const value = parseJson(text);
      return isObject(value) && test(value);
    },
  };
}

/** All members have to match; of `$or`, one of its alternatives. */
function objectTest(pattern: Readonly<Record<string, unknown>>): Test {
  const tests = Object.entries(pattern).map(([key, rule]): Test => {
    if (key === '$or') return alternatives(rule);
    const test = Array.isArray(rule) ? valueTest(rule) : isObject(rule) ? objectTest(rule) : undefined;
    if (test === undefined) throw invalid();
    return (value) => test(isObject(value) ? value[key] : undefined);
  });
  return (value) => tests.every((test) => test(value));
}

function alternatives(rule: unknown): Test {
  if (!Array.isArray(rule)) throw invalid();
  const tests = rule.map((alternative: unknown) => {
    if (!isObject(alternative)) throw invalid();
    return objectTest(alternative);
  });
  return (value) => tests.some((test) => test(value));
}

/** One of the listed values or rules has to match; of a list of values, one element. */
function valueTest(rules: readonly unknown[]): Test {
  if (rules.length === 0) throw invalid();
  const tests = rules.map((rule): Test => (isObject(rule) ? comparison(rule) : (value) => value === rule));
  return (value) => tests.some((test) => (Array.isArray(value) ? value.some(test) : test(value)));
}

function comparison(rule: Readonly<Record<string, unknown>>): Test {
  const [[name, operand] = ['', undefined], ...more] = Object.entries(rule);
  if (more.length > 0) throw invalid();
  switch (name) {
    case 'exists':
      if (typeof operand !== 'boolean') throw invalid();
      return (value) => (value !== undefined) === operand;
    case 'prefix':
      return textTest(operand, (value, prefix) => value.startsWith(prefix));
    case 'suffix':
      return textTest(operand, (value, suffix) => value.endsWith(suffix));
    case 'equals-ignore-case':
      return textTest(operand, (value, other) => value.toLowerCase() === other.toLowerCase());
    case 'anything-but': {
      const excluded = valueTest(Array.isArray(operand) ? operand : [operand]);
      return (value) => value !== undefined && !excluded(value);
    }
    case 'numeric':
      return numericTest(operand);
    default:
      throw invalid();
  }
}

function textTest(operand: unknown, test: (value: string, operand: string) => boolean): Test {
  if (typeof operand !== 'string') throw invalid();
  return (value) => typeof value === 'string' && test(value, operand);
}

const numericTests: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

/** `[">", 0, "<=", 5]` */
function numericTest(operand: unknown): Test {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0) throw invalid();
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const test = numericTests[String(operand[index])];
    const limit: unknown = operand[index + 1];
    if (test === undefined || typeof limit !== 'number') throw invalid();
    tests.push((value) => test(value, limit));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid() {
  return invalidParameter('Invalid filter pattern definition.');
}
