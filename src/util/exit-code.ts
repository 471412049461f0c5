/**
 * What the program's exit code tells a script. The program starts out with `couldNotRun` and has to earn its `ok`.
 */
export const ExitCode = {
  /** Everything that was asked for is met. */
  ok: 0,
  /** A check is not met. */
  notMet: 1,
  /** A wrong argument, or a lab file that is not valid. */
  usage: 2,
  /** Could not run: no credentials, no network, a program that is missing. */
  couldNotRun: 3,
  /** Something that was created could not be removed. */
  leftBehind: 4,
  /** Ctrl-C (128 + SIGINT). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
