import { ExitCode } from '../util/exit-code.ts';
import { unreachable } from '../util/unreachable.ts';
import type { RunResult } from './event.ts';

/**
 * The exit code that a run's result stands for. An interruption is told as one whatever else happened; then money comes
 * first: something that was created and could not be removed.
 */
export function exitCodeOf(result: RunResult): ExitCode {
  if (result.outcome === 'interrupted') return ExitCode.interrupted;
  // Whose credentials have run out can go on, or remove everything, when they are good again.
  if (result.left.length > 0) return result.left.every(({ lost }) => lost === 'credentials') ? ExitCode.couldNotRun : ExitCode.leftBehind;
  switch (result.outcome) {
    case 'met':
      return ExitCode.ok;
    case 'not-met':
    case 'quit':
      return ExitCode.notMet;
    case 'could-not-run':
      return ExitCode.couldNotRun;
    default:
      return unreachable(result.outcome);
  }
}

const byWeight: readonly ExitCode[] = [
  ExitCode.interrupted,
  ExitCode.leftBehind,
  ExitCode.couldNotRun,
  ExitCode.usage,
  ExitCode.notMet,
  ExitCode.ok,
];

/** The one exit code of several runs: the gravest. Of no runs at all: could not run, because nothing was shown to be met. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  return byWeight.find((code) => codes.includes(code)) ?? ExitCode.couldNotRun;
}
