import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { apiCall } from '../../../src/aws/api-call.ts';
import { exportBash } from '../../../src/runner/export/bash.ts';
import { exportMarkdown } from '../../../src/runner/export/markdown.ts';
import { fileLines } from '../../../src/runner/export/source-folder.ts';
import { assetsFolder, packageLabs } from '../../../src/runner/library.ts';
import { stepKinds } from '../../../src/steps/registry.ts';
import type { StepDefinition, StepKind } from '../../../src/steps/step.ts';
import { bareKind } from '../../support/bare-kind.ts';
import { temporaryFolder } from '../../support/cli.ts';
import { labOf, step } from '../../support/lab-kinds.ts';
import { planFile, planOfText } from '../../support/proof-bench.ts';
import { assets } from '../../support/step-bench.ts';

const streamStep = step('id: stream', 'uses: kinesis/stream', 'with:', '  name: orders', '  shards: 1');
const roleStep = step('id: role', 'uses: iam/role', 'with:', '  name: reader');
const functionStep = step(
  'id: logger',
  'uses: lambda/function',
  'with:',
  '  name: logger',
  '  role: ${{ steps.role.arn }}',
  '  handler: kinesisEventLogger.handler',
  '  code: kinesis-event-logger',
);
const mappingStep = step(
  'id: mapping',
  'uses: lambda/event-source-mapping',
  'with:',
  '  function: logger',
  '  stream: ${{ steps.stream.arn }}',
  '  starting-position: LATEST',
);
const putStep = step(
  'id: hello',
  'uses: kinesis/put-record',
  'with:',
  '  stream: orders',
  '  partition-key: "1"',
  '  data: Hello ${{ learner.nonce }}',
  '  seen-in: { group: /aws/lambda/logger }',
);

/** The part of a script behind a line of a certain beginning. */
function behind(script: string, beginning: string): string {
  return script.slice(script.indexOf(`\n${beginning}`) + 1);
}

/** Lets bash read a script without running it. @throws what bash says. */
function readByBash(script: string): void {
  execFileSync('bash', ['-n'], { input: script, stdio: ['pipe', 'pipe', 'pipe'] });
}

function planPage(page: string, own: Readonly<Record<string, StepKind>> = {}) {
  const names = [...stepKinds.names, ...Object.keys(own)];
  return planOfText(page, { assets, kinds: { names, load: async (name) => own[name] ?? stepKinds.load(name) } });
}

const arnInput = z.strictObject({ arn: z.string() });

/** A step kind that makes one call, which a test says. */
function kindOf(parts: Partial<StepDefinition<typeof arnInput>>) {
  return bareKind(arnInput, parts);
}

