import { ExitCode } from '../util/exit-code.ts';
import { legible } from '../util/printable.ts';
import { createPaint, wrap } from '../util/text.ts';
import { reportBug, UserError } from '../util/user-error.ts';
import { Interrupted } from './interrupts.ts';
import { PromptCancelled } from './prompter.ts';
import type { Surroundings } from './surroundings.ts';

/** Says on standard error what went wrong and what to do. @returns the exit code that it stands for. */
export function printFailure(error: unknown, io: Surroundings, verbose: boolean): ExitCode {
  const paint = createPaint(io.colour);
  if (error instanceof UserError) {
    const hint = error.hint === undefined ? '' : `${wrap(legible(error.hint), io.width)}\n`;
    io.err(`${paint('red', 'kinesis-labs:')} ${legible(error.message)}\n${hint}`);
    return error.exitCode;
  }
  if (error instanceof PromptCancelled || error instanceof Interrupted) {
    io.err('Interrupted.\n');
    return ExitCode.interrupted;
  }
  printBug(error, io, verbose);
  return ExitCode.couldNotRun;
}

/** Says that the program is at fault. The stack is for whoever repairs it, and is shown when it is asked for. */
export function printBug(error: unknown, io: Surroundings, verbose: boolean): void {
  const paint = createPaint(io.colour);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const details = verbose ? `${legible(stack ?? '', 10_000)}\n` : '';
  io.err(`${paint('red', 'kinesis-labs:')} This is a bug in kinesis-labs: ${legible(message)}\n${details}${reportBug}\n`);
}
