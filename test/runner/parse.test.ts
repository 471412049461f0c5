import { describe, expect, it } from 'vitest';
import type { Lab, Section, StepBlock } from '../../src/runner/lab.ts';
import { parseLab } from '../../src/runner/parse.ts';
import { labOf, labWith, orders, output, step } from '../support/lab-kinds.ts';

function parsed(text: string): Lab {
  const { lab, diagnostics } = parseLab('labs/07-streams.md', text);
  expect(diagnostics).toEqual([]);
  if (lab === undefined) throw new Error('There is neither a lab nor a diagnostic.');
  return lab;
}

function steps(lab: Lab): StepBlock[] {
  return lab.sections.filter((section: Section) => section.kind === 'step');
}

const page = ['# Streams\n\nText.\n', orders, '\nIt answers:\n\n', output('{ "StreamStatus": "ACTIVE" }'), '\nThe end.'];

describe('a lab', () => {
  it('has the front matter of its file', () => {
    const head = { vars: '{ message: "Hello", count: 3, loud: true }', names: '{ stream: orders }' };
    expect(parsed(labWith(head, ...page))).toMatchObject({
      id: '07',
      title: 'Streams',
      summary: 'Makes streams.',
      minutes: 5,
      format: 1,
      vars: { message: 'Hello', count: 3, loud: true },
      names: { stream: 'orders' },
      file: 'labs/07-streams.md',
    });
  });

  it('has prose, steps and output blocks in order, which joined are the text behind the front matter', () => {
    const lab = parsed(labOf(...page));
    expect(lab.sections.map(({ kind }) => kind)).toEqual(['prose', 'step', 'prose', 'output', 'prose']);
    expect(lab.sections.map(({ source }) => source).join('')).toBe(page.join(''));
  });

  it('keeps that promise for CRLF and without a newline at the end', () => {
    const text = labOf(...page).replaceAll('\n', '\r\n');
    const lab = parsed(text);
    expect(lab.sections.map(({ source }) => source).join('')).toBe(page.join('').replaceAll('\n', '\r\n'));
    expect(steps(lab)[0]).toMatchObject({ id: 'orders', with: { name: 'orders', shards: 2 } });
  });

  it('may begin with a byte-order mark, which counts as no column', () => {
    const lab = parsed(`\ufeff${labOf(...page)}`);
    expect(lab.text.startsWith('---')).toBe(true);
  });

  it('may have white space behind the marks of its front matter', () => {
    expect(parsed(labOf(...page).replace(/^---$/gm, '---  ')).id).toBe('07');
  });
});

describe('a step', () => {
  it('has what its block says, and the nearest heading above', () => {
    const block = step('id: copy', 'uses: kinesis/stream', 'points: 5', 'hint: Wait a little.', 'with:', '  name: copy');
    const lab = parsed(labOf('# A\n', orders, '## B ##\n\nText\n', block));
    expect(steps(lab)).toMatchObject([
      { id: 'orders', heading: 'A', uses: 'kinesis/stream', with: { name: 'orders', shards: 2 }, points: 0, hint: undefined },
      { id: 'copy', heading: 'B', with: { name: 'copy' }, points: 5, hint: 'Wait a little.' },
    ]);
  });

  it('needs no inputs', () => {
    expect(steps(parsed(labOf(step('id: a', 'uses: x'), step('id: b', 'uses: x', 'with:')))).map((block) => block.with)).toEqual([{}, {}]);
  });

  it('knows where its keys and values stand', () => {
    const block = step('id: a', 'uses: x', 'with:', '  tags:', '    team: "blue"', '  list: [one, two]');
    const [found] = steps(parsed(labOf(block)));
    expect(found?.at(['with', 'tags', 'team'])).toEqual({ line: 13, column: 11, length: 6 });
    expect(found?.keyAt(['with', 'tags', 'team'])).toEqual({ line: 13, column: 5, length: 4 });
    expect(found?.at(['with', 'list', 1])).toEqual({ line: 14, column: 15, length: 3 });
    expect(found?.at(['with', 'tags'])).toEqual({ line: 12, column: 3, length: 4 });
    expect(found?.at(['with', 'tags', 'colour'])).toEqual({ line: 12, column: 3, length: 4 });
    expect(found?.place).toEqual({ line: 8, column: 1, length: 12 });
  });

  it('knows its references, wherever they stand in its inputs and its hint', () => {
    const block = step(
      'id: a',
      'uses: x',
      'with:',
      '  list:',
      '    - to ${{ vars.b }} and ${{ names.c-d }}',
      'hint: "\\"${{ steps.s.arn }}"',
    );
    const [found] = steps(parsed(labOf(block)));
    expect(found?.references).toEqual([
      { reference: { kind: 'var', name: 'b' }, path: ['with', 'list', 0], place: { line: 13, column: 10, length: 13 } },
      { reference: { kind: 'name', name: 'c-d' }, path: ['with', 'list', 0], place: { line: 13, column: 28, length: 16 } },
      { reference: { kind: 'output', step: 's', output: 'arn' }, path: ['hint'], place: { line: 14, column: 10, length: 18 } },
    ]);
  });

  it('keeps keys such as `constructor` as data', () => {
    const [found] = steps(parsed(labOf(step('id: a', 'uses: x', 'with:', '  constructor: 1', '  toString: 2'))));
    expect(Object.entries(found?.with ?? {})).toEqual([
      ['constructor', 1],
      ['toString', 2],
    ]);
  });
});

