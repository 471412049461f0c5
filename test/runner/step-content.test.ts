import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planText } from '../../src/runner/planning.ts';
import type { Settings } from '../../src/runner/settings.ts';
import { temporaryFolder } from '../support/cli.ts';
import { labKinds, labWith, output, step } from '../support/lab-kinds.ts';

/** What the steps of a page do, by id. */
async function contents(parts: readonly string[], over: Settings & { readonly assets?: string; readonly file?: string } = {}) {
  const { assets = '/nowhere', file = 'lab.md', ...settings } = over;
  const head = { vars: '{ word: Hello }', names: '{ stream: orders }' };
  const { plan, diagnostics } = await planText(file, labWith(head, ...parts), { kinds: labKinds, assets, ...settings });
  expect(diagnostics).toEqual([]);
  const known = await Promise.all((plan?.steps ?? []).map(async ({ block, content }) => [block.id, await content()] as const));
  return Object.fromEntries(known);
}

const orders = ['id: orders', 'uses: kinesis/stream', 'with:', '  name: ${{ names.stream }}', '  shards: 2'];
const put = [
  'id: put',
  'uses: kinesis/put-record',
  'with:',
  '  stream: ${{ steps.orders.arn }}',
  '  data: ${{ vars.word }} ${{ learner.nonce }}',
];

describe('what a step does', () => {
  it('is the same however its YAML is written, wherever the lab lies, and whatever is said about it', async () => {
    const first = await contents([step(...orders), step(...put)]);
    const worded = step(
      'uses: kinesis/stream',
      'points: 5',
      'hint: Create it.',
      'with: { shards: 2, name: "${{ names.stream }}" }',
      'id: orders',
    );
    const second = await contents(['# A page\n\n', worded, output('{}'), 'More prose.\n\n', step(...put)], { file: 'other/place.md' });
    expect(second).toEqual(first);
    expect(first['orders']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is another with another input, kind, name or value', async () => {
    const first = await contents([step(...orders), step(...put)]);
    expect((await contents([step(...orders.with(4, '  shards: 3')), step(...put)]))['orders']).not.toBe(first['orders']);
    const named = await contents([step(...orders), step(...put)], { prefix: 'ada' });
    expect(named['orders']).not.toBe(first['orders']);
    expect(named['put']).toBe(first['put']);
    expect((await contents([step(...orders), step(...put)], { set: { word: 'Hi' } }))['put']).not.toBe(first['put']);
  });

  it('is another when a file that it points to has changed, and the same when that has moved', async () => {
    const code = step('id: code', 'uses: lambda/function', 'with: { name: logger, code: handler, policy: policy.json }');
    const folder = (handler: string, policy: string): string => {
      const assets = temporaryFolder();
      mkdirSync(join(assets, 'handler'));
      writeFileSync(join(assets, 'handler', 'index.js'), handler);
      writeFileSync(join(assets, 'policy.json'), policy);
      return assets;
    };
    const first = await contents([code], { assets: folder('1', '{}') });
    expect(await contents([code], { assets: folder('1', '{}') })).toEqual(first);
    expect(await contents([code], { assets: folder('2', '{}') })).not.toEqual(first);
    expect(await contents([code], { assets: folder('1', '[]') })).not.toEqual(first);
  });
});
