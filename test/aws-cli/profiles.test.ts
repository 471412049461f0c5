import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningCli } from '../support/cli.ts';
import { hasAwsCli, hasBoto3, needs, run } from '../support/programs.ts';

describe('the profiles that the sandbox prints', () => {
  let folder: string;
  let sandbox: RunningCli;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kinesis-labs-profiles-'));
    sandbox = new RunningCli(['sandbox', '--accounts', '2']);
    await sandbox.shows('kinesis-labs-100000000002]');
    writeFileSync(join(folder, 'config'), sandbox.stdout);
    env = { PATH: process.env['PATH'] ?? '', HOME: folder, AWS_CONFIG_FILE: join(folder, 'config') };
  });

  afterAll(async () => {
    sandbox.kill('SIGINT');
    expect(await sandbox.ended()).toMatchObject({ code: 0 });
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(!hasAwsCli)(`lead the AWS CLI into their accounts${needs('aws', hasAwsCli)}`, async () => {
    const args = ['sts', 'get-caller-identity', '--query', 'Account', '--output', 'text', '--profile', 'kinesis-labs-100000000002'];
    expect(await run('aws', args, { env })).toMatchObject({ code: 0, stdout: '100000000002\n' });
  });

  it.skipIf(!hasBoto3)(`lead boto3 into their accounts${needs('boto3', hasBoto3)}`, async () => {
    const script = `import boto3
for name in ("kinesis-labs-100000000001", "kinesis-labs-100000000002"):
    print(boto3.Session(profile_name=name).client("sts").get_caller_identity()["Arn"])`;
    const { code, stdout, stderr } = await run('python3', ['-c', script], { env });
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: 'arn:aws:iam::100000000001:root\narn:aws:iam::100000000002:root\n' });
  });
});