describe('an output block', () => {
  it('belongs to the step above it, prose between them or not', () => {
    const lab = parsed(labOf(...page));
    expect(lab.sections.find(({ kind }) => kind === 'output')).toMatchObject({ step: 'orders', expected: { StreamStatus: 'ACTIVE' } });
  });
});

describe('a file that is no lab', () => {
  it('is refused in one sentence when it is too large', () => {
    const { lab, diagnostics } = parseLab('x.md', labOf(orders, 'x'.repeat(1_000_000)));
    expect(lab).toBeUndefined();
    expect(diagnostics.map(({ message }) => message)).toEqual(['The file has 1,000,159 characters; a lab has at most 1,000,000.']);
  });

  it('is told apart by its control characters, in one sentence', () => {
    const { lab, diagnostics } = parseLab('x.md', labOf(orders, 'a\u0000b\u001b[2J\u0085'));
    expect(lab).toBeUndefined();
    expect(diagnostics).toEqual([
      expect.objectContaining({
        message: 'The file has the control character U+0000 here, and 2 more like it elsewhere.',
        place: { line: 15, column: 2, length: 1 },
      }),
    ]);
  });

  it('is told apart by carriage returns that end no line', () => {
    const { diagnostics } = parseLab('x.md', labOf(orders, 'a\rb'));
    expect(diagnostics.map(({ message }) => message)).toEqual(['The file has a carriage return that does not end a line here.']);
  });

  it.each([
    ['nested lists', `${'['.repeat(100_000)}`],
    ['nested mappings', `${'{a: '.repeat(50_000)}`],
    ['nested levels that are closed', `${'['.repeat(200)}${']'.repeat(200)}`],
    ['aliases', `[&a [x], ${'*a, '.repeat(1000)}]`],
    ['keys', `{ ${Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join(', ')}, k0: 2 }`],
  ])('is refused, not choked on, with any number of %s', (_, value) => {
    const { lab, diagnostics } = parseLab('x.md', labOf(step('id: a', 'uses: x', `with: ${value}`)));
    expect(lab).toBeUndefined();
    expect(diagnostics.length).toBeGreaterThan(0);
  });

  it('is refused with an output block that is nested without end', () => {
    const { diagnostics } = parseLab('x.md', labOf(orders, output('['.repeat(100_000))));
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'The output block is not valid JSON. This is nested more than 64 levels deep.',
    ]);
  });

  it('is refused in one sentence with more steps than anybody does', () => {
    const steps = Array.from({ length: 1_001 }, (_, index) => step(`id: s${index}`, 'uses: quiz'));
    const { draft, diagnostics } = parseLab('x.md', labOf(...steps));
    expect(draft).toBeUndefined();
    expect(diagnostics.map(({ message }) => message)).toEqual(['The lab has more than 1,000 steps.']);
    expect(parseLab('x.md', labOf(...steps.slice(1))).diagnostics).toEqual([]);
  });
});
