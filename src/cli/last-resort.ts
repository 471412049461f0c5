import { isatty } from 'node:tty';
import { diskTrouble } from '../runner/state-disk.ts';
import { ExitCode } from '../util/exit-code.ts';
import { printBug } from './failure.ts';
import type { Surroundings } from './surroundings.ts';

/** Whoever read the output has gone: `| head`, a terminal that was closed. */
const readerGone = new Set(['EPIPE', 'EIO']);

/**
 * Takes care of what nobody else does, for as long as the process lives, so that what was created is taken down all the same:
 *
 * - Output that nobody reads any more is no failure. Output that cannot be written for another reason is one, which is told once.
 * - An exception that nobody caught, or a promise that nobody waited for, is a bug of ours. It is told, and ends what is being
 *   done as SIGTERM does.
 *
 * Neither ends with success. Where the terminal itself was closed, the process ends with SIGHUP, as others do: Node.js would
 * put back the settings of the terminal, and abort because it is not there.
 */
export function guardProcess(io: Surroundings, verbose: boolean): void {
  let worst: ExitCode | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (worst !== undefined || readerGone.has(error.code ?? '')) return;
      worst = ExitCode.couldNotRun;
      io.err(`kinesis-labs: What is printed cannot be written: ${diskTrouble(error)}. The work goes on without that.\n`);
    });
  }
  const terminals = [0, 1, 2].filter((file) => isatty(file));
  let told = false;
  process.on('uncaughtException', (error) => {
    worst = ExitCode.couldNotRun;
    // One bug shows in many ways. The second SIGTERM would stop the teardown.
    if (told) return;
    told = true;
    printBug(error, io, verbose);
    process.emit('SIGTERM', 'SIGTERM');
  });
  process.on('exit', (code) => {
    if (terminals.some((file) => !isatty(file))) process.kill(process.pid, 'SIGHUP');
    if (worst !== undefined && (told ? code !== ExitCode.leftBehind : code === ExitCode.ok)) process.exitCode = worst;
  });
}
