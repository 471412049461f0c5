import { describe, expect, it } from 'vitest';
import type { AwsError } from '../../src/sandbox/error.ts';
import type { Constraint } from '../../src/sandbox/operation.ts';
import { validate } from '../../src/sandbox/validate.ts';

function messageFor(input: Record<string, unknown>, constraints: Record<string, Constraint>): string | undefined {
  try {
    validate(input, constraints, 'ValidationException');
    return undefined;
  } catch (error) {
    expect((error as AwsError).code).toBe('ValidationException');
    return (error as AwsError).message;
  }
}

const name: Constraint = { required: true, pattern: /^[a-zA-Z0-9_.-]+$/, minLength: 1, maxLength: 8 };

describe('an input that keeps its constraints', () => {
  it('passes', () => {
    expect(messageFor({ StreamName: 'orders', Limit: 5 }, { StreamName: name, Limit: { min: 1, max: 10 } })).toBeUndefined();
  });

  it('may leave out what is not required', () => {
    expect(messageFor({ StreamName: 'orders' }, { StreamName: name, Limit: { min: 1 } })).toBeUndefined();
  });
});

describe('an input that breaks a constraint', () => {
  it('says what is missing, with null unquoted', () => {
    expect(messageFor({}, { StreamName: name })).toBe(
      "1 validation error detected: Value null at 'streamName' failed to satisfy constraint: Member must not be null",
    );
  });

  it('counts the problems and lists them in the order of the table', () => {
    expect(messageFor({ StreamName: 'a b', Limit: 0 }, { StreamName: name, Limit: { min: 1 } })).toBe(
      "2 validation errors detected: Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
  });

  it('names an element of a list by its position, counted from one', () => {
    const records: Constraint = { each: { members: { PartitionKey: { required: true, minLength: 1 } } } };
    expect(messageFor({ Records: [{ PartitionKey: 'a' }, { PartitionKey: '' }] }, { Records: records })).toBe(
      "1 validation error detected: Value '' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  it('prints bytes as Java does', () => {
    expect(messageFor({ Data: new Uint8Array(9) }, { Data: { maxLength: 8 } })).toBe(
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=9 cap=9]' at 'data' failed to satisfy constraint: Member must have length less than or equal to 8",
    );
  });

  it('lists the values that are allowed', () => {
    expect(messageFor({ Type: 'NEWEST' }, { Type: { values: ['LATEST', 'TRIM_HORIZON'] } })).toBe(
      "1 validation error detected: Value 'NEWEST' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, TRIM_HORIZON]",
    );
  });

  it('checks the elements of lists and the values of maps', () => {
    const each: Constraint = { maxLength: 2, minLength: 1 };
    expect(messageFor({ TagKeys: ['abc'] }, { TagKeys: { each } })).toBe(
      "1 validation error detected: Value '[abc]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 2, Member must have length greater than or equal to 1]",
    );
    expect(messageFor({ Tags: { a: 'abc' } }, { Tags: { each } })).toContain('Map value must satisfy constraint');
  });

  it('reports ten problems at the most', () => {
    const records: Constraint = { each: { members: { PartitionKey: { required: true } } } };
    const message = messageFor({ Records: Array.from({ length: 30 }, () => ({})) }, { Records: records });
    expect(message).toMatch(/^10 validation errors detected: /);
  });
});
