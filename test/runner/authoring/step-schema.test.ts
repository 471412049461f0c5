import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../../../src/runner/authoring/generated.ts';
import { stepSchema } from '../../../src/runner/authoring/step-schema.ts';
import { packageLabs } from '../../../src/runner/library.ts';
import { stepKinds } from '../../../src/steps/registry.ts';
import { temporaryFolder } from '../../support/cli.ts';
import { hasProgram, hasPython, needs, run } from '../../support/programs.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const hasValidator = hasPython && hasProgram('python3', ['-c', 'import jsonschema']);

describe('the files that are made from the step kinds', () => {
  it.each(['schema/step.schema.json', 'docs/steps.md'])('%s is up to date (npm run docs makes it so)', async (path) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe((await generatedFiles())[path]);
  });
});

describe('the page about the step kinds', () => {
  let page: string;

  beforeAll(async () => {
    page = (await generatedFiles())['docs/steps.md'] ?? '';
  });

  it('has every kind with every input and output', async () => {
    for (const name of stepKinds.names) {
      const kind = await stepKinds.load(name);
      const section = page.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
      for (const key of [...Object.keys(kind?.input.shape ?? {}), ...Object.keys(kind?.outputs ?? {})])
        expect(section).toContain(`| \`${key}\` | `);
      expect(section).toContain(`uses: ${name}\n`);
    }
  });

  it('says what each input is: its type and bounds, whether it is needed, its default, and what it is for', () => {
    for (const line of [
      '| `data` | text or mapping, needed | What the record holds: a text, or a mapping that is sent as JSON. |',
      '| `timeout` | whole number from 1 to 900 | Seconds that an invocation may take. Lambda gives 3 when this is left out. |',
      '| `count` | whole number, at least 1, default `1` | How many events have to contain it, at least. |',
      '| `seen-in.group` | text, needed | Name of the log group. |',
      '| `records[].partition-key` | text, needed | Decides, by its MD5 hash, which shard the record goes to. |',
    ])
      expect(page).toContain(line);
    expect(page).toContain('Creates: stream (about $0.015 an hour for each shard, used or not');
  });

  it('leaves no input without words', () => {
    expect(page.match(/^\| `[^|]*\|[^|]*\| {2}\|$/gm) ?? []).toEqual([]);
  });
});

/** How many errors a JSON Schema validator, that of Python, has about each step. */
async function errorsOf(steps: readonly unknown[]): Promise<readonly (readonly string[])[]> {
  const program = `
import json, jsonschema, sys
given = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(given['schema'])
validator = jsonschema.Draft7Validator(given['schema'])
print(json.dumps([[error.json_path + ' ' + error.message for error in validator.iter_errors(step)] for step in given['steps']]))
`;
  const file = join(temporaryFolder(), 'given.json');
  writeFileSync(file, JSON.stringify({ schema: await stepSchema(stepKinds), steps }));
  const { code, stdout, stderr } = await run('python3', ['-W', 'ignore', '-c', program, file], {
    env: { PATH: process.env['PATH'] ?? '' },
  });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as readonly (readonly string[])[];
}

const step = (uses: string, inputs: unknown) => ({ id: 'a-step', uses, with: inputs });

describe.skipIf(!hasValidator)(`the JSON Schema of a step${needs('jsonschema for Python', hasValidator)}`, () => {
  it('takes every step of every lab, and every example of every kind', async () => {
    const pages = readdirSync(packageLabs).filter((name) => name.endsWith('.md'));
    const blocks = pages.flatMap((name) => [...readFileSync(join(packageLabs, name), 'utf8').matchAll(/^```yaml step\n(.*?)\n```$/gms)]);
    const examples = await Promise.all(
      stepKinds.names.map(async (name) => (await stepKinds.load(name))?.examples.map((example) => step(name, example)) ?? []),
    );
    const steps = [...blocks.map(([, text = '']) => parse(text) as unknown), ...examples.flat()];
    expect(blocks.length).toBeGreaterThan(10);
    expect((await errorsOf(steps)).flat()).toEqual([]);
  });

  it('takes a reference wherever there is a number, a boolean, or a text of a certain form', async () => {
    const steps = [
      step('kinesis/stream', { name: '${{ names.stream }}', shards: '${{ vars.shards }}' }),
      step('lambda/event-source-mapping', {
        function: 'f',
        stream: '${{ steps.stream.arn }}',
        'starting-position': '${{ vars.position }}',
        'report-batch-item-failures': '${{ vars.report }}',
      }),
      step('aws/call', { service: 'kinesis', operation: 'ListStreams', expect: [{ query: 'x', equals: { deep: [1, null] } }] }),
    ];
    expect((await errorsOf(steps)).flat()).toEqual([]);
  });

  it.each([
    ['a kind that there is not', { id: 'a', uses: 'kinesis/steam' }, /uses 'kinesis\/steam' is not one of/],
    ['an input that the kind does not have', step('kinesis/stream', { name: 's', shard: 1 }), /'shard' was unexpected/],
    ['an input that is missing', step('kinesis/stream', { shards: 1 }), /'name' is a required property/],
    ['no inputs where some are needed', { id: 'a', uses: 'kinesis/stream' }, /'with' is a required property/],
    ['a number that is a text', step('kinesis/stream', { name: 's', shards: 'two' }), /'two' is not valid under any of the given schemas/],
    [
      'a number out of bounds',
      step('lambda/function', { name: 'f', role: '${{ steps.r.arn }}', handler: 'h', code: 'c', timeout: 901 }),
      /901/,
    ],
    ['an id that is none', { id: 'A step', uses: 'aws/call', with: { service: 'kinesis', operation: 'ListStreams' } }, /does not match/],
    ['a key that steps do not have', { ...step('kinesis/stream', { name: 's' }), point: 5 }, /'point' was unexpected/],
  ])('refuses %s', async (_, wrong, says) => {
    const [errors = []] = await errorsOf([wrong]);
    expect(errors.join('\n')).toMatch(says);
  });
});
