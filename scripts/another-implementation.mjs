// Lab 01 on another implementation of AWS: moto_server, where it is installed (pip install 'moto[server]'). It has the APIs, and
// runs no functions. So what is set up is met, the step that waits for the log of the function says clearly, when its time is
// over, what it has waited for, and moto is as empty afterwards as it was before. Without the managed policies of AWS, which
// moto loads only when it is told to, the lab stops at the role that needs one. Runs on what was built; takes three minutes.
//
//   npm run another-implementation [-- --report FILE]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openSession } from '../dist/aws/session.js';
import { createWait } from '../dist/aws/wait.js';
import { wallClock } from '../dist/util/clock.js';
import { inventory, named } from './support/inventory.mjs';

const { values: flags } = parseArgs({ options: { report: { type: 'string' } } });
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'somebody' };
const region = 'us-east-1';
const mostStartMs = 60_000;
// The step waits for the log for 165 s, and looks once more; nothing else in the lab waits on moto.
const mostRunMs = 240_000;
let passed = 0;
const failures = [];
/** Processes that must not outlive this one. */
const started = new Set();

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of started) child.kill('SIGTERM');
    process.exit(1);
  });
}

function check(what, holds, seen) {
  if (holds) passed += 1;
  else failures.push(what);
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}${holds ? '' : `\n${String(seen).replace(/^/gm, '    ')}`}`);
}

/** Does something with a moto_server of its own. */
async function onMoto(environment, work) {
  const port = await freePort();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  started.add(child);
  const home = mkdtempSync(join(tmpdir(), 'kinesis-labs-moto-'));
  try {
    await once(child, 'spawn');
    const endpoint = `http://127.0.0.1:${port}`;
    await answers(`${endpoint}/moto-api/`);
    return await work({ endpoint, home });
  } finally {
    child.kill('SIGTERM');
    await ended;
    started.delete(child);
    rmSync(home, { recursive: true, force: true });
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url) {
  const end = Date.now() + mostStartMs;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > end) throw new Error(`moto_server does not answer within ${mostStartMs / 1000} s.`);
    await wallClock.sleep(200);
  }
}

/** Runs the program as a user does. @returns its exit code, what it printed, and its report. */
async function program(args, { home, endpoint }) {
  const child = spawn(process.execPath, [main, ...args], {
    env: {
      PATH: process.env.PATH,
      HOME: home,
      KINESIS_LABS_HOME: join(home, 'state'),
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  started.add(child);
  const late = setTimeout(() => child.kill('SIGKILL'), mostRunMs);
  const [code] = await once(child, 'close');
  clearTimeout(late);
  started.delete(child);
  return { code, output };
}

/** Runs lab 01, and checks what has to be so however it ends. */
async function runLab(where, moto) {
  const { endpoint, home } = moto;
  const target = { label: endpoint, endpoint, region, credentials, propagationMs: 0, billed: false };
  const aws = openSession({ target, readOnly: true, clock: wallClock, wait: createWait({ clock: wallClock }) });
  try {
    const standing = async () => (await inventory(aws)).map(named).sort().join('\n');
    const before = await standing();
    const report = join(home, 'report.json');
    const { code, output } = await program(['test', '01', '--target', endpoint, '--report', `json=${report}`], moto);
    const after = await standing();
    check(`${where}: what is there afterwards was there before`, after === before, `before:\n${before}\nafter:\n${after}\n${output}`);
    check(`${where}: exit code 1`, code === 1, `${code}\n${output}`);
    check(`${where}: no stack trace`, !/\n\s+at .+:\d+:\d+/.test(output), output);
    check(`${where}: it says that nothing is left`, output.includes('Nothing is left behind.'), output);
    const status = await program(['status'], moto);
    check(`${where}: status finds nothing alive`, status.code === 0 && status.output.includes('Nothing is alive.'), status.output);
    const [run] = JSON.parse(readFileSync(report, 'utf8')).runs;
    return { run, output, outcomes: run.steps.map(({ id, outcome }) => `${id} ${outcome}`) };
  } finally {
    aws.destroy();
  }
}

async function withoutManagedPolicies(moto) {
  const where = 'without managed policies';
  const { outcomes, output } = await runLab(where, moto);
  const stopped = outcomes[0] === 'role not-met' && outcomes.slice(1).every((each) => each.endsWith(' not-reached'));
  check(`${where}: it stops at the role`, stopped, outcomes.join('\n'));
  const clear = output.includes('AWSLambdaKinesisExecutionRole') && output.includes('There is no such managed policy.');
  check(`${where}: it says which policy there is not`, clear, output);
}

async function withManagedPolicies(moto) {
  const where = 'with managed policies';
  const { run, outcomes, output } = await runLab(where, moto);
  const met = ['role', 'stream', 'list', 'describe', 'logger', 'mapping'];
  for (const id of met) check(`${where}: step ${id} is met`, outcomes.includes(`${id} met`), outcomes.join('\n'));
  const rest = outcomes.slice(met.length);
  const asExpected = rest[0] === 'hello not-met' && rest.slice(1).every((each) => each.endsWith(' not-reached'));
  check(`${where}: the step that waits for the log is not met, and the last one`, asExpected, outcomes.join('\n'));
  const hello = run.steps.find(({ id }) => id === 'hello');
  check(`${where}: it ends when its time is over`, hello.durationMs > 160_000 && hello.durationMs < 220_000, hello.durationMs);
  const [inStream, inLog] = hello.findings;
  const clear = hello.findings.length === 2 && inStream.ok && !inLog.ok && inLog.observed === 'the log does not show it';
  check(`${where}: it says that the record is in the stream and not in the log`, clear, `${JSON.stringify(hello.findings)}\n${output}`);
}

const installed = await new Promise((resolve) => {
  const child = spawn('moto_server', ['--help'], { stdio: 'ignore' });
  child.once('error', () => resolve(false));
  child.once('close', (code) => resolve(code === 0));
});
if (installed) {
  await Promise.all([onMoto({}, withoutManagedPolicies), onMoto({ MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' }, withManagedPolicies)]);
  console.log(`another implementation: ${passed} checks passed, ${failures.length} failed`);
} else {
  console.log('another implementation: skipped, because this machine has no moto_server');
}
if (flags.report !== undefined) writeFileSync(flags.report, JSON.stringify({ passed, failures }));
process.exitCode = failures.length === 0 ? 0 : 1;
