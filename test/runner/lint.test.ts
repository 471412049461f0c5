import { describe, expect, it } from 'vitest';
import { findLab, packageLabs, readLab } from '../../src/runner/library.ts';
import { lint } from '../../src/runner/lint.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import { labKinds, labOf, labWith, orders, step } from '../support/lab-kinds.ts';

async function remarks(text: string): Promise<string[]> {
  const found = await lint('labs/07-streams.md', text, { kinds: labKinds, assets: '/nowhere' });
  return found.map(({ severity, place, message }) => `${severity} ${place.line}:${place.column} ${message}`);
}

const named = step('id: orders', 'uses: kinesis/stream', 'with:', '  name: ${{ names.orders }}', 'points: 10', 'hint: Wait.');

describe('lint', () => {
  it('has nothing to say about a lab that is as it should be', async () => {
    expect(await remarks(labWith({ names: '{ orders: orders }' }, named))).toEqual([]);
  });

  it('tells errors, and no warnings beside them', async () => {
    expect(await remarks(labWith({ names: '{ orders: orders }', vars: '{ unused: 1 }' }, named, step('id: x')))).toEqual([
      'error 18:1 The step has no `uses`.',
    ]);
  });

  it('warns of a step that creates something and has no hint, or no points where others have', async () => {
    const bare = step('id: bare', 'uses: kinesis/stream', 'with: { name: "${{ names.orders }}-2" }');
    expect(await remarks(labWith({ names: '{ orders: orders }' }, named, bare))).toEqual([
      'warning 17:1 The step "bare" creates something, and earns no points, although other steps do.',
      'warning 17:1 The step "bare" has no hint for a learner who is stuck.',
    ]);
  });

  it('warns of a name that no prefix can change', async () => {
    expect(await remarks(labOf(orders))).toContain(
      'warning 11:1 What the step "orders" creates is called the same whatever --prefix says.',
    );
  });

  it('warns of variables and names that nothing refers to, where they stand', async () => {
    const head = { vars: '\n  message: hi', names: '\n  orders: orders\n  copy: copies' };
    expect(await remarks(labWith(head, named))).toEqual([
      'warning 8:3 Nothing refers to the variable "message" of the front matter.',
      'warning 11:3 Nothing refers to the name "copy" of the front matter.',
    ]);
    expect(await remarks(labWith(head, named, 'Say ${{ vars.message }} to ${{ names.copy }}.'))).toEqual([]);
  });

  it('is content with lab 01', async () => {
    const { file, text, assets } = await readLab(await findLab('01', '/', packageLabs), packageLabs);
    expect(await lint(file, text, { kinds: stepKinds, assets })).toEqual([]);
  });
});
