import { ApiError } from '../aws/aws.ts';
import { WaitTimeout } from '../aws/wait.ts';
import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';

/** What to do about one thing that AWS can answer. */
export interface Advice {
  readonly code: string;
  /** A part of AWS's text that stays the same; without it the code is enough. */
  readonly text?: string;
  readonly hint: string;
}

/**
 * The same promise; where AWS refuses it with something that there is advice for, the error says AWS's own text and what
 * to do about it.
 */
export async function advised<T>(answer: Promise<T>, advice: readonly Advice[]): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const known = advice.find(({ code, text = '' }) => error.code === code && error.message.includes(text));
    if (known === undefined) throw error;
    const { service, operation } = error.call;
    throw new UserError(`AWS answered ${error.code} to ${service}:${operation}: ${error.message}`, {
      exitCode: ExitCode.notMet,
      hint: known.hint,
      cause: error,
    });
  }
}

/** The answer of a wait, or `undefined` when its time is over: for checks, in which that is a finding like others. */
export async function inTime<T>(waiting: Promise<T>): Promise<T | undefined> {
  try {
    return await waiting;
  } catch (error) {
    if (error instanceof WaitTimeout) return undefined;
    throw error;
  }
}

/** What is there already and cannot be made what the step asks for. */
export function cannotBecome(message: string, hint: string): UserError {
  return new UserError(message, { exitCode: ExitCode.notMet, hint });
}