describe('a lab as a bash script', () => {
  it('has a comment for each step, and its calls as AWS CLI lines', async () => {
    const script = await exportBash(await planPage(labOf('## 1. A stream\n\n', streamStep)));
    expect(behind(script, '# 1. A stream (stream)')).toBe(
      [
        '# 1. A stream (stream)',
        "say '1. A stream'",
        'aws kinesis create-stream --stream-name orders --shard-count 1',
        `await 'the stream orders to become ACTIVE' 120 "StreamDescriptionSummary.StreamStatus == 'ACTIVE'" \\`,
        '  aws kinesis describe-stream-summary --stream-name orders',
        'aws kinesis describe-stream --stream-name orders',
        '',
      ].join('\n'),
    );
  });

  it('takes what stands inside of a text out of it', async () => {
    const page = labOf(
      '# Texts\n\n',
      streamStep,
      step('id: told', 'uses: sqs/receive', 'with: { queue: failed }'),
      step(
        'id: lost',
        'uses: kinesis/read',
        'with:',
        '  stream: orders',
        '  shard: ${{ steps.told.shard-id }}',
        '  iterator: AT_SEQUENCE_NUMBER',
        '  sequence-number: ${{ steps.told.start-sequence-number }}',
      ),
    );
    const script = await exportBash(await planPage(page));
    const taking = script.split('\n').filter((line) => line.includes('sed -n'));
    expect(script).toContain("--query '[Messages[0].Body, Messages[0].Body]'");
    expect(script).toContain('--starting-sequence-number "$TOLD_START_SEQUENCE_NUMBER"');
    const body = '{"KinesisBatchInfo":{"shardId":"shardId-000000000001","startSequenceNumber":"495","endSequenceNumber":"496"}}';
    const lines = [
      `TOLD_SHARD_ID='${body}' TOLD_START_SEQUENCE_NUMBER='${body}'`,
      ...taking,
      'echo $TOLD_SHARD_ID $TOLD_START_SEQUENCE_NUMBER',
    ];
    expect(execFileSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8' })).toBe('shardId-000000000001 495\n');
  });

  it('keeps in variables what later steps need, and nothing else', async () => {
    const script = await exportBash(await planPage(labOf(streamStep, roleStep, functionStep, mappingStep)));
    expect(script).toContain('ROLE_ARN=$(aws iam get-role --role-name reader --query Role.Arn --output text)\n');
    expect(script).toContain('  --role "$ROLE_ARN" \\\n');
    expect(script).toContain('  --event-source-arn "$STREAM_ARN" \\\n');
    expect(script).not.toMatch(/STREAM_NAME|LOGGER_ARN|MAPPING_UUID/);
  });

  it('keeps several parts of the answer to one write, which cannot be made twice', async () => {
    const asks = step(
      'id: again',
      'uses: kinesis/read',
      'with:',
      '  stream: orders',
      '  shard: ${{ steps.first.shard-id }}',
      '  iterator: AT_SEQUENCE_NUMBER',
      '  sequence-number: ${{ steps.first.sequence-number }}',
    );
    const first = step('id: first', 'uses: kinesis/put-record', 'with:', '  stream: orders', '  partition-key: "1"', '  data: Hello');
    const script = await exportBash(await planPage(labOf(streamStep, first, asks)));
    const lines = behind(script, ' (first)');
    expect(script).toContain(`  --query '[ShardId, SequenceNumber]' \\\n  --output text)\n`);
    expect(lines).toContain(`IFS=$'\\t' read -r FIRST_SHARD_ID FIRST_SEQUENCE_NUMBER <<<"$ANSWER"`);
    expect(lines.match(/put-record /g)).toHaveLength(1);
    expect(lines).toContain('--shard-id "$FIRST_SHARD_ID"');
    readByBash(script);
  });

  it('waits until there is to read what the lab expects', async () => {
    const inputs = ['stream: orders', 'shard: shardId-000000000000', 'within: 300', 'expect: { at-least: 10 }'];
    const reads = ['id: read', 'uses: kinesis/read', 'with:', ...inputs.map((input) => `  ${input}`)];
    const lines = behind(await exportBash(await planPage(labOf(streamStep, step(...reads)))), '# ---- The lab');
    expect(lines).toMatch(/\nSHARD_ITERATOR=\$\(.*\nawait 'orders to show what is expected' 300 'length\(Records\) >= `10`' /s);
  });

  it('waits between two writes of which the first takes time', async () => {
    const retained = step('id: stream', 'uses: kinesis/stream', 'with:', '  name: orders', '  shards: 1', '  retention-hours: 48');
    const lines = behind(await exportBash(await planPage(labOf(retained))), '# ---- The lab');
    expect(lines).toMatch(/create-stream .*\nawait '.*\naws kinesis increase-stream-retention-period .*\nawait '/s);
  });

  it('puts a record again, bounded, until the log shows it, where it may come too early', async () => {
    const script = await exportBash(await planPage(labOf(streamStep, putStep)));
    expect(script).toMatch(/\nfor WITHIN in 3 12 30 60 60; do\n {2}aws kinesis put-record [^;]*\n {2}if await 'the log [^']*' "\$WITHIN" /);
    expect(script).toContain('then DONE=yes; break; fi\ndone\n[ "$DONE" = yes ]\n');
    readByBash(script);
  });

  it('fits both versions of the AWS CLI', async () => {
    const script = await exportBash(await planPage(labOf(streamStep, putStep)));
    expect(script).toContain('--data "Hello $NONCE" $RAW_BYTES\n');
  });

  it('is patient with AWS where a new role may not be known yet, and nowhere else', async () => {
    const script = behind(await exportBash(await planPage(labOf(streamStep, roleStep, functionStep, mappingStep))), '# ---- The lab');
    expect(script.match(/patiently aws \w+ [\w-]+/g)).toEqual([
      'patiently aws lambda create-function',
      'patiently aws lambda create-event-source-mapping',
    ]);
  });

  it('claims what it creates before it does, and takes down the last thing first', async () => {
    const script = await exportBash(await planPage(labOf(streamStep, roleStep, functionStep, mappingStep)));
    const claimed = [...script.matchAll(/\nclaim (\w+) /g)].map(([, name]) => name);
    const removed = [...script.matchAll(/\n {2}take_down (\w+) /g)].map(([, name]) => name);
    expect(claimed).toEqual(['stream', 'role', 'log_group', 'function', 'event_source_mapping']);
    expect(removed).toEqual(claimed.toReversed());
    // What shows that the lab was done stays where that is asked for.
    expect(script.match(/take_down .*KEEP_LOGS.*/g)).toEqual([expect.stringMatching(/^take_down log_group 60 '.*' "\$\{KEEP_LOGS:-\}"$/)]);
    // The ARN in its identity is known only when the stream is there.
    expect(script.indexOf('claim event_source_mapping')).toBeGreaterThan(script.indexOf('STREAM_ARN=$('));
  });

  it('knows in the words of the AWS CLI that there is no such thing', async () => {
    const script = await exportBash(await planPage(labOf(streamStep)));
    const absent = behind(script, 'ABSENT=').split("'")[1]?.split('\n');
    const codes = ['ResourceNotFoundException', 'NoSuchEntity', 'AWS.SimpleQueueService.NonExistentQueue', 'NoSuchBucket'];
    expect(absent).toEqual(expect.arrayContaining(codes));
  });

  it('removes the same things with the same calls as the runner', async () => {
    const script = await exportBash(await planPage(labOf(roleStep)));
    expect(behind(script, 'remove_role()').split('\n}')[0]).toMatch(
      /while IFS= read -r ITEM; do\n {4}aws iam detach-role-policy --role-name reader --policy-arn "\$ITEM"\n {2}done < <\(items aws iam list-attached-role-policies [^)]*\)\n.*\n {2}aws iam delete-role --role-name reader$/s,
    );
  });

  it('has the code of functions in it', async () => {
    const script = await exportBash(await planPage(labOf(roleStep, functionStep)));
    expect(script).toContain(`cat > "$WORK/code-1/kinesisEventLogger.js" <<'END'\n`);
    expect(script).toContain('archive "$WORK/code-1" "$WORK/kinesis-event-logger.zip"\n');
    expect(script).not.toContain(assets);
  });

  it('writes text as it is, and other files so that bash gives the same bytes', async () => {
    const folder = temporaryFolder();
    const files = {
      'text.js': Buffer.from("it's $HOME `id` \\n\nEND\n"),
      'unended.txt': Buffer.from('no line feed'),
      'sub/bytes': Buffer.from([0, 255, 10, 13]),
    };
    await mkdir(join(folder, 'sub'));
    const lines = Object.entries(files).flatMap(([name, data]) => fileLines({ name, data, executable: name === 'sub/bytes' }, name));
    execFileSync('bash', ['-c', lines.join('\n')], { cwd: folder });
    await writeFile(join(folder, 'lines.sh'), lines.join('\n'));
    for (const [name, data] of Object.entries(files)) expect(execFileSync('cat', [name], { cwd: folder })).toEqual(data);
    expect(() => execFileSync('test', ['-x', 'sub/bytes'], { cwd: folder })).not.toThrow();
    expect(lines).toContain("cat > text.js <<'END_2'");
  });

  it('leaves out what is nothing to do: a question', async () => {
    const asked = step('id: ask', 'uses: quiz', 'with:', '  question: What is a shard?', '  options: [A part, A whole]', '  answer: 1');
    const plan = await planPage(labOf(streamStep, asked));
    expect(await exportBash(plan)).not.toContain('(ask)');
    const answer = '<details><summary>Answer</summary>\n\nA part\n\n</details>\n';
    expect(exportMarkdown(plan, assets)).toContain(`What is a shard?\n\n1. A part\n2. A whole\n\n${answer}`);
  });

  it('runs commands as they are typed, with what earlier steps have found in their variables', async () => {
    const inputs = ['run: ls; echo "$ARN"', 'files: kinesis-event-logger', 'environment: { ARN: "${{ steps.stream.arn }}s" }'];
    const plan = await planPage(labOf(streamStep, step('id: say', 'uses: shell', 'with:', ...inputs.map((input) => `  ${input}`))));
    const script = await exportBash(plan);
    expect(script).toContain(`ARN="\${STREAM_ARN}s" bash -euo pipefail -c 'ls; echo "$ARN"')`);
    readByBash(script);
    const tutorial = exportMarkdown(plan, assets.replace(/\/$/, ''));
    const [, command = ''] = /```sh\n(\(cd .*)\n```/.exec(tutorial) ?? [];
    expect(command).not.toContain(assets);
    const env = { PATH: process.env['PATH'] ?? '', STREAM_ARN: 'arn' };
    expect(execFileSync('bash', ['-c', command], { cwd: join(assets, '..'), env, encoding: 'utf8' })).toBe('kinesisEventLogger.js\narns\n');
  });

  it('keeps what a page says from being more than words', async () => {
    const nasty = '## $(touch /tmp/pwned) `id` "; rm -rf /\n\n';
    const script = await exportBash(await planPage(labOf(nasty, streamStep)));
    expect(script).toContain(`say '$(touch /tmp/pwned) \`id\` "; rm -rf /'`);
    readByBash(script);
  });
});

describe('a step that cannot be written as AWS CLI lines', () => {
  const page = labOf(streamStep, step('id: odd', 'uses: odd/step', 'with:', '  arn: ${{ steps.stream.arn }}'));
  const exporting = async (definition: Parameters<typeof kindOf>[0]) =>
    exportBash(await planPage(page, { 'odd/step': kindOf(definition) }));

  it('is named: it makes no API call', async () => {
    await expect(exporting({})).rejects.toThrow('The step "odd" (odd/step) cannot be written as AWS CLI lines: it makes no API call.');
  });

  it('is named: it takes a value apart', async () => {
    const explain: StepDefinition<typeof arnInput>['explain'] = ({ arn }) => [
      apiCall('kinesis', 'DescribeStream', { StreamName: arn.slice(-10) }),
    ];
    await expect(exporting({ explain })).rejects.toThrow(
      'The step "odd" (odd/step) cannot be written as AWS CLI lines: it takes a value apart',
    );
  });

  it('is written in words of its own where it has some, for a question that is nothing to do', async () => {
    const instead = () => ({ shell: ['echo asked'], markdown: 'What is a shard?' });
    expect(await exporting({ instead })).toMatch(/ \(odd\)\n(say '.*'\n)?echo asked\n$/);
    const plan = await planPage(page, { 'odd/step': kindOf({ instead }) });
    expect(exportMarkdown(plan, assets)).toContain('What is a shard?\n```sh\necho asked\n```\n');
  });
});

describe.each(readdirSync(packageLabs).filter((name) => name.endsWith('.md')))('%s', (name) => {
  it('can be exported in both forms, and bash can read the script', async () => {
    const path = join(packageLabs, name);
    const plan = await planFile(path);
    readByBash(await exportBash(plan));
    const fences = [...exportMarkdown(plan, await assetsFolder(path)).matchAll(/^```sh\n(.*?)\n```$/gms)].map(([, lines = '']) => lines);
    expect(fences.length).toBeGreaterThan(1);
    for (const lines of fences) readByBash(lines);
  });
});
