// The servers that are measured side by side: the sandbox, two other emulators of Kinesis, and a bare Node server whose answers
// are ready-made, which is as fast as a client can be answered.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
// Where the others are installed: they are no part of the package, and not of its lock file.
const installed = join(root, 'node_modules/.cache/kinesis-labs-bench');
const peers = { kinesalite: '3.3.3', 'kinesis-local': '0.6.2' };
const anyKeys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'any', accounts: [] };

/** Installs the other emulators. @returns why they are not there, if they are not */
export function installPeers() {
  const wanted = JSON.stringify({ private: true, dependencies: peers });
  const manifest = join(installed, 'package.json');
  if (existsSync(join(installed, 'node_modules/kinesalite')) && readFileSync(manifest, 'utf8') === wanted) return undefined;
  mkdirSync(installed, { recursive: true });
  writeFileSync(manifest, wanted);
  try {
    // Nothing of what they bring is run while they are installed; both work without.
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
    execFileSync('npm', ['install', ...options], { cwd: installed, stdio: ['ignore', 'ignore', 'pipe'] });
    return undefined;
  } catch (error) {
    return String(error.stderr ?? error)
      .trim()
      .split('\n')[0];
  }
}

export const servers = [
  {
    name: 'kinesis-labs',
    ours: true,
    async command(port, { accounts }) {
      const several = accounts === undefined ? [] : ['--accounts', String(accounts)];
      return { script: join(root, 'dist/cli/main.js'), args: ['sandbox', '--json', '--no-shard-limits', '--port', port, ...several] };
    },
    /** The keys that it prints. */
    async keys(output) {
      const { environment, accounts = [] } = JSON.parse(await output);
      return { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY, accounts };
    },
  },
  {
    name: 'kinesalite',
    peer: true,
    async command(port) {
      const times = ['--createStreamMs', '0', '--deleteStreamMs', '0', '--updateStreamMs', '0', '--shardLimit', '1000'];
      return { script: join(installed, 'node_modules/kinesalite/cli.js'), args: ['--port', port, ...times] };
    },
  },
  {
    name: 'kinesis-local',
    peer: true,
    async command(port) {
      const folder = join(installed, 'node_modules/kinesis-local');
      const env = {
        KINESIS_MOCK_PLAIN_PORT: port,
        KINESIS_MOCK_TLS_PORT: String(await freePort()),
        LOG_LEVEL: 'ERROR',
        CREATE_STREAM_DURATION: '10ms',
      };
      return { script: join(folder, 'main.js'), args: [], cwd: folder, env };
    },
  },
  {
    name: 'bare node',
    async command(port) {
      return { script: fileURLToPath(new URL('bare-server.mjs', import.meta.url)), args: [port] };
    },
  },
];

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const mostStartMs = 30_000;

/**
 * Starts a server in a process of its own, and waits for its first answer.
 * @param options.accounts how many accounts it is to have keys for; the sandbox only
 * @returns its endpoint, how long that took in milliseconds, and the means to look at it and to end it
 */
export async function start(server, options = {}) {
  const port = String(await freePort());
  const { script, args, cwd = root, env = {} } = await server.command(port, options);
  const { PATH, HOME } = process.env;
  const began = performance.now();
  const child = spawn(process.execPath, [script, ...args], { cwd, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
  const firstLine = new Promise((resolve) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (output.includes('\n')) resolve(output);
    });
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const answered = await answers(endpoint, child);
  if (!answered) {
    child.kill('SIGKILL');
    throw new Error(`${server.name} did not answer within ${mostStartMs / 1_000} s.`);
  }
  const startMs = performance.now() - began;
  const { accounts, ...credentials } = server.keys === undefined ? anyKeys : await server.keys(firstLine);
  return {
    ours: server.ours === true,
    endpoint,
    credentials,
    /** Its accounts, each with the keys of its root user. */
    accounts,
    startMs,
    /** Megabytes that it holds in memory now. */
    memory: () => Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1_024,
    /** Milliseconds of processor time that it has used. */
    cpu: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill(server.ours ? 'SIGINT' : 'SIGKILL');
      await ended;
    },
  };
}

/** Whether a server answers, whatever it is, before its time is over. */
async function answers(endpoint, child) {
  const deadline = performance.now() + mostStartMs;
  while (performance.now() < deadline && child.exitCode === null) {
    try {
      const answer = await fetch(endpoint, { method: 'POST', headers: { 'x-amz-target': 'Kinesis_20131202.ListStreams' }, body: '{}' });
      await answer.arrayBuffer();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  return false;
}
