import { isDeepStrictEqual } from 'node:util';
import type { ApiCall } from '../aws/api-call.ts';
import { cliLines } from '../aws/cli-line.ts';
import type { Finding } from './step.ts';

/** A finding that compares a configured value with the one that AWS has. */
export function compared(fact: string, expected: unknown, observed: unknown, hint: string): Finding {
  return looked(fact, isDeepStrictEqual(expected, observed), phrase(expected), phrase(observed), hint);
}

/** A finding of something that was looked at in another way than by comparing two values. */
export function looked(fact: string, ok: boolean, expected: string, observed: string, hint: string): Finding {
  return { fact, expected, observed, ok, ...(ok ? {} : { hint }) };
}

/** A finding that there is nothing to look at. */
export function missing(fact: string, expected: string, observed: string, hint: string): Finding {
  return { ...looked(fact, false, expected, observed, hint), absent: true };
}

/** A value as it can stand behind "expected:". */
export function phrase(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** How to make a call by hand, for hints; calls that carry text as bytes are not among them. */
export function byHand(call: ApiCall): string {
  return cliLines(call, { version: 2 }).join('\n');
}
