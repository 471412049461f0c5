// Where the points of the kill matrix are tried: a sandbox in a process of its own, a home, and runs against them.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSession } from '../../dist/aws/session.js';
import { createWait } from '../../dist/aws/wait.js';
import { runProgram } from '../../dist/cli/program.js';
import { liveLedgers, readLedgers } from '../../dist/runner/state-folder.js';
import { wallClock } from '../../dist/util/clock.js';
import { inventory, named } from '../support/inventory.mjs';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const alone = fileURLToPath(new URL('alone.mjs', import.meta.url));
const together = fileURLToPath(new URL('together.mjs', import.meta.url));
const mostRunMs = 120_000;

// As the program does, for what runs in this process.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
// Each `clean` listens for signals, and so many are none too many.
process.setMaxListeners(0);

/** @param {string} home a folder for all that is written. */
export async function openGround(home) {
  const [state, temporary, log] = [join(home, 'state'), join(home, 'tmp'), join(home, 'calls.log')];
  for (const folder of [state, temporary]) mkdirSync(folder, { recursive: true });
  const own = { PATH: process.env.PATH, HOME: home, KINESIS_LABS_HOME: state, TMPDIR: temporary };
  const sandbox = spawn(process.execPath, [main, 'sandbox', '--json', '--virtual-time'], {
    env: own,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(sandbox.stdout, 'data');
  const { endpoint, environment } = JSON.parse(String(line));
  const credentials = { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: environment.AWS_SECRET_ACCESS_KEY };
  const target = { label: endpoint, endpoint, region: environment.AWS_REGION, credentials, propagationMs: 0, billed: false };
  const aws = openSession({ target, readOnly: true, clock: wallClock, wait: createWait({ clock: wallClock }) });
  const env = { ...own, ...environment };

  return {
    /**
     * What a process has to know to do a lab here. `at` says at which call it is stopped; without one, the log says what was in
     * the state folder before and after each call.
     */
    run(lab, at = { state }) {
      writeFileSync(log, '');
      return { lab, endpoint, port: Number(new URL(endpoint).port), env, cwd: home, log, ...at };
    },

    /** `kinesis-labs clean`, in this process, which has its modules loaded already. */
    async clean() {
      let output = '';
      const out = (text) => (output += text);
      const io = { env, cwd: home, interactive: false, colour: false, width: 100, out, err: out, reveal: out };
      return { code: await runProgram(['clean'], io), output };
    },

    /** Everything that exists: `stream orders`. */
    async inventory() {
      return (await inventory(aws)).map(named);
    },

    /** Runs whose ledgers say that something is alive. */
    alive() {
      return liveLedgers(readLedgers({ path: state }).ledgers).map(({ header }) => header.run);
    },

    async close() {
      aws.destroy();
      sandbox.kill('SIGTERM');
      await once(sandbox, 'exit');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * Does a lab on a ground, in a process of its own, as whoever types `kinesis-labs test` does.
 * @param at at which call the process is sent `signal`, if it is
 * @returns how it ended, what it printed, and which calls it made
 */
export async function runAlone(ground, lab, { signal, ...at } = {}) {
  const run = ground.run(lab, signal === undefined ? undefined : at);
  const env = { ...run.env, KINESIS_LABS_AT_CALL: JSON.stringify({ run, signal }) };
  const child = spawn(process.execPath, ['--import', alone, main, 'test', lab, '--target', run.endpoint, '--quiet'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return { ...(await ended(child)), output, log: callsOf(run) };
}

/**
 * A process that does labs side by side, batch by batch: it is started when it is needed, and again after it was killed.
 * @param {string} home a folder for what it writes outside of the homes of its runs
 */
export function openTogether(home) {
  const env = { ...process.env, TMPDIR: home };
  let worker;

  function start() {
    const child = fork(together, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    // All that it has said is there when it has disconnected; what it has ended with, when it has exited.
    const over = Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(() => (worker = undefined));
    worker = { child, over };
  }

  return {
    /**
     * Does a lab on each of some grounds; the process is sent `signal` when each is at its point.
     * @param entries the ground, the lab, and at which call it is stopped
     * @returns of each, the same as of one that runs alone
     */
    async run(entries, signal) {
      const runs = entries.map(({ ground, lab, call, when }) => ground.run(lab, { call, when }));
      const done = runs.map(() => ({ code: null, output: '' }));
      if (worker === undefined) start();
      const { child, over } = worker;
      const allDone = new Promise((resolve) => {
        let missing = runs.length;
        child.on('message', ({ index, ...ended }) => {
          done[index] = ended;
          missing -= 1;
          if (missing === 0) resolve();
        });
      });
      const late = setTimeout(() => child.kill('SIGKILL'), mostRunMs);
      child.send({ runs, signal });
      await Promise.race([allDone, over]);
      clearTimeout(late);
      child.removeAllListeners('message');
      return runs.map((run, index) => ({ signal: child.signalCode, ...done[index], log: callsOf(run) }));
    },

    async close() {
      worker?.child.disconnect();
      await worker?.over;
    },
  };
}

async function ended(child) {
  const late = setTimeout(() => child.kill('SIGKILL'), mostRunMs);
  const [code, signal] = await once(child, 'close');
  clearTimeout(late);
  return { code, signal };
}

function callsOf({ log }) {
  const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}
