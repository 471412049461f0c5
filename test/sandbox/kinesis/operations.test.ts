import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../src/sandbox/kinesis/operations.ts';

const folder = new URL('../conformance/kinesis/', import.meta.url);

describe('the conformance suite', () => {
  it.each(Object.keys(operations))('has a file for %s', (operation) => {
    const name = operation.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase();
    expect(existsSync(new URL(`${name}.test.ts`, folder))).toBe(true);
  });
});
