import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, InvokeCommand, LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { RunningCli, temporaryFolder } from '../support/cli.ts';
import { waiting } from '../support/kinesis.ts';
import { labOf, step } from '../support/lab-kinds.ts';
import { zipped } from '../support/lambda.ts';
import { lambdaTrust } from '../support/policies.ts';
import { caught, fugitives, fugitivesOf, isAlive, until } from '../support/processes.ts';
import { hasPython } from '../support/programs.ts';

const handlers = {
  'nodejs22.x': `
    const { spawn } = require('node:child_process');
    exports.handler = async (file) => { spawn('sh', ['-c', process.env.FUGITIVES, file]); for (;;) await new Promise((resolve) => setTimeout(resolve, 1_000)); };`,
  'python3.13': [
    'import os, subprocess, time',
    'def handler(file, context):',
    '  subprocess.Popen(["sh", "-c", os.environ["FUGITIVES"], file])',
    '  time.sleep(600)',
  ].join('\n'),
} as const;

type Runtime = keyof typeof handlers;

/** The program, running the sandbox with a temporary folder of its own, and its clients. */
class Host {
  /** Where temporary folders go. */
  readonly temporary: string;
  readonly program: RunningCli;

  constructor(temporary = temporaryFolder()) {
    this.temporary = temporary;
    this.program = new RunningCli(['sandbox', '--json'], { env: { TMPDIR: temporary } });
  }

  get folders(): readonly string[] {
    return readdirSync(this.temporary);
  }

  /** Has a function begun that has started others, and that does not end. @returns what it has started, itself included. */
  async begin(runtime: Runtime): Promise<Readonly<Record<string, number>>> {
    await this.program.shows('\n');
    const { environment } = JSON.parse(this.program.stdout);
    const credentials = { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY };
    const config = { endpoint: environment.AWS_ENDPOINT_URL, region: environment.AWS_REGION, credentials, maxAttempts: 1 };
    const [iam, client] = [new IAMClient(config), new LambdaClient(config)];
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: runtime, AssumeRolePolicyDocument: lambdaTrust }));
    const FunctionName = runtime.replace('.', '');
    const ZipFile = zipped({ 'index.js': handlers['nodejs22.x'], 'index.py': handlers['python3.13'] });
    const Environment = { Variables: { FUGITIVES: fugitives } };
    await client.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: Role?.Arn,
        Runtime: runtime,
        Handler: 'index.handler',
        Timeout: 60,
        Environment,
        Code: { ZipFile },
      }),
    );
    await waitUntilFunctionActiveV2({ client, ...waiting }, { FunctionName });
    const file = join(temporaryFolder(), 'pids');
    client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(file)) })).catch(() => undefined);
    const pids = await fugitivesOf(file);
    iam.destroy();
    client.destroy();
    return { ...pids, function: parentOf(pids['all'] ?? 0) };
  }
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

const runtimes: readonly Runtime[] = hasPython ? ['nodejs22.x', 'python3.13'] : ['nodejs22.x'];

describe('when the program that runs the sandbox', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'gets %s, no function, nothing that one has started and no file is left',
    async (signal) => {
      const host = new Host();
      const all = await Promise.all(runtimes.map((runtime) => host.begin(runtime)));
      expect(host.folders).toHaveLength(1);
      host.program.kill(signal);
      await host.program.ended();
      for (const pids of all) await caught(pids);
      await until(() => host.folders.length === 0);
    },
  );

  it('is killed with its guard, the next one finishes what it has left, and touches nothing else', async () => {
    const [killed, living] = [new Host(), new Host()];
    const pids = await killed.begin('nodejs22.x');
    const others = await living.begin('nodejs22.x');
    const [folder = ''] = killed.folders;
    const [guard = 0] = processesNaming(join(killed.temporary, folder));
    expect(guard).toBeGreaterThan(0);
    process.kill(guard, 'SIGKILL');
    killed.program.kill('SIGKILL');
    await killed.program.ended();
    for (const name of ['kinesis-labs-mine', 'other']) mkdirSync(join(killed.temporary, name));
    expect(isAlive(pids['daemon'] ?? 0)).toBe(true);

    const next = new Host(killed.temporary);
    await caught(pids);
    await until(() => !next.folders.includes(folder));
    expect(next.folders).toEqual(['kinesis-labs-mine', 'other']);
    expect(isAlive(others['daemon'] ?? 0)).toBe(true);
    for (const host of [living, next]) host.program.kill('SIGTERM');
    for (const host of [living, next]) await host.program.ended();
    await caught(others);
  });
});

describe('when the program is killed while a step runs a command', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('with %s, nothing of the command is left', async (signal) => {
    const folder = temporaryFolder();
    const temporary = temporaryFolder();
    mkdirSync(join(folder, 'labs'));
    writeFileSync(join(folder, 'fugitives.sh'), fugitives);
    const run = step('id: run', 'uses: shell', 'with:', `  run: sh -c "$(cat ${folder}/fugitives.sh)" ${folder}/pids`);
    writeFileSync(join(folder, 'labs/07-orphans.md'), labOf(run));
    const program = new RunningCli(['test', join(folder, 'labs/07-orphans.md'), '--allow-shell'], {
      cwd: folder,
      env: { TMPDIR: temporary },
    });
    const pids = await fugitivesOf(join(folder, 'pids'));
    program.kill(signal);
    await program.ended();
    await caught(pids);
    await until(() => existsSync(temporary) && readdirSync(temporary).length === 0);
  });
});

/** Processes that have a text among their arguments. */
function processesNaming(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}
