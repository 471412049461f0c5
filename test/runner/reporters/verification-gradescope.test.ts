import { describe, expect, it } from 'vitest';
import { folderName, verificationGradescope } from '../../../src/runner/reporters/verification-gradescope.ts';
import { printable } from '../../../src/util/printable.ts';
import { everyState, hostile } from '../../support/verification.ts';

interface Results {
  readonly score?: number;
  readonly output: string;
  readonly tests: readonly {
    readonly name: string;
    readonly score?: number;
    readonly max_score?: number;
    readonly status?: string;
    readonly output: string;
  }[];
  readonly extra_data: { readonly student: string; readonly evidence: Readonly<Record<string, { readonly calls: readonly object[] }>> };
}

const parts = [...verificationGradescope(everyState())];
const [anna, ben, cleo, dora, emil, other] = parts.map(({ text }) => JSON.parse(text) as Results);

describe('the results for Gradescope', () => {
  it('have the points of each step, with what was found', () => {
    expect(anna?.score).toBe(20);
    expect(ben?.score).toBe(15);
    expect(ben?.tests.map(({ score, max_score, status }) => [score, max_score, status])).toEqual([
      [10, 10, 'passed'],
      [5, 10, 'failed'],
      [0, 10, 'failed'],
    ]);
    expect(ben?.tests[1]).toMatchObject({ name: expect.stringMatching(/^two: Make it </), output_format: 'text', visibility: 'visible' });
    expect(ben?.tests[1]?.output).toMatch(/^Not met\.\n✓ stream two: a stream\n✗ shards of two\n {2}expected: 1\n/);
    expect(cleo?.score).toBe(0);
  });

  it('have no score for what could not be checked, and none in all where something could not', () => {
    for (const results of [dora, emil]) expect(results).not.toHaveProperty('score');
    expect(emil?.tests.map(({ score }) => score)).toEqual([10, 5, undefined]);
    expect(emil?.tests[2]).not.toHaveProperty('max_score');
    expect(emil?.tests[2]?.output).toMatch(/^Could not check\.\nNobody may look/);
    expect(emil?.output).toContain('15 of 30 points. 10 points could not be checked, which is no zero.');
    // What does not count has no points either way.
    expect(anna?.tests[2]).not.toHaveProperty('score');
    expect(anna?.output).toContain('Not counted: three.');
  });

  it('keep what the marks rest on, and show no control character', () => {
    expect(other?.extra_data.student).toBe(hostile);
    expect(ben?.extra_data.evidence['two']?.calls).toHaveLength(1);
    for (const { tests, output } of [ben, dora].flatMap((each) => each ?? [])) {
      const text = tests.map((test) => test.name + test.output).join('') + output;
      expect(printable(text)).toBe(text);
    }
  });

  it('lie in folders with the names of students, which lead nowhere else', () => {
    for (const { path } of parts) expect(path).toMatch(/^[^/\\]+\/results\.json$/);
    const names = [
      '..',
      '.',
      '',
      '../../etc/passwd',
      'a/b',
      'a\\b',
      '/root',
      'C:\\x',
      'con',
      'nul.txt',
      'a.',
      'a..b',
      '-rf',
      '~',
      'x'.repeat(400),
      'ж'.repeat(400),
      hostile,
    ];
    for (const name of names) {
      const folder = folderName(name);
      expect(folder).toMatch(/^[\p{L}\p{N}@_+-]*~[0-9a-f]{16}$/u);
      expect(Buffer.byteLength(folder)).toBeLessThan(250);
    }
    for (const name of ['anna', 'anna@uni.example', 's123456', 'first.last', 'a_b-c+d']) expect(folderName(name)).toBe(name);
  });

  it('have folders of their own where a file system takes names for the same', () => {
    const names = ['anna', 'Anna', 'ANNA', 'zo\u00eb', 'zoe\u0308', 'a b', 'a_b', 'a/b', 'a?b', 'anna.', 'anna ', folderName('Anna')];
    const folders = names.map((name) => folderName(name).normalize('NFC').toLowerCase());
    expect(new Set(folders).size).toBe(names.length);
  });
});
