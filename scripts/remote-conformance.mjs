// The conformance suite of Kinesis against a remote target, which is a sandbox in a process of its own with the limits that AWS has,
// told to the suite by nothing but AWS's environment variables: so what is run against AWS is known to run, and to leave nothing.
// Runs on what was built; takes two minutes, most of which is waiting.
//
//   npm run conformance:remote [-- FILE…]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';

const mostMs = 600_000;
const root = fileURLToPath(new URL('..', import.meta.url));
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const sandbox = spawn(process.execPath, ['dist/cli/main.js', 'sandbox', '--json'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => sandbox.kill('SIGTERM'));
try {
  const { environment } = JSON.parse(await firstLine(sandbox.stdout));
  const suite = spawn('npx', ['--no-install', 'vitest', 'run', ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, ...environment, KINESIS_LABS_REMOTE: '1' },
    stdio: 'inherit',
    timeout: mostMs,
  });
  const [code] = await once(suite, 'close');
  const left = await streamsOf(environment);
  if (left.length > 0) console.error(`These streams were left behind: ${left.join(', ')}`);
  process.exitCode = code === 0 && left.length === 0 ? 0 : 1;
} finally {
  sandbox.kill('SIGTERM');
}

/** The first line that a program prints. */
async function firstLine(output) {
  let text = '';
  for await (const chunk of output) {
    text += chunk;
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error('The sandbox ended before it said where it is.');
}

async function streamsOf({ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }) {
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const client = new KinesisClient({ endpoint, region, credentials });
  const { StreamNames = [] } = await client.send(new ListStreamsCommand({}));
  client.destroy();
  return StreamNames;
}
