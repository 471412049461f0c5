import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { cli, temporaryFolder } from '../support/cli.ts';
import { writeLab } from '../support/page.ts';
import { keySettings, writeProfiles } from '../support/profiles.ts';

const account = '111122223333';
let sandbox: Sandbox;
let home: string;
let env: Record<string, string>;

beforeAll(async () => {
  sandbox = await startSandbox({ account });
});
afterAll(() => sandbox.stop());
beforeEach(() => {
  home = temporaryFolder();
  env = { AWS_ENDPOINT_URL: sandbox.endpoint, AWS_REGION: 'us-east-1', AWS_PROFILE: 'class' };
  writeProfiles(home, { class: keySettings(sandbox.credentials) });
});

describe('what a lab costs and how long it may live', () => {
  it('is said before the first write and when something is kept, and status knows it', { timeout: 60_000 }, async () => {
    const args = ['start', writeLab(home, ['stream']), '--yes', '--keep', '--account', account, '--max-hours', '2'];
    const { code, stderr } = await cli(args, { home, env });
    expect(stderr).toContain('  stream orders: $0.015 an hour (for each shard, used or not');
    expect(stderr).toMatch(/What this lab creates may live until \d{4}-\d\d-\d\dT[\d:.]+Z\./);
    expect(stderr).toMatch(
      /1 resource of this lab is left, and costs about \$0\.015 an hour for as long as it exists\. Remove it by [\dTZ:.-]+; nothing does that by itself\.\n$/,
    );
    expect(code).toBe(0);
    const { stdout } = await cli(['status'], { home, env });
    expect(stdout).toMatch(/ {2}to be removed by \d{4}-/);
    expect(stdout).toContain('$0.015 an hour');
    await cli(['clean', '--yes'], { home, env });
  });

  it('ends a lab that goes on for longer, and removes what it has created', { timeout: 60_000 }, async () => {
    const args = ['start', writeLab(home, ['stream', 'silence']), '--yes', '--account', account, '--max-hours', '0.002'];
    const { code, stdout, stderr } = await cli(args, { home, env });
    expect(stderr).toContain('The time of this lab is over. It is ended.');
    expect(stdout).toContain('Nothing is left behind.');
    expect(code).toBe(130);
  });

  it('is told by later commands when it is over', { timeout: 60_000 }, async () => {
    const lab = writeLab(home, ['stream', 'silence']);
    await cli(['start', lab, '--yes', '--keep', '--account', account, '--max-hours', '0.002'], { home, env });
    const { stdout, stderr } = await cli(['status'], { home, env });
    expect(stdout).toMatch(/ {2}over its time since \d{4}-/);
    const { stderr: reminded } = await cli(['list'], { home, env });
    expect(`${stderr}${reminded}`).toMatch(/1 run is over the time that was allowed, since \d{4}-/);
    await cli(['clean', '--yes'], { home, env });
  });

  it('is nothing to guess about', async () => {
    const { code, stderr } = await cli(['start', '01', '--yes', '--max-hours', 'long'], { home, env });
    expect(stderr).toContain('--max-hours wants a number of hours, at most 168, and got "long".');
    expect(code).toBe(2);
  });
});
