import { describe, expect, it } from 'vitest';
import type { Reference } from '../../src/runner/lab.ts';
import { fillData, fillText, findReferences, interpolate, lookupIn, referenceText } from '../../src/runner/reference.ts';

const values = { vars: { message: 'Hello', count: 3 }, names: { stream: 'ana-orders' } };
const known = { outputs: { orders: { arn: 'arn:x', shards: 2, tags: { a: 1 } } }, nonce: 'k3f9z2', started: '2026-01-31T12:00:00.000Z' };
const lookup = lookupIn(values, known);

describe('a reference', () => {
  it.each<[string, Reference]>([
    ['${{ steps.orders.arn }}', { kind: 'output', step: 'orders', output: 'arn' }],
    ['${{steps.orders.stream-arn}}', { kind: 'output', step: 'orders', output: 'stream-arn' }],
    ['${{  vars.message\t}}', { kind: 'var', name: 'message' }],
    ['${{ names.stream }}', { kind: 'name', name: 'stream' }],
    ['${{ learner.nonce }}', { kind: 'learner', name: 'nonce' }],
    ['${{ learner.started }}', { kind: 'learner', name: 'started' }],
  ])('is %s', (text, reference) => {
    expect(findReferences(text)).toEqual([{ start: 0, end: text.length, reference }]);
  });

  it.each([
    ['${{ }}', 'There is nothing between `${{` and `}}`.'],
    ['${{ message }}', '`message` is no reference.'],
    ['${{ vars.a.b }}', '`vars.a.b` is no reference.'],
    ['${{ vars. }}', '`vars.` is no reference.'],
    ['${{ vars.a || b }}', '`vars.a || b` is no reference.'],
    ['${{ steps.a }}', '`steps.a` names a step, but none of its outputs.'],
    ['${{ steps.a.outputs.b }}', '`steps.a.outputs.b` is no reference.'],
    ['${{ learner.name }}', 'The learner has no `name`.'],
    ['${{ vars.a', 'This `${{` has no `}}` on its line.'],
    ['${{ vars.a\n}}', 'This `${{` has no `}}` on its line.'],
    [`\${{ ${'x'.repeat(300)} }}`, `\`${'x'.repeat(59)}…\` is no reference.`],
  ])('is not %s', (text, message) => {
    expect(findReferences(text)).toEqual([expect.objectContaining({ message })]);
  });

  it('is not the dollar sign or the braces of a shell or a template', () => {
    expect(findReferences('$HOME ${HOME} {{ vars.a }} $ {{ vars.a }} [$LATEST]')).toEqual([]);
  });

  it('is found beside others, broken ones too', () => {
    expect(findReferences('a ${{ vars.a }}${{ vars.b ${{ vars.c }} z').map(({ start, end }) => [start, end])).toEqual([
      [2, 15],
      [15, 26],
      [26, 39],
    ]);
  });

  it('is printed as it is written', () => {
    for (const text of ['${{ steps.a.b }}', '${{ vars.a }}', '${{ names.a }}', '${{ learner.nonce }}']) {
      const [found] = findReferences(text);
      expect(found && 'reference' in found && referenceText(found.reference)).toBe(text);
    }
  });
});

describe('filling references in', () => {
  it('keeps the type of a value that has the string to itself', () => {
    expect(fillText('${{ steps.orders.shards }}', lookup)).toBe(2);
    expect(fillText('${{ vars.count }}', lookup)).toBe(3);
    expect(fillText('${{ steps.orders.tags }}', lookup)).toEqual({ a: 1 });
  });

  it('makes text where there is more', () => {
    expect(fillText('${{ vars.message }} (run ${{ learner.nonce }}) ${{ vars.count }} ${{ steps.orders.tags }}', lookup)).toBe(
      'Hello (run k3f9z2) 3 {"a":1}',
    );
    expect(fillText(' ${{ vars.count }}', lookup)).toBe(' 3');
  });

  it('reaches into lists and mappings, and leaves their keys and everything else alone', () => {
    const data = { a: ['${{ names.stream }}', 1, null], b: { '${{ vars.x }}': true, c: '${{ steps.orders.arn }}' } };
    expect(fillData(data, lookup)).toEqual({ a: ['ana-orders', 1, null], b: { '${{ vars.x }}': true, c: 'arn:x' } });
  });

  it('does not look for references in what it has filled in', () => {
    expect(fillText('${{ vars.a }}!', () => '${{ vars.b }}')).toBe('${{ vars.b }}!');
  });

  it('leaves a reference without a value as it is', () => {
    expect(fillText('${{ vars.count }} ${{ steps.gone.arn }} ${{ nonsense }}', lookup)).toBe('3 ${{ steps.gone.arn }} ${{ nonsense }}');
    expect(fillText('${{ steps.orders.constructor }}', lookup)).toBe('${{ steps.orders.constructor }}');
    expect(fillText('${{ vars.toString }}', lookup)).toBe('${{ vars.toString }}');
  });
});

describe('prose', () => {
  it('is shown with the values that are known', () => {
    expect(interpolate('# ${{ names.stream }}\n${{ steps.orders.arn }}', values)).toBe('# ana-orders\n${{ steps.orders.arn }}');
    expect(interpolate('# ${{ names.stream }}\n${{ steps.orders.arn }}', values, known)).toBe('# ana-orders\narn:x');
    expect(interpolate('${{ vars.count }}', values)).toBe('3');
  });
});
