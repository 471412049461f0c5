import { once } from 'node:events';
import { ExitCode } from '../../util/exit-code.ts';
import { jsonText } from '../../util/json.ts';
import { UserError } from '../../util/user-error.ts';
import { printBug } from '../failure.ts';
import { listenForInterrupts } from '../interrupts.ts';
import type { FaultFlags, OutputFlags } from '../options.ts';
import type { Surroundings } from '../surroundings.ts';
import { exportLines, sandboxEnvironment, sandboxRegion, virtualTimeVariable } from '../target.ts';

export interface SandboxFlags extends OutputFlags, FaultFlags {
  readonly port?: number;
  /** Address or name. */
  readonly host: string;
  readonly region?: string;
  readonly shardLimits: boolean;
  readonly realistic?: boolean;
  readonly virtualTime?: boolean;
}

/** Runs the embedded AWS until it is interrupted, which is its ordinary end. */
export async function sandbox(flags: SandboxFlags, io: Surroundings): Promise<ExitCode> {
  const interrupts = listenForInterrupts({ onFirst: () => undefined, onSecond: () => undefined });
  try {
    const running = await start(flags, io);
    const time = flags.virtualTime ? { [virtualTimeVariable]: running.endpoint } : {};
    const environment = { ...sandboxEnvironment(running), ...time };
    if (flags.json) io.reveal(`${jsonText({ endpoint: running.endpoint, port: running.port, account: running.account, environment })}\n`);
    else io.reveal(`${exportLines(environment, io.env).join('\n')}\n`);
    if (!(await import('../../sandbox/door.ts')).isLoopbackAddress(flags.host)) io.err(openToOthers);
    if (!flags.quiet && !flags.json) io.err('The sandbox runs until you press Ctrl-C. Paste the lines above into another terminal.\n');
    await interrupted(interrupts.signal);
    await running.stop();
    return ExitCode.ok;
  } finally {
    interrupts.dispose();
  }
}

const openToOthers =
  'Other machines can reach this sandbox. Its requests are not encrypted, and whoever has its credentials can run programs here, as you.\n';

async function start(flags: SandboxFlags, io: Surroundings) {
  const { port, host, verbose, shardLimits, realistic, virtualTime = false, fault = [] } = flags;
  const region = sandboxRegion(flags, io);
  const [{ startSandbox }, { quickDelays, realisticDelays }] = await Promise.all([
    import('../../sandbox/start.ts'),
    import('../../sandbox/delays.ts'),
  ]);
  try {
    return await startSandbox({
      host,
      shardLimits,
      faults: fault,
      virtualTime,
      delays: realistic ? realisticDelays : quickDelays,
      onBug: (error) => printBug(error, io, verbose ?? false),
      ...(port === undefined ? {} : { port }),
      ...(region === undefined ? {} : { region }),
    });
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
