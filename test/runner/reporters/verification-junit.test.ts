import { describe, expect, it } from 'vitest';
import { verificationJunit } from '../../../src/runner/reporters/verification-junit.ts';
import { elementsOf } from '../../support/markup.ts';
import { everyState, states, student, verificationOf } from '../../support/verification.ts';

describe('a verification as JUnit XML', () => {
  const xml = [...verificationJunit(everyState())].join('');
  const elements = elementsOf(xml);

  it('has a suite for each student and a case for each step, and counts failures, errors and what is skipped apart', () => {
    const suites = elements.filter(({ name }) => name === 'testsuite').map(({ attributes }) => attributes);
    expect(suites.map(({ failures, errors, skipped, tests }) => [tests, failures, errors, skipped].join(' '))).toEqual([
      '3 0 0 1',
      '3 2 0 0',
      '3 2 0 1',
      '3 0 3 0',
      '3 1 1 0',
      '3 2 0 0',
    ]);
    expect(elements[0]?.attributes).toMatchObject({ tests: '18', failures: '7', errors: '4', skipped: '2', time: '9.000' });
    const cases = elements
      .filter(({ name }) => name === 'testcase')
      .map(({ attributes }) => `${attributes['classname']} ${attributes['name']}`);
    expect(new Set(cases).size).toBe(18);
  });

  it('says why a step is not met, and why one could not be checked', () => {
    expect(xml).toContain('<failure message="stream three: none">stream three\n  expected: a stream\n  observed: none</failure>');
    expect(xml).toMatch(
      /<failure message="shards of two: &lt;script&gt;[^>]*">shards of two\n {2}expected: 1\n[\s\S]*?Hint of the lab: It is easy\./,
    );
    expect(xml).toMatch(/<error message="Nobody may look: [^>]*">Nobody may look: [^<]*\nGive the role back\.<\/error>/);
    expect(xml).toContain('<skipped message="Nothing shows it."/>');
    expect(xml).toContain('<property name="points unchecked" value="30"/>');
  });

  it('is made a student at a time', () => {
    const parts = [...verificationJunit(verificationOf(() => Array.from({ length: 50 }, (_, index) => student(`s${index}`, states.met))))];
    expect(parts).toHaveLength(52);
  });
});
