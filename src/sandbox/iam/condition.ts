import { BlockList, isIP, isIPv6 } from 'node:net';
import { literal, matches, type Pattern, type RequestKeys } from './pattern.ts';

/** One line of a statement's `Condition`: `"StringEquals": { "sts:ExternalId": ["a", "b"] }`. */
export interface Condition {
  readonly operator: Operator;
  /** `ForAllValues:` or `ForAnyValue:` in front of the operator. */
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  /** `…IfExists`: fulfilled as well when the request does not have the key. */
  readonly ifExists: boolean;
  /** In lower case. */
  readonly key: string;
  readonly values: readonly Pattern[];
}

type Test = (value: string, operand: Pattern, keys: RequestKeys) => boolean;

const stringEquals: Test = (value, operand, keys) => value === literal(operand, keys);
const stringEqualsIgnoreCase: Test = (value, operand, keys) => value.toLowerCase() === literal(operand, keys)?.toLowerCase();

/** ArnEquals and ArnLike behave identically: each of the six parts is compared by itself (IAM User Guide, condition operators). */
const arnLike: Test = (value, operand, keys) => {
  const [parts, operands] = [arnParts(value), arnPatterns(operand)];
  return parts.length === 6 && operands.length === 6 && operands.every((part, at) => matches(part, parts[at] ?? '', keys));
};

const number = (compare: (order: number) => boolean): Test => ordered(compare, (text) => (text.trim() === '' ? Number.NaN : Number(text)));
const isoDate = /^\d+(-(0[1-9]|1[0-2])(-\d{2})?)?([Tt](\d{1,2}(:\d{1,2}(:\d{1,2}([.,]\d{1,9})?)?)?)?([Zz]|[+-]\d{2}(:?\d{2})?)?)?$/;
const longest = 2n ** 63n;

/** Whether IAM takes a text for the operand of a date: ISO 8601 to any degree, a number of 64 bits, or something with a variable. */
export function isReadableDate(text: string): boolean {
  if (text.includes('${')) return true;
  if (/^-?\d+$/.test(text)) return BigInt(text) >= -longest && BigInt(text) < longest;
  return isoDate.test(text);
}

/** Dates are ISO 8601, or seconds since 1970. */
const date = (compare: (order: number) => boolean): Test =>
  ordered(compare, (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text)));

function ordered(compare: (order: number) => boolean, read: (text: string) => number): Test {
  return (value, operand, keys) => {
    const order = read(value) - read(literal(operand, keys) ?? '');
    return !Number.isNaN(order) && compare(order);
  };
}

const ipAddress: Test = (value, operand, keys) => {
  const [network = '', bits] = (literal(operand, keys) ?? '').split('/');
  if (isIP(value) === 0 || isIP(network) === 0) return false;
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  const prefix = bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(value, isIPv6(value) ? 'ipv6' : 'ipv4');
};

/** Each operator as the test that it makes, and whether it wants the test to fail. `Null` looks at the key, not at its values. */
const operators = {
  StringEquals: [stringEquals],
  StringNotEquals: [stringEquals, 'negated'],
  StringEqualsIgnoreCase: [stringEqualsIgnoreCase],
  StringNotEqualsIgnoreCase: [stringEqualsIgnoreCase, 'negated'],
  StringLike: [(value, operand, keys) => matches(operand, value, keys)],
  StringNotLike: [(value, operand, keys) => matches(operand, value, keys), 'negated'],
  NumericEquals: [number((order) => order === 0)],
  NumericNotEquals: [number((order) => order === 0), 'negated'],
  NumericLessThan: [number((order) => order < 0)],
  NumericLessThanEquals: [number((order) => order <= 0)],
  NumericGreaterThan: [number((order) => order > 0)],
  NumericGreaterThanEquals: [number((order) => order >= 0)],
  DateEquals: [date((order) => order === 0)],
  DateNotEquals: [date((order) => order === 0), 'negated'],
  DateLessThan: [date((order) => order < 0)],
  DateLessThanEquals: [date((order) => order <= 0)],
  DateGreaterThan: [date((order) => order > 0)],
  DateGreaterThanEquals: [date((order) => order >= 0)],
  Bool: [stringEqualsIgnoreCase],
  BinaryEquals: [stringEquals],
  IpAddress: [ipAddress],
  NotIpAddress: [ipAddress, 'negated'],
  ArnEquals: [arnLike],
  ArnLike: [arnLike],
  ArnNotEquals: [arnLike, 'negated'],
  ArnNotLike: [arnLike, 'negated'],
  Null: [() => false],
} as const satisfies Readonly<Record<string, readonly [test: Test, negated?: 'negated']>>;

type Operator = keyof typeof operators;

/** Reads `ForAnyValue:StringLikeIfExists`; `undefined` for an operator that IAM does not have. */
export function parseOperator(text: string): Pick<Condition, 'operator' | 'quantifier' | 'ifExists'> | undefined {
  const [, quantifier, name = '', suffix] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/i.exec(text) ?? [];
  const operator = (Object.keys(operators) as Operator[]).find((known) => known.toLowerCase() === name.toLowerCase());
  // A Null that is satisfied by a missing key would say nothing, and IAM refuses it.
  if (operator === undefined || (operator === 'Null' && suffix !== undefined)) return undefined;
  return { operator, ifExists: suffix !== undefined, quantifier: parseQuantifier(quantifier) };
}

function parseQuantifier(text: string | undefined): Condition['quantifier'] {
  if (text === undefined) return undefined;
  return text.toLowerCase() === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue';
}

/**
 * Whether the request fulfils a condition. The values of one key are alternatives; a negated operator wants none of them.
 * A key that the request does not have fails an operator, fulfils a negated one, `…IfExists` and `ForAllValues:`
 * (IAM User Guide, "Conditions with multiple context keys or values" and "Single-valued vs. multivalued context keys").
 */
export function holds(condition: Condition, keys: RequestKeys): boolean {
  const present = keys.get(condition.key) ?? [];
  if (condition.operator === 'Null') {
    return condition.values.some((operand) => literal(operand, keys)?.toLowerCase() === String(present.length === 0));
  }
  const [test, negated]: readonly [Test, 'negated'?] = operators[condition.operator];
  if (present.length === 0) {
    if (condition.quantifier !== undefined) return condition.ifExists || condition.quantifier === 'ForAllValues';
    return condition.ifExists || negated !== undefined;
  }
  const fits = (value: string) => condition.values.some((operand) => test(value, operand, keys)) === (negated === undefined);
  return condition.quantifier === 'ForAnyValue' || (condition.quantifier === undefined && negated === undefined)
    ? present.some(fits)
    : present.every(fits);
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Cuts a pattern at its first five colons, so that a `*` cannot reach into the next part. */
function arnPatterns(pattern: Pattern): readonly Pattern[] {
  const parts: Pattern[number][][] = [[]];
  for (const token of pattern) {
    if (token === ':' && parts.length < 6) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
