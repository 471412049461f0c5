import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { type AwsSession, openSession } from '../../src/aws/session.ts';
import { tagsFor } from '../../src/aws/tags.ts';
import { createWait } from '../../src/aws/wait.ts';
import { wallClock } from '../../src/util/clock.ts';
import { type CliOptions, cli, ledgerFiles, temporaryFolder } from '../support/cli.ts';
import { inventory } from '../support/inventory.ts';
import { lastingSandbox } from '../support/lasting-sandbox.ts';
import { writeLab } from '../support/page.ts';
import { sandboxProcess } from '../support/sandbox-process.ts';

const sandbox = lastingSandbox();
const sessions: AwsSession[] = [];

/** A session that puts tags on what it creates. */
function tagging(tags: Readonly<Record<string, string>> = {}): AwsSession {
  const session = openSession({ target: sandbox.target, clock: wallClock, wait: createWait({ clock: wallClock }), tags });
  sessions.push(session);
  return session;
}

const hour = 3_600_000;
const createStream = (StreamName: string) => apiCall('kinesis', 'CreateStream', { StreamName, ShardCount: 1 });
const tagsOfRun = (age: number) => tagsFor({ lab: '09', run: `r-${age}`, created: new Date(Date.now() - age).toISOString() });
const streams = async () => (await inventory(tagging())).filter((each) => each.startsWith('stream'));

afterAll(() => {
  for (const session of sessions) session.destroy();
});

/** A run of a lab with one stream, which was left alive. */
async function leave(prefix: string): Promise<CliOptions & { readonly home: string; readonly ledger: string }> {
  const home = temporaryFolder();
  const options = { home, env: sandbox.env };
  await cli(['start', writeLab(home, ['stream']), '--yes', '--keep', '--prefix', prefix], options);
  const [ledger = ''] = ledgerFiles(home);
  return { ...options, ledger };
}

