import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printDiagnostics } from '../../src/runner/diagnostic-printer.ts';
import { planText } from '../../src/runner/planning.ts';
import { labKinds, labWith, orders, output, step } from '../support/lab-kinds.ts';
import { oneOf, random } from '../support/random.ts';

const assets = mkdtempSync(join(tmpdir(), 'kinesis-labs-test-'));
mkdirSync(join(assets, 'logger'));

const good = labWith(
  { vars: '\n  message: "Hello"\n  count: 2', names: '{ stream: orders }' },
  '# Streams\n\nSay ${{ vars.message }}.\n\n- a list\n\n  ```sh\n  ls\n  ```\n\n<details>\n\n> quoted\n\n</details>\n\n',
  orders,
  'It answers `${{ steps.orders.arn }}`:\n\n',
  output('{ "StreamARN": "${{ steps.orders.arn }}", "Shards": [{ "Id": 1.5e3 }, "<more>"] }'),
  step('id: f', 'uses: lambda/function', 'with: { name: "${{ names.stream }}-f", code: logger, layers: [logger] }', 'points: 5'),
  step(
    'id: record',
    'uses: kinesis/put-record',
    'with:',
    '  stream: ${{ steps.orders.arn }}',
    '  data: |',
    '    ${{ vars.message }}',
    '    ${{ learner.nonce }}',
    'hint: >-',
    '  Wait',
    '  a little.',
  ),
);

const pieces = [
  '```',
  '```yaml step\n',
  '```json output\n',
  '\n',
  '\r',
  '\t',
  '---\n',
  '${{',
  '}}',
  ' ',
  '  ',
  ':',
  '- ',
  '> ',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '#',
  '&a ',
  '*a',
  '!t ',
  '|',
  '<!--',
  '<div>\n',
  '~~~',
  '\0',
  '\ud800',
  '😀',
  '__proto__',
  'null',
  '1e999',
  '0x',
  '%',
  'id: ',
  'uses: ',
  'with:',
  '${{ vars.message }}',
  '\\',
];

/** The text with a few places cut out, doubled, moved, or filled with something that means something. */
function mutated(text: string, next: () => number): string {
  const at = (length: number) => Math.floor(next() * (length + 1));
  let result = text;
  for (let left = 1 + at(4); left > 0; left--) {
    const start = at(result.length);
    const end = start + at(next() < 0.5 ? 3 : 60);
    const cut = result.slice(start, end);
    const piece = oneOf(pieces, next);
    const elsewhere = at(result.length);
    const choice = at(4);
    if (choice === 0) result = result.slice(0, start) + result.slice(end);
    else if (choice === 1) result = result.slice(0, start) + piece + result.slice(start);
    else if (choice === 2) result = result.slice(0, start) + piece + result.slice(end);
    else if (choice === 3) result = result.slice(0, elsewhere) + cut + result.slice(elsewhere);
    else result = result.slice(0, start) + String.fromCharCode(at(255)) + result.slice(start + 1);
  }
  return result;
}

describe('any text', () => {
  it('gives either a plan or an error, whose place is in the file, and never an exception', async () => {
    const next = random(20260131);
    const options = { kinds: labKinds, assets };
    let plans = 0;
    let refused = 0;
    for (let round = 0; round < 2000; round++) {
      const text = mutated(good, next);
      const { plan, diagnostics } = await planText('labs/07-streams.md', text, options).catch((error: unknown) => {
        throw new Error(`Threw for ${JSON.stringify(text)}`, { cause: error });
      });
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      if ((plan === undefined) !== errors.length > 0) throw new Error(`Neither or both for ${JSON.stringify(text)}`);
      const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
      for (const { place } of diagnostics) {
        const line = lines[place.line - 1];
        const inside =
          line !== undefined &&
          place.column >= 1 &&
          place.length >= 1 &&
          place.column + place.length - 1 <= Math.max(line.length, place.column);
        if (!inside || place.column > line.length + 1) throw new Error(`Place ${JSON.stringify(place)} for ${JSON.stringify(text)}`);
      }
      printDiagnostics(diagnostics, new Map([['labs/07-streams.md', text]]));
      const sources = plan?.lab.sections.map(({ source }) => source).join('');
      if (sources !== undefined && !plan?.lab.text.endsWith(sources)) throw new Error(`Lost text of ${JSON.stringify(text)}`);
      if (plan === undefined) refused++;
      else plans++;
    }
    // Neither is rare, or the rounds would show nothing.
    expect(plans).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(500);
  });

  it('of a good lab gives a plan in the first place', async () => {
    expect((await planText('labs/07-streams.md', good, { kinds: labKinds, assets })).diagnostics).toEqual([]);
  });
});
