import type { MessagePort } from 'node:worker_threads';
import type { Sight } from '../runner/proof/sight.ts';
import type { TrialRef } from '../runner/proof/trial.ts';
import type { ExitCode } from '../util/exit-code.ts';
import { masked } from '../util/redact.ts';
import { UserError } from '../util/user-error.ts';
import type { ProofFlags } from './proof-tools.ts';
import type { Surroundings } from './surroundings.ts';

/** A bench that a thread is to open. */
export interface BenchOrder {
  /** Of the lab file. */
  readonly path: string;
  readonly flags: ProofFlags;
  /** What the thread has to know of the surroundings; what it prints it says to the port. */
  readonly place: Pick<Surroundings, 'env' | 'cwd' | 'colour' | 'width'>;
  /** As in `WorldOptions`. */
  readonly present: ReadonlySet<string>;
}

/** What a thread is told. */
export type ThreadRequest =
  | { readonly type: 'open'; readonly port: MessagePort; readonly order: BenchOrder }
  | { readonly type: 'interrupt' };

/** What a bench is asked, one at a time. */
export type BenchRequest = { readonly type: 'try'; readonly trial: TrialRef } | { readonly type: 'close' };

/** What comes back: one answer to each request, and before it whatever is printed meanwhile. */
export type BenchMessage =
  | { readonly type: 'said'; readonly text: string }
  | { readonly type: 'tried'; readonly sight: Sight }
  | { readonly type: 'closed' }
  | { readonly type: 'failed'; readonly error: Error };

/** A message as text. Each thread knows its own secrets only, so they are taken out before anything leaves it. */
export function encoded(message: BenchMessage): string {
  return JSON.stringify(message, (_, value) => {
    if (typeof value === 'string') return masked(value);
    return value instanceof Error ? { ...shapeOf(value), [errorMark]: true } : value;
  });
}

export function decoded(text: string): BenchMessage {
  return JSON.parse(text, (_, value) => (isShape(value) ? errorOf(value) : value)) as BenchMessage;
}

const errorMark = 'isError';

interface ErrorShape {
  readonly message: string;
  readonly stack?: string | undefined;
  /** Of a `UserError`. */
  readonly exitCode?: ExitCode;
  readonly hint?: string | undefined;
}

function shapeOf(error: Error): ErrorShape {
  const { message, stack } = error;
  return error instanceof UserError ? { message, exitCode: error.exitCode, hint: error.hint } : { message, stack };
}

function isShape(value: unknown): value is ErrorShape {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, errorMark);
}

function errorOf({ message, stack, exitCode, hint }: ErrorShape): Error {
  if (exitCode !== undefined) return new UserError(message, { exitCode, ...(hint === undefined ? {} : { hint }) });
  return Object.assign(new Error(message), { stack });
}
