import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../support/programs.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the package, installed into an empty folder', { timeout: 180_000 }, () => {
  let folder: string;
  let app: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kinesis-labs-package-'));
    app = join(folder, 'app');
    mkdirSync(app);
    const npm = { ...process.env } as Record<string, string>;
    // What `prepare` builds stands already; building again would take it away from under the other tests.
    const packed = await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { env: npm, cwd: root });
    expect(packed.code, packed.stderr).toBe(0);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }');
    const args = ['install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', join(folder, tarball)];
    const installed = await run('npm', args, { env: npm, cwd: app });
    expect(installed.code, installed.stderr).toBe(0);
    env = { PATH: npm['PATH'] ?? '', HOME: folder, KINESIS_LABS_HOME: join(folder, 'state'), npm_config_update_notifier: 'false' };
  }, 180_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the program, the labs and their assets, what authors read, and neither sources nor tests', () => {
    const inside = readdirSync(join(app, 'node_modules/kinesis-labs')).sort();
    expect(inside).toEqual(['LICENSE', 'README.md', 'assets', 'dist', 'docs', 'labs', 'package.json', 'schema']);
  });

  it('runs lab 01 from end to end', async () => {
    const { code, stdout, stderr } = await run('npx', ['--no-install', 'kinesis-labs', 'start', '01', '--yes'], { env, cwd: app });
    expect(stderr.replace(/^npm warn .*\n/gm, '')).toBe('');
    expect(stdout).toMatch(/\tINFO\tHello, Lambda CLI World \(run [0-9a-f]{8}\)/);
    expect(code).toBe(0);
  });

  it('can be imported into the test suites of others, with its types', async () => {
    const script = `
      import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
      import { parseFault, type Sandbox, type SandboxOptions, startSandbox } from 'kinesis-labs/sandbox';
      const options: SandboxOptions = { account: '123456789012', faults: [parseFault('kinesis:ListStreams=throttle')] };
      const sandboxes: readonly Sandbox[] = await Promise.all([startSandbox(options), startSandbox()]);
      for (const sandbox of sandboxes) {
        const kinesis = new KinesisClient(sandbox);
        console.log(sandbox.account, (await kinesis.send(new ListStreamsCommand({}))).StreamNames, sandbox.faults.list.length);
        kinesis.destroy();
        await sandbox.stop();
      }
      // @ts-expect-error
      const port: string = sandboxes[0]?.port;`;
    writeFileSync(join(app, 'suite.mts'), script);
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      strict: true,
      skipLibCheck: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['suite.mts'] }));
    const compiled = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', app], { env, cwd: app });
    expect(compiled).toMatchObject({ code: 0, stdout: '' });
    const { code, stdout } = await run(process.execPath, ['suite.mjs'], { env, cwd: app });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '123456789012 [] 1\n000000000000 [] 0\n' });
  });

  it('leaves nothing alive', async () => {
    const { code, stdout } = await run('npx', ['--no-install', 'kinesis-labs', 'status'], { env, cwd: app });
    expect(stdout).toContain('Nothing is alive');
    expect(code).toBe(0);
    expect(existsSync(join(app, 'dist'))).toBe(false);
  });
});
