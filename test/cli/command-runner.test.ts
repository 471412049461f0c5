import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCommandRunner } from '../../src/cli/command-runner.ts';
import type { Command, CommandResult } from '../../src/steps/command.ts';
import { keepSecret } from '../../src/util/secrets.ts';
import { temporaryFolder } from '../support/cli.ts';
import { patience } from '../support/patience.ts';
import { caught, fugitives, fugitivesOf, gone } from '../support/processes.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
keepSecret(secret, `token-of-${secret}`);
const environment = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_SECRET_ACCESS_KEY: secret, AWS_PROFILE: undefined };
const runCommand = createCommandRunner({ environment }, { env: { PATH: process.env['PATH'], AWS_PROFILE: 'mine' } });

function run(script: string, more: Partial<Command> = {}, signal = new AbortController().signal): Promise<CommandResult> {
  return runCommand({ script, environment: {}, timeoutMs: 10_000, ...more }, signal);
}

describe('a command', () => {
  it('has its output and its exit code, both streams in the order in which they were written', async () => {
    const result = await run('echo one; echo two >&2; echo three; exit 3');
    expect(result).toEqual({ exitCode: 3, late: false, durationMs: expect.any(Number), output: 'one\ntwo\nthree\n' });
  });

  it('ends with the first line that fails, with a failure inside a pipe, and with a variable that is not set', async () => {
    expect(await run('false\necho never')).toMatchObject({ exitCode: 1, output: '' });
    expect(await run('false | true\necho never')).toMatchObject({ exitCode: 1, output: '' });
    expect((await run('echo $NOT_SET; echo never')).output).toMatch(/NOT_SET: unbound variable\n$/);
  });

  it('reaches the target, with the variables of the step on top, and nothing in them is run', async () => {
    const { output } = await run('echo "$AWS_ENDPOINT_URL|${AWS_PROFILE-none}|$GIVEN"', {
      environment: { GIVEN: '$(echo ran) `echo ran`' },
    });
    expect(output).toBe('http://127.0.0.1:1|none|$(echo ran) `echo ran`\n');
  });

  it('can open /dev/stdout, and has no input', async () => {
    expect(await run('cat; echo written > /dev/stdout')).toMatchObject({ exitCode: 0, output: 'written\n' });
  });

  it('runs in a folder of its own, with a copy of the files, which is gone afterwards', async () => {
    const files = temporaryFolder();
    writeFileSync(join(files, 'record.json'), '{}');
    const { output } = await run('pwd; ls; echo changed > record.json', { files });
    const [folder = '', ...names] = output.trim().split('\n');
    expect(names).toEqual(['record.json']);
    expect(existsSync(folder)).toBe(false);
    expect(readFileSync(join(files, 'record.json'), 'utf8')).toBe('{}');
  });

  it('shows no secrets and no control characters', async () => {
    const script = 'echo "$AWS_SECRET_ACCESS_KEY token-of-$AWS_SECRET_ACCESS_KEY"; printf "\\033[31mred\\033[0m \\a\\r\\nend"';
    expect((await run(script)).output).toBe('<hidden> <hidden>\nred \\u0007\nend');
  });

  it('has the end of very much output left out', async () => {
    const { exitCode, output } = await run("head -c 3000000 /dev/zero | tr '\\0' 'y'");
    expect(exitCode).toBe(0);
    expect(output.length).toBeLessThan(1_200_000);
  });

  it('is stopped when its time is over, with all that it has started', async () => {
    const folder = temporaryFolder();
    const script = `trap '' TERM; sleep 600 & echo $! > "$PIDS/child"; echo $$ > "$PIDS/shell"; echo begun; wait`;
    const result = await run(script, { environment: { PIDS: folder }, timeoutMs: 500 });
    expect(result).toEqual({ late: true, durationMs: expect.any(Number), output: 'begun\n' });
    for (const name of ['child', 'shell']) await gone(Number(readFileSync(join(folder, name), 'utf8')));
  });

  it('leaves nothing running in the background', async () => {
    const { exitCode, output } = await run('sleep 600 > /dev/null 2>&1 & echo $!');
    expect(exitCode).toBe(0);
    await gone(Number(output));
  });

  it('leaves nothing running that has made itself independent of it, whether it ends or is stopped', async () => {
    const files = temporaryFolder();
    writeFileSync(join(files, 'fugitives.sh'), fugitives);
    for (const [name, script] of [
      ['stopped', 'sh -c "$(cat fugitives.sh)" "$PIDS"'],
      ['ended', 'sh -c "$(cat fugitives.sh)" "$PIDS" > /dev/null 2>&1 & until grep -qs all "$PIDS"; do sleep 0.05; done'],
    ] as const) {
      const pids = join(files, name);
      const { late } = await run(script, { files, environment: { PIDS: pids }, timeoutMs: 1_500 });
      expect(late).toBe(name === 'stopped');
      await caught(await fugitivesOf(pids));
    }
  });

  it('is stopped when the run is interrupted', async () => {
    const interrupt = new AbortController();
    const folder = temporaryFolder();
    const running = run('echo $$ > "$PIDS/shell"; sleep 600', { environment: { PIDS: folder } }, interrupt.signal);
    await expect.poll(() => existsSync(join(folder, 'shell')) && readFileSync(join(folder, 'shell'), 'utf8') !== '', patience).toBe(true);
    interrupt.abort(new Error('Interrupted.'));
    await expect(running).rejects.toThrow('Interrupted.');
    await gone(Number(readFileSync(join(folder, 'shell'), 'utf8')));
  });

  it('says when there is no bash', async () => {
    const elsewhere = createCommandRunner({ environment }, { env: { PATH: '/nowhere' } });
    const running = elsewhere({ script: 'true', environment: {}, timeoutMs: 1_000 }, new AbortController().signal);
    await expect(running).rejects.toMatchObject({ message: 'The shell bash could not be started.', exitCode: 3 });
  });
});
