import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, RunningCli, temporaryFolder } from '../support/cli.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { writeLab } from '../support/page.ts';

const sandbox = lastingSandbox();

/** A home with the ledger of a run that has left a stream on AWS three hours ago. @param more what the ledger says of it besides */
function homeWithStream(more: object = {}): string {
  const home = temporaryFolder();
  const runs = join(home, 'state', 'runs');
  mkdirSync(runs, { recursive: true });
  const at = new Date(Date.now() - 3 * 3_600_000).toISOString();
  const target = { label: 'aws', region: 'us-east-1', account: '123456789012' };
  const lab = { id: '01', file: '/labs/01.md' };
  const header = { ledger: 2, run: 'r', lab, target, nonce: 'n', started: at, prefix: '', values: { vars: {}, names: {} } };
  writeFileSync(join(runs, 'r.jsonl'), `${JSON.stringify(header)}\n`);
  const stream = { at, step: 's', type: 'kinesis:stream', id: 'orders' };
  appendFileSync(join(runs, 'r.jsonl'), `${JSON.stringify({ entry: 'intended', ...stream, ...more })}\n`);
  appendFileSync(join(runs, 'r.jsonl'), `${JSON.stringify({ entry: 'created', ...stream })}\n`);
  return home;
}

describe('the start of any command', () => {
  it('says in one line what is still alive, since when, and what it costs', async () => {
    const { code, stderr } = await cli(['list'], { home: homeWithStream() });
    expect(stderr).toBe(
      'Still alive: 1 resource of lab 01, since 3 hours ago, at least $0.015 an hour. kinesis-labs status shows it, kinesis-labs clean removes it.\n',
    );
    expect(code).toBe(0);
  });

  it('tells what is certainly there from what may not have been created', async () => {
    const home = homeWithStream();
    const file = join(home, 'state', 'runs', 'r.jsonl');
    const at = new Date().toISOString();
    appendFileSync(file, `${JSON.stringify({ entry: 'planned', at, step: 'f', type: 'lambda:function', id: 'reader' })}\n`);
    expect((await cli(['list'], { home })).stderr).toContain(
      'Still alive: 1 resource of lab 01 (and 1 that may not have been created), since 3 hours ago',
    );
    appendFileSync(file, `${JSON.stringify({ entry: 'removed', at, type: 'kinesis:stream', id: 'orders' })}\n`);
    expect((await cli(['list'], { home })).stderr).toContain('Perhaps still alive: 1 resource of lab 01, since');
  });

  it('says what it costs as it was going to be made, where that was written down', async () => {
    const home = homeWithStream({ perHour: 0.045 });
    expect((await cli(['list'], { home })).stderr).toContain('since 3 hours ago, about $0.045 an hour.');
    const { stdout } = await cli(['status'], { home });
    expect(stdout).toContain('stream orders, 3 hours ago, about $0.045 an hour\n');
    expect(stdout).toContain('They cost about $0.045 an hour.');
  });

  it.each([[['list', '--json']], [['list', '--quiet']], [['status']], [['--help']]])('says nothing of it with %j', async (args) => {
    expect((await cli(args, { home: homeWithStream() })).stderr).toBe('');
  });

  it('says nothing of the run that start goes on with, and what there is of others', async () => {
    const home = temporaryFolder();
    const options = { home, env: sandbox.env };
    const lab = writeLab(home, ['stream', 'content']);
    for (const prefix of ['one', 'two']) await cli(['start', lab, '--yes', '--keep', '--prefix', prefix], options);
    const { code, stdout, stderr } = await cli(['start', lab, '--yes', '--prefix', 'one'], options);
    expect(stdout).toContain('Going on where you left');
    expect(stderr).toContain('Still alive: 1 resource of lab 07, since just now.');
    expect(code).toBe(0);
    const last = await cli(['start', lab, '--yes', '--prefix', 'two'], options);
    expect(last.stdout).toContain('Going on where you left');
    expect(last.stderr).not.toContain('Still alive');
  });

  it('says nothing where nothing is alive', async () => {
    expect((await cli(['list'])).stderr).toBe('');
  });

  it('says nothing of a run that goes on in another process', async () => {
    const home = temporaryFolder();
    const options = { home, env: sandbox.env };
    const running = new RunningCli(['start', writeLab(home, ['stream', 'silence']), '--yes'], options);
    await running.shows('waiting for the log');
    expect((await cli(['list'], options)).stderr).toBe('');
    running.kill('SIGTERM');
    expect(await running.ended()).toMatchObject({ code: 130, stdout: expect.stringContaining('Nothing is left behind.') });
  });
});
