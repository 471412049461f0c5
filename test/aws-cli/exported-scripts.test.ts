import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { quickDelays } from '../../src/sandbox/delays.ts';
import { cli, RunningProgram, temporaryFolder } from '../support/cli.ts';
import { environmentFor } from '../support/environment.ts';
import { inventory } from '../support/inventory.ts';
import { writeLab } from '../support/page.ts';
import { type Finished, hasAwsCli, needs, run } from '../support/programs.ts';
import { type Bench, openBench } from '../support/step-bench.ts';

const withAws = needs('AWS CLI', hasAwsCli);

// The scripts run for real, with the AWS CLI of this machine.
describe.skipIf(!hasAwsCli)(`an exported script${withAws}`, { timeout: 240_000 }, () => {
  let bench: Bench;
  let env: Record<string, string>;

  beforeAll(async () => {
    // What is put in the first ten seconds after a mapping is Enabled at LATEST is missed, as it may be on AWS.
    bench = await openBench({ virtualTime: false, delays: { ...quickDelays, mappingPollStart: 10_000 } });
    env = {
      PATH: process.env['PATH'] ?? '',
      HOME: temporaryFolder(),
      ...environmentFor(bench.sandbox, bench.sandbox.credentials),
    };
  });

  afterAll(() => bench.close());

  const aws = () => bench.visit().context.aws;

  /** Exports a lab and runs it. */
  async function runExported(lab: string, home: string, more: Readonly<Record<string, string>> = {}): Promise<Finished> {
    expect(await cli(['export', lab, '--output', 'lab.sh'], { home })).toMatchObject({ code: 0 });
    return run('bash', [join(home, 'lab.sh')], { env: { ...env, ...more } });
  }

  it('does lab 01 from end to end, puts again what came too early, finds the line in the log, and leaves nothing', async () => {
    const { code, stdout, stderr } = await runExported('01', temporaryFolder());
    expect(stderr).toContain('Waited in vain for the log /aws/lambda/kinesisEventLogger to show the text.\n');
    expect(stderr.replace(/Waited in vain .*\n|\nAn error occurred \(ResourceNotFoundException\) .*\n/g, '')).toBe('');
    expect(stdout).toMatch(/\\tINFO\\tHello, Lambda CLI World \(run [0-9a-f]{8}\)\\n/);
    expect(stdout.match(/^\{\n {4}"ShardId": /gm)?.length).toBeGreaterThan(1);
    expect(stdout.match(/\\tINFO\\t\{\\"device\\":\\"device-\d\\"/g)).toHaveLength(5);
    expect(stdout).toMatch(
      /Removed the event-source mapping .*\nRemoved the function .*\nRemoved the log group .*\nRemoved the stream .*\nRemoved the role .*\n$/,
    );
    expect(code).toBe(0);
    expect(await inventory(aws())).toEqual([]);
  });

  it('makes the archive of a function without zip as well', async () => {
    const home = temporaryFolder();
    writeFunctionLab(home);
    const { code, stdout, stderr } = await runExported('labs/08-function.md', home, { PATH: pathWithout('zip', home) });
    expect(stderr).toBe('');
    expect(stdout).toContain('"State": "Active"');
    expect(code).toBe(0);
    expect(await inventory(aws())).toEqual([]);
  });

  it('gives version 2 of the AWS CLI the option that it wants for bytes', async () => {
    const home = temporaryFolder();
    const bin = asVersion2(home);
    const { code, stdout, stderr } = await runExported(writeLab(home, ['stream', 'record']), home, {
      PATH: `${bin}${delimiter}${env['PATH']}`,
    });
    expect(stderr).toBe('');
    expect(stdout).toContain('"ShardId": "shardId-000000000000"');
    expect(code).toBe(0);
  });

  it('leaves alone what was there before, does nothing, and ends with 3', async () => {
    await aws().call(apiCall('kinesis', 'CreateStream', { StreamName: 'orders', ShardCount: 1 }));
    const home = temporaryFolder();
    const { code, stdout, stderr } = await runExported(writeLab(home, ['stream', 'record']), home);
    expect(stderr).toContain('The stream orders exists already, and this script did not create it.');
    expect(stdout).not.toContain('Removed');
    expect(code).toBe(3);
    expect(await inventory(aws())).toEqual(['stream orders']);
    await aws().call(apiCall('kinesis', 'DeleteStream', { StreamName: 'orders' }));
    await bench
      .visit()
      .context.wait({ what: 'the stream to be gone', timeoutMs: 10_000 }, async () =>
        (await inventory(aws())).length === 0 ? true : undefined,
      );
  });

  it('takes everything down when a step fails, and ends with the error', async () => {
    const home = temporaryFolder();
    writeFunctionLab(home, 'no-such-runtime');
    const { code, stdout, stderr } = await runExported('labs/08-function.md', home);
    expect(stderr).toContain('no-such-runtime');
    expect(stdout).toContain('Removed the role fn-role.');
    expect(code).not.toBe(0);
    expect(await inventory(aws())).toEqual([]);
  });

  it('takes everything down when it is interrupted, and ends with 130', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream', 'silence']);
    await cli(['export', lab, '--output', 'lab.sh'], { home });
    const running = new RunningProgram('bash', [join(home, 'lab.sh')], { env });
    await running.shows('Step silence');
    running.kill('SIGINT');
    const { code, stdout } = await running.ended();
    expect(stdout).toContain('Removed the stream orders.');
    expect(code).toBe(130);
    expect(await inventory(aws())).toEqual([]);
  });
});

/** Writes a lab of a role and a function, with code of two files. */
function writeFunctionLab(home: string, runtime = 'nodejs22.x'): void {
  const front = ['id: "08"', 'title: A function', 'summary: Creates it.', 'minutes: 1', 'format: 1'];
  const role = ['```yaml step', 'id: role', 'uses: iam/role', 'with:', '  name: fn-role', '```', ''];
  const inputs = ['  name: fn', '  role: ${{ steps.role.arn }}', '  handler: index.handler', `  runtime: ${runtime}`, '  code: fn'];
  const lambda = ['```yaml step', 'id: fn', 'uses: lambda/function', 'with:', ...inputs, '```', ''];
  mkdirSync(join(home, 'assets/fn/lib'), { recursive: true });
  mkdirSync(join(home, 'labs'), { recursive: true });
  writeFileSync(join(home, 'assets/fn/index.js'), "exports.handler = async () => require('./lib/answer.js');\n");
  writeFileSync(join(home, 'assets/fn/lib/answer.js'), 'module.exports = 42;');
  writeFileSync(join(home, 'labs/08-function.md'), ['---', ...front, '---', '', '# A function', '', ...role, ...lambda].join('\n'));
}

/** The PATH of this process without one program: its folders, or links to everything else that is in them. */
function pathWithout(program: string, home: string): string {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder, index) => {
      const names = filesIn(folder);
      if (!names.includes(program)) return folder;
      const links = join(home, `bin-${index}`);
      mkdirSync(links);
      for (const name of names) if (name !== program) symlinkSync(join(folder, name), join(links, name));
      return links;
    })
    .join(delimiter);
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A folder with an `aws` that says it is version 2, insists on the option for bytes, and leaves the work to the real one. */
function asVersion2(home: string): string {
  const bin = join(home, 'version-2');
  const file = join(bin, 'aws');
  mkdirSync(dirname(file), { recursive: true });
  const lines = [
    '#!/usr/bin/env bash',
    'if [ "$1" = --version ]; then echo aws-cli/2.31.0; exit; fi',
    'args=() told=no',
    'while [ $# -gt 0 ]; do',
    '  if [ "$1" = --cli-binary-format ] && [ "$2" = raw-in-base64-out ]; then told=yes; shift 2; else args+=("$1"); shift; fi',
    'done',
    'if [ "${args[1]}" = put-record ] && [ $told = no ]; then echo "Invalid base64" >&2; exit 252; fi',
    `PATH=${JSON.stringify(process.env['PATH'])} exec aws "\${args[@]}"`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  chmodSync(file, 0o755);
  return bin;
}