describe('clean --all', () => {
  it('removes what has no ledger here, and nothing that is tagged otherwise or not at all', async () => {
    const { ledger, ...options } = await leave('lost');
    rmSync(ledger);
    await tagging().call(createStream('untagged'));
    await tagging({ 'kinesis-labs:lab': '07', team: 'data' }).call(createStream('tagged-otherwise'));
    expect(await cli(['clean'], options)).toMatchObject({ code: 0, stdout: 'Nothing is alive.\n' });
    const cleaned = await cli(['clean', '--all'], options);
    expect(cleaned).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ stream lost-orders'), stderr: '' });
    expect(await streams()).toEqual(['stream tagged-otherwise', 'stream untagged']);
    expect(await cli(['clean', '--all'], options)).toMatchObject({ code: 0, stdout: 'Nothing is alive.\n' });
    for (const StreamName of ['untagged', 'tagged-otherwise']) await tagging().call(apiCall('kinesis', 'DeleteStream', { StreamName }));
  });

  it('writes down what it has found before it removes it, so that an interruption loses nothing', async () => {
    const { ledger, ...options } = await leave('adopted');
    const text = readFileSync(ledger, 'utf8');
    rmSync(ledger);
    await cli(['clean', '--all'], options);
    const adopted = readFileSync(ledger, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const header = JSON.parse(text.split('\n')[0] ?? '');
    expect(adopted).toMatchObject([
      { ledger: 2, run: header.run, lab: { id: '07' }, started: header.started, target: header.target },
      { entry: 'tagged', type: 'kinesis:stream', id: 'adopted-orders' },
      { entry: 'removed', type: 'kinesis:stream', id: 'adopted-orders' },
    ]);
  });

  it('takes only what runs of one lab, or runs that began long enough ago, have left', async () => {
    const options = { home: temporaryFolder(), env: sandbox.env };
    await tagging(tagsOfRun(hour)).call(createStream('young'));
    await tagging(tagsOfRun(3 * hour)).call(createStream('old'));
    expect(await cli(['clean', '08', '--all'], options)).toMatchObject({ code: 0, stdout: 'Nothing is alive.\n' });
    expect((await cli(['clean', '--older-than', '2h'], options)).stdout).toContain('✓ stream old');
    expect(await streams()).toEqual(['stream young']);
    expect((await cli(['clean', '9', '--all'], options)).stdout).toContain('✓ stream young');
  });

  it.each([
    [['clean', '--all'], 'To find what has no ledger here, the target has to be named.'],
    [['clean', '--all', '--target', 'sandbox'], 'The embedded sandbox ends with its program'],
    [['clean', '--older-than', '2'], '--older-than wants a number of minutes, hours or days, and got "2".'],
    [['clean', '--forget', 'x', '--all'], "'--forget <run>' cannot be used with option '--all'"],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stderr } = await cli(args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe('clean', () => {
  it('looks by their tags for what a damaged ledger can no longer name', async () => {
    const { ledger, ...options } = await leave('damaged');
    const [header = ''] = readFileSync(ledger, 'utf8').split('\n');
    writeFileSync(ledger, `${header}\n\0\0garbled\n`);
    expect((await cli(['status'], options)).stdout).toContain('What line 2 of its ledger announced cannot be read');
    expect(await cli(['clean'], options)).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ stream damaged-orders') });
    expect(await cli(['status'], options)).toMatchObject({ code: 0, stdout: 'Nothing is alive.\n' });
  });

  it('names a ledger that cannot be read, cleans the others, and finds by its tags what that one was about', async () => {
    const lost = await leave('headless');
    const known = await leave('readable');
    writeFileSync(lost.ledger, `nonsense\n${readFileSync(lost.ledger, 'utf8').split('\n').slice(1).join('\n')}`);
    writeFileSync(lost.ledger.replace(/[^/]+$/, 'other.jsonl'), readFileSync(known.ledger));
    const { code, stdout, stderr } = await cli(['clean'], lost);
    expect(stderr).toContain(`${lost.ledger} is not a ledger`);
    expect(stdout).toContain('✓ stream readable-orders');
    expect(code).toBe(3);
    expect((await cli(['clean', '--all'], lost)).stdout).toContain('✓ stream headless-orders');
    expect(await cli(['status'], lost)).toMatchObject({ code: 0, stdout: 'Nothing is alive.\n', stderr: '' });
    expect(readFileSync(`${lost.ledger}.damaged`, 'utf8')).toMatch(/^nonsense\n/);
  });

  it('leaves what another run has made since of the same name', async () => {
    const { ledger, ...options } = await leave('taken');
    await cli(['clean'], options);
    appendFileSync(ledger, readFileSync(ledger, 'utf8').split('\n').slice(1, 4).join('\n'));
    appendFileSync(ledger, '\n');
    await leave('taken');
    const { code, stdout } = await cli(['clean'], options);
    expect(stdout).toMatch(/– stream taken-orders is left alone: the run \S+ of lab 07 has created it/);
    expect(code).toBe(0);
    expect(await cli(['status'], options)).toMatchObject({ stdout: 'Nothing is alive.\n' });
    expect(await streams()).toEqual(['stream taken-orders']);
    await cli(['clean', '--all'], options);
  });
});

describe('clean --forget', () => {
  it('drops the ledger of a run whose target is gone, which clean says how to do', async () => {
    const home = temporaryFolder();
    const gone = await sandboxProcess();
    await cli(['start', writeLab(home, ['stream']), '--yes', '--keep'], { home, env: gone.env });
    await gone.stop();
    const cleaned = await cli(['clean'], { home });
    expect(cleaned.stderr).toContain('nothing listens there (connection refused)');
    const [, run = ''] = /kinesis-labs clean --forget (\S+)\n/.exec(cleaned.stderr) ?? [];
    expect(cleaned.code).toBe(3);
    const refused = await cli(['clean', '--forget', run], { home });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    const forgotten = await cli(['clean', '--forget', run.slice(0, -4), '--yes'], { home });
    expect(forgotten).toMatchObject({ code: 0, stdout: expect.stringContaining('kinesis:stream orders\nForgotten.\n') });
    expect(ledgerFiles(home)).toEqual([]);
    expect(await cli(['clean', '--forget', run], { home })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no ledger'),
    });
  });

  it('drops a file that cannot be read', async () => {
    const { ledger, ...options } = await leave('unreadable');
    await cli(['clean'], options);
    writeFileSync(join(ledger, '..', 'broken.jsonl'), 'nonsense\n');
    expect(await cli(['clean', '--forget', 'broken', '--yes'], options)).toMatchObject({ code: 0 });
    expect(ledgerFiles(options.home)).toEqual([ledger]);
  });
});
