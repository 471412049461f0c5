import { ExitCode } from './exit-code.ts';

/**
 * A problem that the user can do something about. Its message names the thing and says what was seen; `hint` says what
 * to do next. It is printed without a stack trace; every other exception is a bug of ours and is reported as one.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, options: { readonly exitCode?: ExitCode; readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? ExitCode.usage;
    this.hint = options.hint;
  }
}

/** What to do about every other exception. */
export const reportBug = 'Please report it, with what -v says about where it happened, and kinesis-labs --version.';
