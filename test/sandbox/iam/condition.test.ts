import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/sandbox/iam/policy.ts';
import { parsePolicy } from '../../../src/sandbox/iam/policy-document.ts';
import { policyText } from '../../support/policies.ts';

type Values = Readonly<Record<string, readonly string[]>>;

/** Whether `{ operator: { 'aws:Key': operand } }` is fulfilled by a request with these values of `aws:Key`, none by default. */
function holds(operator: string, operand: unknown, values: readonly string[] = [], more: Values = {}): boolean {
  const policy = parsePolicy(policyText({ Condition: { [operator]: { 'aws:Key': operand } } }), 'identity');
  const given = Object.entries({ ...(values.length === 0 ? {} : { 'aws:key': values }), ...more });
  return evaluate([policy], { action: 's3:GetObject', resource: '*', keys: new Map(given) }) === 'allowed';
}

describe('a condition', () => {
  it.each([
    ['StringEquals', 'red', 'red', true],
    ['StringEquals', 'red', 'Red', false],
    ['StringEquals', 'r*', 'red', false],
    ['StringNotEquals', 'red', 'blue', true],
    ['StringNotEquals', 'red', 'red', false],
    ['StringEqualsIgnoreCase', 'RED', 'red', true],
    ['StringNotEqualsIgnoreCase', 'RED', 'red', false],
    ['StringLike', 'r*d', 'red', true],
    ['StringLike', 'r?', 'red', false],
    ['StringLike', 'R*', 'red', false],
    ['StringNotLike', 'r*', 'red', false],
    ['StringNotLike', 'b*', 'red', true],
    ['NumericEquals', '5', '5.0', true],
    ['NumericEquals', 5, '5', true],
    ['NumericNotEquals', '5', '6', true],
    ['NumericLessThan', '10', '9', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '10', '9', false],
    ['NumericGreaterThanEquals', '10', '10', true],
    ['NumericLessThan', '10', 'nine', false],
    ['NumericLessThan', '10', '', false],
    ['DateEquals', '2026-11-21T00:00:00Z', '2026-11-21T01:00:00+01:00', true],
    ['DateNotEquals', '2026-11-21T00:00:00Z', '2026-11-21T00:00:00Z', false],
    ['DateGreaterThan', '2026-01-01T00:00:00Z', '2026-11-21T00:00:00Z', true],
    ['DateLessThan', '2026-01-01T00:00:00Z', '2026-11-21T00:00:00Z', false],
    ['DateLessThanEquals', '1767225600', '2026-01-01T00:00:00Z', true],
    ['DateGreaterThanEquals', '2026-01-01', '2026-01-01T00:00:00Z', true],
    ['Bool', 'true', 'true', true],
    ['Bool', true, 'true', true],
    ['Bool', 'false', 'true', false],
    ['BinaryEquals', 'QmlsbA==', 'QmlsbA==', true],
    ['IpAddress', '127.0.0.0/8', '127.0.0.1', true],
    ['IpAddress', '10.0.0.0/8', '127.0.0.1', false],
    ['IpAddress', '127.0.0.1', '127.0.0.1', true],
    ['IpAddress', '::1/128', '::1', true],
    ['IpAddress', '127.0.0.0/99', '127.0.0.1', false],
    ['NotIpAddress', '10.0.0.0/8', '127.0.0.1', true],
    ['ArnEquals', 'arn:aws:lambda:*:000000000000:function:f', 'arn:aws:lambda:us-east-1:000000000000:function:f', true],
    ['ArnLike', 'arn:aws:lambda:*:000000000000:function:*', 'arn:aws:lambda:us-east-1:000000000000:function:f:1', true],
    ['ArnLike', 'arn:aws:lambda:*:function:f', 'arn:aws:lambda:us-east-1:000000000000:function:f', false],
    ['ArnLike', 'arn:aws:*:000000000000:function:f', 'arn:aws:lambda:us-east-1:000000000000:function:f', false],
    ['ArnLike', '*', 'arn:aws:lambda:us-east-1:000000000000:function:f', false],
    ['ArnNotLike', 'arn:aws:s3:::*', 'arn:aws:lambda:us-east-1:000000000000:function:f', true],
    ['ArnNotEquals', 'arn:aws:s3:::a', 'arn:aws:s3:::a', false],
  ])('%s %s and the value %s: %s', (operator, operand, value, expected) => {
    expect(holds(operator, operand, [value])).toBe(expected);
  });

  it('takes several operands as alternatives, and a negated operator as none of them', () => {
    expect(holds('StringEquals', ['red', 'blue'], ['blue'])).toBe(true);
    expect(holds('StringNotEquals', ['red', 'blue'], ['blue'])).toBe(false);
    expect(holds('StringNotEquals', ['red', 'blue'], ['green'])).toBe(true);
  });

  it('wants every key and every operator fulfilled', () => {
    const Condition = { StringEquals: { 'aws:A': 'a', 'aws:B': 'b' }, Bool: { 'aws:C': 'true' } };
    const policy = parsePolicy(policyText({ Condition }), 'identity');
    const ask = (values: Values) =>
      evaluate([policy], { action: 's3:GetObject', resource: '*', keys: new Map(Object.entries(values)) }) === 'allowed';
    expect(ask({ 'aws:a': ['a'], 'aws:b': ['b'], 'aws:c': ['true'] })).toBe(true);
    expect(ask({ 'aws:a': ['a'], 'aws:b': ['x'], 'aws:c': ['true'] })).toBe(false);
    expect(ask({ 'aws:a': ['a'], 'aws:b': ['b'], 'aws:c': ['false'] })).toBe(false);
  });

  it.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringEqualsIfExists', true],
    ['NumericLessThanIfExists', true],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringEqualsIfExists', true],
  ])('%s on a key that the request does not have: %s', (operator, expected) => {
    expect(holds(operator, '1')).toBe(expected);
  });

  it('Null asks whether the key is missing', () => {
    expect(holds('Null', 'true')).toBe(true);
    expect(holds('Null', 'false')).toBe(false);
    expect(holds('Null', 'true', ['x'])).toBe(false);
    expect(holds('Null', false, ['x'])).toBe(true);
  });

  it('ForAllValues wants all values of the request among the operands, ForAnyValue one', () => {
    expect(holds('ForAllValues:StringEquals', ['a', 'b', 'c'], ['a', 'b'])).toBe(true);
    expect(holds('ForAllValues:StringEquals', ['a', 'b'], ['a', 'z'])).toBe(false);
    expect(holds('ForAnyValue:StringLike', ['a*', 'b'], ['z', 'ax'])).toBe(true);
    expect(holds('ForAnyValue:StringLike', ['a*', 'b'], ['z'])).toBe(false);
  });

  it('reads operators and keys without regard to case', () => {
    expect(holds('stringequals', 'red', ['red'])).toBe(true);
    expect(holds('forAnyValue:StringEquals', 'red', ['red'])).toBe(true);
  });

  it('compares with the value of a policy variable', () => {
    expect(holds('StringEquals', `\${aws:PrincipalAccount}`, ['000000000000'], { 'aws:principalaccount': ['000000000000'] })).toBe(true);
    expect(holds('StringEquals', `\${aws:PrincipalAccount}`, ['000000000000'], { 'aws:principalaccount': ['111111111111'] })).toBe(false);
    expect(holds('StringEquals', `\${aws:PrincipalAccount}`, ['000000000000'])).toBe(false);
  });
});
