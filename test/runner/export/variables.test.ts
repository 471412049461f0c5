import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ShellVariables } from '../../../src/runner/export/variables.ts';
import { labOf, step } from '../../support/lab-kinds.ts';
import { planOfText } from '../../support/proof-bench.ts';

const streamStep = (id: string) => step(`id: ${id}`, 'uses: kinesis/stream', 'with:', `  name: ${id}`, '  shards: 1');
const putStep = step('id: hello', 'uses: kinesis/put-record', 'with:', '  stream: s', '  partition-key: "1"', '  data: Hello');

async function variablesOf(...steps: readonly string[]): Promise<ShellVariables> {
  return new ShellVariables(await planOfText(labOf(...steps)));
}

describe('a value that only a run knows', () => {
  it('is a variable named after the step and its output', async () => {
    const variables = await variablesOf(streamStep('my-stream'));
    expect(variables.nameOf('my-stream', 'arn')).toBe('MY_STREAM_ARN');
    expect(variables.word(String(variables.known.outputs['my-stream']?.['arn']))).toBe('"$MY_STREAM_ARN"');
    expect(variables.word(variables.known.nonce)).toBe('"$NONCE"');
  });

  it('gets a name of its own where two would have the same, or the name means something already', async () => {
    const variables = await variablesOf(streamStep('a'), streamStep('aws'));
    const names = ['a', 'aws'].flatMap((id) => ['arn', 'name', 'status'].map((output) => variables.nameOf(id, output)));
    expect(names).toEqual(['A_ARN', 'A_NAME', 'A_STATUS', 'STEP_AWS_ARN', 'STEP_AWS_NAME', 'STEP_AWS_STATUS']);
  });

  it('looks like its example, so that it fits the schemas: an ARN, an id that ends in digits, digits, a time', async () => {
    const { known } = await variablesOf(streamStep('s'), putStep);
    expect(known.outputs['s']?.['arn']).toMatch(/^arn:[\w-]+:kinesis:[\w-]+:\d{12}:stream\/[\w.-]+$/);
    expect(known.outputs['hello']?.['shard-id']).toMatch(/^shardId-\d{12}$/);
    expect(known.outputs['hello']?.['sequence-number']).toMatch(/^[1-9]\d{55}$/);
    expect(new Date(known.started).toISOString()).toBe(known.started);
  });
});

describe('a text as a word of the shell', () => {
  it('is as it would be anywhere when it has no variables', async () => {
    const { word } = await variablesOf(streamStep('s'));
    expect([word('plain'), word('two words'), word("it's"), word('"')]).toEqual(['plain', "'two words'", `"it's"`, `'"'`]);
  });

  it('is in double quotes with its variables', async () => {
    const { word, known } = await variablesOf(streamStep('s'));
    expect(word(`Hello (run ${known.nonce})`)).toBe('"Hello (run $NONCE)"');
    expect(word(`${known.nonce}th, it's ${known.nonce}${known.nonce}`)).toBe(`"\${NONCE}th, it's $NONCE$NONCE"`);
  });

  it('keeps in single quotes what means something between double ones', async () => {
    const { word, known } = await variablesOf(streamStep('s'));
    expect(word(`{"run":"${known.nonce}"}`)).toBe(`'{"run":"'"$NONCE"'"}'`);
    expect(word(`$(id) it's ${known.nonce}`)).toBe(`'$(id) it'\\''s '"$NONCE"`);
  });

  it('stands in text for people with a dollar sign', async () => {
    const variables = await variablesOf(streamStep('s'));
    expect(variables.text(`the stream ${variables.known.outputs['s']?.['arn']}`)).toBe('the stream $S_ARN');
    expect(variables.text(`${variables.known.nonce}th`)).toBe('${NONCE}th');
  });
});

describe('a part of a value that only a run knows', () => {
  it('is taken out of the variable where step kinds take it out: region, account and name of an ARN', async () => {
    const { word, known } = await variablesOf(streamStep('s'));
    const [, , , region, account, name] = String(known.outputs['s']?.['arn']).split(':');
    expect(word(`arn:aws:events:${region}:${account}:rule/r`)).toBe(
      '"arn:aws:events:$(cut -d: -f4 <<<"$S_ARN"):$(cut -d: -f5 <<<"$S_ARN"):rule/r"',
    );
    expect(word(String(name?.split('/')[1]))).toBe('"${S_ARN##*[:/]}"');
    expect(region).toMatch(/^[a-z]{2}-[a-z]+-\d$/);
    expect(account).toMatch(/^\d{12}$/);
  });

  it('is what bash makes of it', async () => {
    const { word, known } = await variablesOf(streamStep('s'));
    const [, , , region, account, name = ''] = String(known.outputs['s']?.['arn']).split(':');
    const line = `echo ${word(`${region}|${account}|${name.split('/')[1]}|${known.outputs['s']?.['arn']}`)}`;
    const env = { PATH: process.env['PATH'] ?? '', S_ARN: 'arn:aws:kinesis:eu-north-1:111122223333:stream/mine' };
    const printed = execFileSync('bash', ['-c', line], { env, encoding: 'utf8' });
    expect(printed).toBe('eu-north-1|111122223333|mine|arn:aws:kinesis:eu-north-1:111122223333:stream/mine\n');
  });
});

describe('lines in which a value was lost', () => {
  it.each([
    ['it was taken apart', (arn: string) => [arn.slice(-9), `--name ${arn.slice(-9)}`]],
    ['it went into bytes', (arn: string) => [Buffer.from(arn), Buffer.from(arn).toString('base64')]],
    ['it is not there at all', (arn: string) => [{ deep: [arn] }, 'aws kinesis list-streams']],
  ] as const)('are refused by name: %s', async (_, lose) => {
    const variables = await variablesOf(streamStep('s'));
    const [source, lines] = lose(String(variables.known.outputs['s']?.['arn']));
    expect(() => variables.check(source, String(lines), 'The step "x"')).toThrow('The step "x" cannot be written as AWS CLI lines');
  });

  it('are let through when the variable is there', async () => {
    const variables = await variablesOf(streamStep('s'));
    const arn = variables.known.outputs['s']?.['arn'];
    expect(() => variables.check([arn, new Date(variables.known.started)], '--arn "$S_ARN" --at "$STARTED"', 'x')).not.toThrow();
  });
});
