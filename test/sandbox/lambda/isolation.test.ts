import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { Connection } from '../../support/connection.ts';
import { withVariables } from '../../support/environment.ts';
import { lambdaSandbox } from '../../support/lambda.ts';
import { MeetingPlace } from '../../support/meeting-place.ts';
import { until } from '../../support/processes.ts';
import { hasPython, needs } from '../../support/programs.ts';

const lambda = lambdaSandbox();
const secret = 'nobody-may-see-this-0123456789';

/** What a function finds out about the machine that it runs on. */
interface Seen {
  readonly variables: Readonly<Record<string, string>>;
  readonly home: string;
  readonly temporary: string;
  readonly files: readonly string[];
  readonly descriptors?: readonly string[];
  readonly keys?: readonly string[];
}

const nodeCode = `
  const fs = require('node:fs');
  const os = require('node:os');
  exports.handler = async () => {
    fs.writeFileSync(os.tmpdir() + '/mine', 'x');
    const links = (fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd); } catch { return ''; } };
    return {
      variables: process.env, home: os.homedir(), temporary: os.tmpdir(), files: fs.readdirSync(os.homedir()),
      descriptors: fs.existsSync('/proc/self/fd') ? fs.readdirSync('/proc/self/fd').map(links) : [],
    };
  };`;

const pythonCode = [
  'import os, tempfile',
  'def handler(event, context):',
  '  home = os.path.expanduser("~")',
  '  open(tempfile.gettempdir() + "/mine", "w").write("x")',
  '  return {"variables": dict(os.environ), "home": home, "temporary": tempfile.gettempdir(), "files": os.listdir(home)}',
].join('\n');

/** Runs something while this process has secrets of its own, as a user's shell has. */
function withSecrets<T>(work: () => Promise<T>): Promise<T> {
  const names = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_CONFIG_FILE', 'DATABASE_URL', 'PYTHONPATH'];
  const variables = Object.fromEntries(names.map((name) => [name, secret]));
  return withVariables({ ...variables, NODE_OPTIONS: `--title=${secret}` }, work);
}

const runtimes = [
  ['Node.js', 'nodejs22.x', { 'index.js': nodeCode }, true],
  ['Python', 'python3.13', { 'index.py': pythonCode }, hasPython],
] as const;

describe.each(runtimes)('A function in %s', (_, Runtime, code, present) => {
  it.skipIf(!present)(`sees nothing of the environment and the home of whoever runs the sandbox${needs('python3', present)}`, async () => {
    const { answer } = await withSecrets(() => lambda.run(code, { Runtime }));
    const seen = answer as Seen;
    expect(JSON.stringify(seen)).not.toContain(secret);
    expect(seen.variables['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
    expect(seen.home).not.toBe(homedir());
    expect(seen.files).toEqual([]);
    expect(seen.temporary).not.toBe(tmpdir());
    expect(statSync(dirname(dirname(dirname(dirname(seen.temporary))))).mode & 0o777).toBe(0o700);
    // Standard streams, what its interpreter opens for itself, and its connection to the Runtime API.
    for (const target of seen.descriptors ?? []) expect(target).not.toMatch(/^\/(?!proc|dev)/);
  });

  it.skipIf(!present)('shares its temporary files with no other environment, and leaves none', async () => {
    const name = await lambda.deploy(code, { Runtime });
    const [one, other] = (await Promise.all([lambda.invoke(name), lambda.invoke(name)])).map(({ answer }) => answer as Seen);
    const again = (await lambda.invoke(name)).answer as Seen;
    expect(one?.temporary).not.toBe(other?.temporary);
    expect([one?.temporary, other?.temporary]).toContain(again.temporary);
    expect(readFileSync(`${one?.temporary}/mine`, 'utf8')).toBe('x');
    await lambda.client.send(new DeleteFunctionCommand({ FunctionName: name }));
    await until(() => !existsSync(one?.temporary ?? '') && !existsSync(other?.temporary ?? ''));
  });
});

describe('The Runtime API', () => {
  const place = new MeetingPlace();
  const probing = `exports.handler = async ({ address, requestId, kind }) => {
    if (kind === 'look') { ${place.code(2)} return 'own'; }
    const [host, own] = process.env.AWS_LAMBDA_RUNTIME_API.split('/');
    const call = async (secret, path, method = 'GET', body) =>
      (await fetch('http://' + host + '/' + secret + '/2018-06-01/runtime/' + path, { method, body })).status;
    const guesses = ['', own.slice(1) + '0', own.toUpperCase(), own + '/..', '..', '0'.repeat(32), '%2e%2e/' + own.slice(0, -1)];
    const statuses = [];
    for (const guess of guesses) statuses.push(await call(guess, 'invocation/next'));
    for (const guess of guesses) statuses.push(await call(guess, 'invocation/' + requestId + '/response', 'POST', '"forged"'));
    statuses.push(await call(own, 'invocation/' + requestId + '/response', 'POST', '"forged"'));
    return statuses;
  };`;

  it('lets one environment neither take nor answer the events of another', async () => {
    const [victim, prober] = [await lambda.deploy(probing, { Timeout: 20 }), await lambda.deploy(probing, { Timeout: 20 })];
    const waiting = lambda.invoke(victim, { kind: 'look' });
    await place.holds(1);
    const statuses = (await lambda.invoke(prober, { kind: 'probe', requestId: '00000000-0000-0000-0000-000000000000' })).answer as number[];
    expect(statuses.slice(0, -1).every((status) => status === 403 || status === 404)).toBe(true);
    expect(statuses.at(-1)).toBe(400);
    place.enter();
    expect((await waiting).answer).toBe('own');
  });

  it('reads nothing of what a stranger sends, and lets go of the connection', async () => {
    const { answer } = await lambda.run('exports.handler = async () => process.env.AWS_LAMBDA_RUNTIME_API;');
    const connection = new Connection(Number(/:(\d+)\//.exec(String(answer))?.[1]));
    connection.send(`POST /${'0'.repeat(32)}/2018-06-01/runtime/init/error HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nabc`);
    await until(() => connection.closed);
    expect(connection.received).toMatch(/^HTTP\/1\.1 403 /);
  });
});
