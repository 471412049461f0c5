import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printDiagnostics } from '../../src/runner/diagnostic-printer.ts';
import { planText } from '../../src/runner/planning.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import { labOf, labWith, step } from '../support/lab-kinds.ts';

// Mistakes in the inputs of the step kinds that there are, as their authors read them.

const assets = mkdtempSync(join(tmpdir(), 'input-mistakes-'));
beforeAll(() => {
  for (const [folder, file, text] of [
    ['fine', 'index.js', 'exports.handler = async () => {};\n'],
    ['broken', 'index.js', 'exports.handler = async () => {\n  const x = ;\n};\n'],
  ] as const) {
    mkdirSync(join(assets, folder));
    writeFileSync(join(assets, folder, file), text);
  }
});
afterAll(() => rmSync(assets, { recursive: true }));

async function problems(text: string): Promise<string[]> {
  const { plan, diagnostics } = await planText('labs/07-streams.md', text, { kinds: stepKinds, assets });
  expect(plan === undefined).toBe(diagnostics.length > 0);
  return printDiagnostics(diagnostics, new Map([['labs/07-streams.md', text]]))
    .split('\n')
    .slice(0, -1);
}

function records(...lines: readonly string[]): string {
  return labOf(step('id: batch', 'uses: kinesis/put-records', 'with:', '  stream: orders', ...lines));
}

const functionStep = (...lines: readonly string[]) =>
  step('id: f', 'uses: lambda/function', 'with:', '  name: f', '  role: arn:aws:iam::123456789012:role/r', ...lines);

describe('the records of a step', () => {
  it('are 500 at most, and one at least', async () => {
    const many = Array.from({ length: 501 }, (_, index) => `    - { partition-key: "${index}", data: x }`);
    expect(await problems(records('  records:', ...many))).toEqual([
      'labs/07-streams.md:13:3 error: `records` must have at most 500 elements, and has 501.',
      '    records:',
      '    ~~~~~~~',
      '  `records`: The records, 500 at most.',
    ]);
    expect((await problems(records('  records: []')))[0]).toBe('labs/07-streams.md:13:3 error: `records` must not be empty.');
    expect(await problems(records('  records:', ...many.slice(1)))).toEqual([]);
  });

  it('have keys of 256 characters at most, and of one at least', async () => {
    const keyed = (key: string) => records('  records:', `    - { partition-key: "${key}", data: x }`);
    expect((await problems(keyed('k'.repeat(257))))[0]).toBe(
      'labs/07-streams.md:14:24 error: `records[0].partition-key` must have at most 256 characters, and has 257.',
    );
    expect((await problems(keyed('')))[0]).toBe('labs/07-streams.md:14:24 error: `records[0].partition-key` must not be empty.');
  });
});

describe('numbers', () => {
  it.each([
    ['stream', ['  name: s', '  shards: 0'], '13:11 error: `shards` must be at least 1, and is the number 0.'],
    ['stream', ['  name: s', '  shards: -2'], '13:11 error: `shards` must be at least 1, and is the number -2.'],
    ['stream', ['  name: s', '  shards: 1.5'], '13:11 error: `shards` must be a whole number, and is the number 1.5.'],
    ['stream', ['  name: "a b"', '  shards: 1'], '12:9 error: `name`, the text "a b", has to be 1 to 128 letters, digits, _ . and -.'],
    ['read', ['  stream: s', '  within: -1'], '13:11 error: `within` must be at least 0, and is the number -1.'],
    ['read', ['  stream: s', '  iterator: LASTEST'], '13:13 error: `iterator` must be one of "TRIM_HORIZON", "LATEST",'],
  ])('of kinesis/%s are in their range', async (kind, lines, message) => {
    const [first] = await problems(labOf(step('id: s', `uses: kinesis/${kind}`, 'with:', ...lines)));
    expect(first).toContain(`labs/07-streams.md:${message}`);
  });
});

describe('the code of a function', () => {
  it('can be read: where it cannot is told together with the place on the page', async () => {
    expect(await problems(labOf(functionStep('  handler: index.handler', '  code: broken')))).toEqual([
      expect.stringMatching(
        /^labs\/07-streams\.md:14:12 error: Node\.js \S+ cannot read the handler at \S+\/broken\/index\.js:2:13: Unexpected/,
      ),
      '    handler: index.handler',
      '             ~~~~~~~~~~~~~',
      '  The line there is: const x = ;',
    ]);
  });

  it('has the file that the handler names', async () => {
    expect(await problems(labOf(functionStep('  handler: indx.handler', '  code: fine')))).toEqual([
      `labs/07-streams.md:14:12 error: ${assets}/fine has no file for the handler "indx.handler", such as indx.js.`,
      '    handler: indx.handler',
      '             ~~~~~~~~~~~~',
      '  Did you mean "index.js"?',
    ]);
  });

  it('is not looked at where it is not there, or not known', async () => {
    expect(await problems(labOf(functionStep('  handler: index.handler', '  code: fin')))).toEqual([
      `labs/07-streams.md:15:9 error: There is no folder "fin" in ${assets}.`,
      '    code: fin',
      '          ~~~',
      '  Did you mean "fine"?',
    ]);
    expect(
      (await problems(labOf(functionStep('  handler: index.handler', '  code: ${{ vars.code }}')))).filter((line) => / error: /.test(line)),
    ).toEqual(['labs/07-streams.md:15:9 error: The front matter has no variable "code".']);
  });

  it('may depend on a variable, and then it is that code', async () => {
    const page = functionStep('  handler: index.handler', '  code: ${{ vars.code }}');
    expect(await problems(labWith({ vars: '{ code: fine }' }, page))).toEqual([]);
    expect(await problems(labWith({ vars: '{ code: broken }' }, page))).toHaveLength(4);
  });
});

describe('a call', () => {
  it('is of an operation that there is, with members that it has', async () => {
    const lines = ['  service: kinesis', '  operation: DescribeStream', '  input: { StreamNam: orders }'];
    expect(await problems(labOf(step('id: c', 'uses: aws/call', 'with:', ...lines)))).toEqual([
      'labs/07-streams.md:14:12 error: The request of kinesis:DescribeStream has no member StreamNam.',
      '    input: { StreamNam: orders }',
      '             ~~~~~~~~~',
      '  Did you mean "StreamName"?',
    ]);
  });

  it('is not looked at for values that only a run can know', async () => {
    const stream = step('id: s', 'uses: kinesis/stream', 'with: { name: orders, shards: 1 }');
    const lines = ['  service: kinesis', '  operation: DescribeStream', '  input: { StreamARN: "${{ steps.s.arn }}" }'];
    expect(await problems(labOf(stream, step('id: c', 'uses: aws/call', 'with:', ...lines)))).toEqual([]);
  });
});
