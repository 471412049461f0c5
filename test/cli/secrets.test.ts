import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, RunningCli, temporaryFolder } from '../support/cli.ts';
import { writeLab } from '../support/page.ts';

const secret = '9Zq+Xw/3rT7uVbN1mKpL0sDfGhJkQeYcAi5o2B8x';
const token = `IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3Qt${'abcDEF012+/'.repeat(20)}==`;
const env = { AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token };

/** Parts of the secrets, so that a text in which one was cut off or encoded is noticed as well. */
const parts = [secret.slice(0, 14), secret.slice(20, 34), token.slice(40, 54), Buffer.from(secret).toString('base64').slice(4, 20)];

function expectNoSecret(text: string): void {
  for (const part of parts) expect(text).not.toContain(part);
}

describe('the credentials of the environment', () => {
  it.each([[['start', '--yes', '-v']], [['start', '--yes', '--json', '-v']], [['test', '-v']]])(
    'do not get out of %s, whoever puts them into a variable of the lab',
    async ([command = '', ...flags]) => {
      const home = temporaryFolder();
      const lab = writeLab(home, ['stream', 'record']);
      const { code, stdout, stderr } = await cli([command, lab, ...flags, '--set', `message=${secret} ${token}`], { home, env });
      expectNoSecret(stdout + stderr);
      expect(stdout).toContain('<hidden>');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
  );

  it('do not get into reports, which are well-formed all the same', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream', 'record']);
    const reports = '--report=junit=out.xml,json=out.json';
    const { code } = await cli(['test', lab, reports, '--set', `message=${secret}`], { home, env });
    expect(code).toBe(0);
    const [xml, json] = ['out.xml', 'out.json'].map((name) => readFileSync(join(home, name), 'utf8'));
    expectNoSecret(`${xml}${json}`);
    JSON.parse(json ?? '');
  });

  it('cannot be the name of a resource, which would have to be written down', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['stream']);
    const { code, stdout, stderr } = await cli(['start', lab, '--yes', '--set', `stream=n${secret.replace(/\W/g, '')}`], { home, env });
    expectNoSecret(stdout + stderr);
    expect(stdout).toContain('The name of the stream of step "stream" holds a credential.');
    expect(code).toBe(3);
  });

  it('do not get into a message about a command line that is wrong', async () => {
    for (const args of [
      ['start', '01', '--yes', '--set', secret],
      ['start', secret],
      [`--${secret}`],
      ['start', '01', '--yes', '--region', secret],
      ['start', '01', '--yes', '--target', `http://ada:${secret.replace(/\W/g, '')}@x/`],
    ]) {
      const { code, stdout, stderr } = await cli(args, { env });
      expectNoSecret(stdout + stderr);
      expect(code).toBe(2);
    }
  });

  it('do not get into the excerpt of a lab file that is wrong', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'bad.md'), `---\nid: "09"\nsecrt: ${secret}\ntitle: ${token}\n---\n`);
    const { code, stdout, stderr } = await cli(['lint', 'bad.md'], { home, env });
    expectNoSecret(stdout + stderr);
    expect(stdout).toContain('<hidden>');
    expect(code).toBe(2);
  });

  it('do not get out of a command of a lab, in any form that is easily made of them', async () => {
    const home = temporaryFolder();
    const lab = writeLab(home, ['leak']);
    const { stdout } = await new RunningCli(['start', lab, '--yes', '--allow-shell', '--json'], {
      home,
      env: { ...env, LEAKED: secret },
    }).ended();
    expect(stdout).toContain('<hidden>');
    expectNoSecret(stdout);
  });
});
