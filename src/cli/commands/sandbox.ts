import { once } from 'node:events';
import { ExitCode } from '../../util/exit-code.ts';
import { jsonText } from '../../util/json.ts';
import { UserError } from '../../util/user-error.ts';
import { printBug } from '../failure.ts';
import { giveMemoryBack } from '../idle-memory.ts';
import { listenForInterrupts } from '../interrupts.ts';
import type { FaultFlags, OutputFlags } from '../options.ts';
import { sandboxEnvironment, sandboxRegion, virtualTimeVariable } from '../sandbox-environment.ts';
import { profileLines, type Shell, settingLines, shellOf } from '../setting-lines.ts';
import type { Surroundings } from '../surroundings.ts';

export interface SandboxFlags extends OutputFlags, FaultFlags {
  readonly port?: number;
  /** Address or name. */
  readonly host: string;
  readonly region?: string;
  readonly shardLimits: boolean;
  readonly realistic?: boolean;
  readonly virtualTime?: boolean;
  /** How many times as fast as the machine's its time passes. */
  readonly speed?: number;
  /** How many accounts, or the name of a file that lists them. */
  readonly accounts?: string;
  readonly anyCredentials?: boolean;
  readonly print?: Shell | 'profile';
}

type Running = Awaited<ReturnType<typeof start>>;

/** An account of a running sandbox, and how its root user signs. */
interface Opened extends Pick<Running['sandbox'], 'endpoint' | 'region' | 'account' | 'credentials'> {}

/** Runs the embedded AWS until it is interrupted, which is its ordinary end. */
export async function sandbox(flags: SandboxFlags, io: Surroundings): Promise<ExitCode> {
  const interrupts = listenForInterrupts({ onFirst: () => undefined, onSecond: () => undefined });
  try {
    const loopback = (await import('../../sandbox/door.ts')).isLoopbackAddress(flags.host);
    if (flags.anyCredentials && !loopback) throw openToEverybody(flags.host);
    const { sandbox: running, opened } = await start(flags, io);
    io.reveal(`${flags.json ? described(running, opened, flags) : linesFor(opened, flags, io).join('\n')}\n`);
    if (!loopback) io.err(openToOthers);
    if (flags.anyCredentials && !flags.quiet) io.err(openToThisMachine);
    if (!flags.quiet && !flags.json) io.err(`The sandbox runs until you press Ctrl-C. ${whatToDo(flags)}\n`);
    const keepMemory = giveMemoryBack();
    await interrupted(interrupts.signal);
    keepMemory();
    await running.stop();
    return ExitCode.ok;
  } finally {
    interrupts.dispose();
  }
}

const openToOthers =
  'Other machines can reach this sandbox. Its requests are not encrypted, and whoever has its credentials can run programs here, as you.\n';

const openToThisMachine = 'Every program on this machine can use this sandbox, with any credentials, and run programs here as you.\n';

function openToEverybody(host: string): UserError {
  return new UserError(`--any-credentials with --host ${host} would let everybody who can reach this machine run programs here, as you.`, {
    hint: 'Leave one of the two out. --accounts gives a sandbox keys that you have chosen.',
  });
}

function whatToDo({ print, accounts }: SandboxFlags): string {
  if ((print ?? (accounts === undefined ? 'shell' : 'profile')) !== 'profile') return 'Paste the lines above into another terminal.';
  return 'Put the lines above into ~/.aws/config, or into a file that AWS_CONFIG_FILE names, and choose one with --profile.';
}

function environmentOf({ endpoint, region, credentials }: Opened, { virtualTime }: SandboxFlags) {
  return { ...sandboxEnvironment({ endpoint, region, credentials }), ...(virtualTime ? { [virtualTimeVariable]: endpoint } : {}) };
}

function described({ endpoint, port }: Running['sandbox'], opened: readonly [Opened, ...Opened[]], flags: SandboxFlags): string {
  const [first] = opened;
  const listed = flags.accounts === undefined ? {} : { accounts: opened.map(({ account, credentials }) => ({ account, ...credentials })) };
  return jsonText({ endpoint, port, account: first.account, environment: environmentOf(first, flags), ...listed });
}

/** What to paste: of several accounts a profile each; in a shell, whose variables can name one only, the first. */
function linesFor(opened: readonly [Opened, ...Opened[]], flags: SandboxFlags, io: Surroundings): readonly string[] {
  const { print = flags.accounts === undefined ? shellOf(io.env) : 'profile' } = flags;
  if (print !== 'profile') return settingLines(print, environmentOf(opened[0], flags), io.env);
  return opened.flatMap((each) =>
    profileLines(opened.length === 1 ? 'kinesis-labs' : `kinesis-labs-${each.account}`, {
      region: each.region,
      endpoint_url: each.endpoint,
      aws_access_key_id: each.credentials.accessKeyId,
      aws_secret_access_key: each.credentials.secretAccessKey,
    }),
  );
}

/** Starts a sandbox. @returns it, and the accounts that were asked for, the first of which is its own. */
async function start(flags: SandboxFlags, io: Surroundings) {
  const { port, host, verbose, shardLimits, realistic, virtualTime = false, speed = 1, anyCredentials = false, fault = [] } = flags;
  const listed = flags.accounts === undefined ? [] : (await import('../account-list.ts')).readAccounts(flags.accounts, io.cwd);
  const account = listed[0]?.account;
  const region = sandboxRegion(flags, io);
  const [{ startSandbox }, { quickDelays, realisticDelays }] = await Promise.all([
    import('../../sandbox/start.ts'),
    import('../../sandbox/delays.ts'),
  ]);
  try {
    const sandbox = await startSandbox({
      host,
      shardLimits,
      faults: fault,
      virtualTime,
      speed,
      anyCredentials,
      rootKeys: listed.flatMap(({ account, key }) => (key === undefined ? [] : [{ account, ...key }])),
      delays: realistic ? realisticDelays : quickDelays,
      onBug: (error) => printBug(error, io, verbose ?? false),
      ...(port === undefined ? {} : { port }),
      ...(region === undefined ? {} : { region }),
      ...(account === undefined ? {} : { account }),
    });
    const { endpoint, region: home } = sandbox;
    const others = listed.map((each): Opened => {
      return { endpoint, region: home, account: each.account, credentials: each.key ?? sandbox.credentialsOf(each.account) };
    });
    const opened: readonly [Opened, ...Opened[]] = [others[0] ?? sandbox, ...others.slice(1)];
    return { sandbox, opened };
  } catch (error) {
    throw notListening(error, flags);
  }
}

/** What to do about an error of the operating system; the error itself where nothing is known about it. */
function notListening(error: unknown, { port, host }: SandboxFlags): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const problem = (message: string, hint: string) => new UserError(message, { exitCode: ExitCode.couldNotRun, hint, cause: error });
  switch (code) {
    case 'EADDRINUSE':
    case 'EACCES':
      return problem(
        `Port ${port} ${code === 'EACCES' ? 'may not be used' : 'is in use already'}.`,
        'Choose another one with --port, or leave it out to take a free one.',
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return problem(
        `"${host}" is no address of this machine.`,
        'Leave --host out to listen for programs on this machine only. --host 0.0.0.0 listens on all addresses.',
      );
    default:
      return error;
  }
}

async function interrupted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
