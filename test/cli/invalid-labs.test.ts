import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, ledgerFiles, temporaryFolder } from '../support/cli.ts';
import { hasPython, needs } from '../support/programs.ts';

// Labs that are wrong in themselves: whoever runs one reads what lint says of it, once, and nothing is begun.

const frontMatter = ['---', 'id: "09"', 'title: Invalid', 'summary: Is wrong.', 'minutes: 1', 'format: 1', '---', '', '# Invalid', ''];
const step = (...lines: readonly string[]) => ['', '```yaml step', ...lines, '```'];
const stream = step('id: stream', 'uses: kinesis/stream', 'with: { name: orders, shards: 1 }');
const record = step(
  'id: record',
  'uses: kinesis/put-record',
  'with:',
  '  stream: ${{ steps.stream.name }}',
  '  partition-key: "1"',
  '  data: x',
);
const handler = (runtime: string) =>
  step(
    'id: logger',
    'uses: lambda/function',
    'with:',
    '  name: logger',
    '  role: arn:aws:iam::000000000000:role/logger',
    `  runtime: ${runtime}`,
    '  handler: index.handler',
    '  code: handler',
  );
const tooMany = Array.from({ length: 501 }, () => '    - { partition-key: "1", data: x }');

interface Invalid {
  readonly what: string;
  readonly lines: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** What stands behind the name of the lab file. */
  readonly message: RegExp;
  readonly skipped?: boolean;
}

const labs: readonly Invalid[] = [
  {
    what: 'an expected output that is no JSON',
    lines: [...stream, '', '```json output', '{ "StreamDescription": { "StreamName": "orders", }', '```'],
    message: /^:19:50 error: The output block is not valid JSON\./,
  },
  {
    what: 'a reference to a step below',
    lines: [...record, ...stream],
    message: /^:16:11 error: The step "stream" has not been done yet at this point\./,
  },
  {
    what: 'a quiz without an answer',
    lines: step('id: why', 'uses: quiz', 'with:', '  question: Why?', '  options: [this, that]'),
    message: /^:15:1 error: quiz needs `answer`\./,
  },
  {
    what: 'an asset that is missing',
    lines: handler('nodejs22.x'),
    message: /^:20:9 error: There is no folder "handler" in \S+assets\./,
  },
  {
    what: 'a handler with a mistake in its syntax, in Node.js',
    lines: handler('nodejs22.x'),
    files: { 'assets/handler/index.js': 'exports.handler = async () => {\n  const x = ;\n};\n' },
    message: /^:19:12 error: Node\.js \S+ cannot read the handler at \S+assets\/handler\/index\.js:2:13: Unexpected token ';'\./,
  },
  {
    what: `a handler with a mistake in its syntax, in Python${needs('python3', hasPython)}`,
    lines: handler('python3.13'),
    files: { 'assets/handler/index.py': 'def handler(event, context)\n    return 1\n' },
    message: /^:19:12 error: Python \S+ cannot read the handler at \S+assets\/handler\/index\.py:1:\d+: /,
    skipped: !hasPython,
  },
  {
    what: 'a PutRecords of 501 records',
    lines: [...stream, ...step('id: batch', 'uses: kinesis/put-records', 'with:', '  stream: orders', '  records:', ...tooMany)],
    message: /^:23:3 error: `records` must have at most 500 elements, and has 501\./,
  },
];

describe.each(labs)('a lab with $what', ({ lines, files = {}, message, skipped = false }) => {
  it.skipIf(skipped)('is refused by lint, test and start in the same words, with its place, before anything is begun', async () => {
    const home = temporaryFolder();
    const texts = { '09-invalid.md': `${[...frontMatter, ...lines].join('\n')}\n`, ...files };
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(home, name)), { recursive: true });
      writeFileSync(join(home, name), text);
    }
    const lint = await cli(['lint', '09-invalid.md'], { home });
    const [problem = '', ...more] = lint.stdout.split('\n\n');
    expect(problem.replace(/^09-invalid\.md/, '')).toMatch(message);
    expect({ ...lint, stdout: more }).toEqual({ code: 2, stdout: ['1 lab: 1 error.\n'], stderr: '' });
    const refused = { code: 2, stdout: '', stderr: `${problem}\n\nkinesis-labs: 09-invalid.md is not a valid lab: 1 problem.\n` };
    expect(await cli(['test', '09-invalid.md'], { home })).toEqual(refused);
    expect(await cli(['start', '09-invalid.md', '--yes'], { home })).toEqual(refused);
    expect(ledgerFiles(home)).toEqual([]);
  });
});
