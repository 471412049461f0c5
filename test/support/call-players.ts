import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as sdk from '@aws-sdk/client-kinesis';
import { cliLines } from '../../src/aws/cli-line.ts';
import { cliName } from '../../src/aws/cli-name.ts';
import { installedCliVersion } from '../../src/aws/installed-cli.ts';
import { createWait } from '../../src/aws/wait.ts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { wallClock } from '../../src/util/clock.ts';
import type { CallStep } from './call-script.ts';
import { environmentFor } from './environment.ts';
import { run } from './programs.ts';

/** What the steps of a script were answered, by their names; an error has `refused` and `message`. */
export type Answers = Readonly<Record<string, unknown>>;

type Input = Readonly<Record<string, unknown>>;
/** Plays one step whose input has been made out. */
type Player = (step: CallStep, input: Input) => Promise<unknown>;

const wait = createWait({ clock: wallClock });

/** Plays a script step by step. */
async function play(script: readonly CallStep[], player: Player): Promise<Answers> {
  const answers: Record<string, unknown> = {};
  for (const step of script) answers[step.name] = await player(step, resolved(step.input, answers) as Input);
  return answers;
}

function resolved(value: unknown, answers: Answers): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, answers));
  if (typeof value !== 'object' || value === null) return value;
  if ('text' in value) return Buffer.from(String(value.text));
  if ('answer' in value && 'path' in value) return found(answers[String(value.answer)], value.path as readonly string[]);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolved(each, answers)]));
}

function found(answer: unknown, path: readonly string[]): unknown {
  return path.reduce((value, name) => (value as Input | undefined)?.[name], answer);
}

/** Repeats a call until what it polls for is there. */
async function answered(step: CallStep, call: () => Promise<unknown>): Promise<unknown> {
  if (step.kind !== 'poll') return call();
  return wait({ what: step.name, timeoutMs: 30_000, intervalMs: 100 }, async () => {
    const answer = await call();
    return found(answer, step.path) === step.value ? answer : undefined;
  });
}

/** Plays a script with the SDK for JavaScript. */
export async function playSdk(script: readonly CallStep[], { endpoint, region, credentials }: Sandbox): Promise<Answers> {
  const client = new sdk.KinesisClient({ endpoint, region, credentials });
  const library = sdk as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
  const send = async ({ operation }: CallStep, input: Input): Promise<Input> => {
    const Command = library[`${operation}Command`] as unknown as new (input: Input) => sdk.ListStreamsCommand;
    const { $metadata: _, ...answer } = await client.send(new Command(input));
    return answer;
  };
  const player: Player = async (step, input) => {
    switch (step.kind) {
      case 'wait':
        await library[`waitUntil${step.operation}`]?.({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, input);
        return {};
      case 'pages': {
        const pages = library[`paginate${step.operation}`]?.({ client, pageSize: 1 }, input) as AsyncIterable<Record<string, unknown[]>>;
        const answer: Record<string, unknown[]> = Object.fromEntries(step.members.map((member) => [member, []]));
        for await (const page of pages) for (const member of step.members) answer[member]?.push(...(page[member] ?? []));
        return answer;
      }
      case 'event':
        for await (const event of (await send(step, input))['EventStream'] as AsyncIterable<unknown>) return event;
        return undefined;
      default:
        return answered(step, () => send(step, input));
    }
  };
  try {
    return await play(script, (step, input) =>
      player(step, input).catch((error: unknown) => {
        if (!(error instanceof sdk.KinesisServiceException)) throw error;
        return { refused: error.name, message: error.message };
      }),
    );
  } finally {
    client.destroy();
  }
}

/** Plays a script with the AWS CLI, in the lines that the program prints. */
export async function playCli(script: readonly CallStep[], sandbox: Sandbox): Promise<Answers> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', AWS_PAGER: '', ...environmentFor(sandbox, sandbox.credentials) };
  const version = await installedCliVersion();
  const player: Player = async (step, input) => {
    const more = step.kind === 'pages' ? ['--page-size', '1'] : ['--no-paginate'];
    const lines =
      step.kind === 'wait'
        ? [`aws kinesis wait ${cliName(step.operation)} --stream-name ${input['StreamName']}`]
        : cliLines({ service: 'kinesis', operation: step.operation, input }, { version, more });
    const { code, stdout, stderr } = await run('bash', ['-euc', lines.join('\n')], { env });
    if (code === 0) return stdout === '' ? {} : JSON.parse(stdout);
    const [, refused, message] = /An error occurred \((\w+)\) when calling the \w+ operation: (.*)\n/.exec(stderr) ?? [];
    if (refused === undefined) throw new Error(`${lines.join('\n')} ended with ${code}: ${stderr}`);
    return { refused, message };
  };
  return play(script, (step, input) => answered(step, () => player(step, input)));
}

/** Plays a script with boto3, in one process. */
export function playBoto3(script: readonly CallStep[], sandbox: Sandbox): Promise<Answers> {
  const env = { PATH: process.env['PATH'] ?? '', ...environmentFor(sandbox, sandbox.credentials) };
  const file = fileURLToPath(new URL('boto3_player.py', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn('python3', [file], { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: 120_000 });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(stdout)) : reject(new Error(`boto3 ended with ${code}: ${stderr}`))));
    child.stdin.end(JSON.stringify(script));
  });
}

/**
 * The answers without what is another one each time: numbers, tokens, times, what the SDK alone adds. Bytes become text, as the
 * CLI prints them in base64.
 */
export function comparable(value: unknown, name = ''): unknown {
  if (/Timestamp$/.test(name)) return '<time>';
  if (/(Iterator|Token)$/.test(name)) return '<token>';
  if (name === 'MillisBehindLatest') return '<ms>';
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (name === 'Data') return Buffer.from(String(value), 'base64').toString();
  if (Array.isArray(value)) return value.map((each) => comparable(each));
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(members.map(([member, each]) => [member, comparable(each, member)]));
  }
  if (typeof value !== 'string') return value;
  return value.replace(/^49\d{54}$/, '<number>').replace(/(\/consumer\/\w+):\d+$/, '$1:<time>');
}
