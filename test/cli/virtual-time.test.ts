import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, temporaryFolder } from '../support/cli.ts';
import { writeLab } from '../support/page.ts';
import { type SandboxProcess, sandboxProcess } from '../support/sandbox-process.ts';

let sandbox: SandboxProcess;
beforeAll(async () => {
  sandbox = await sandboxProcess(['--virtual-time']);
});
afterAll(() => sandbox.stop());

describe('a sandbox in another process whose time jumps', () => {
  it('lets nobody wait who knows of it: a minute in which nothing happens takes no time', async () => {
    const home = temporaryFolder();
    const begun = performance.now();
    const { code, stdout } = await cli(['test', writeLab(home, ['stream', 'silence']), '--target', sandbox.endpoint], {
      home,
      env: sandbox.env,
    });
    expect(stdout).toContain('✗ log /nobody/writes');
    expect(stdout).toContain(`Target: ${sandbox.endpoint}`);
    expect(stdout).toContain('Nothing is left behind.');
    expect(code).toBe(1);
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  it('is asked only where it is the target, and has to be such a sandbox', async () => {
    const home = temporaryFolder();
    const other = await sandboxProcess();
    const lab = writeLab(home, ['stream']);
    const elsewhere = { ...other.env, KINESIS_LABS_VIRTUAL_TIME: sandbox.endpoint };
    expect(await cli(['test', lab, '--target', other.endpoint], { home, env: elsewhere })).toMatchObject({ code: 0 });
    await other.stop();
    const gone = { ...sandbox.env, AWS_SECRET_ACCESS_KEY: 'not-the-secret-of-it' };
    expect((await cli(['test', lab, '--target', sandbox.endpoint], { home, env: gone })).code).toBe(3);
  });
});
