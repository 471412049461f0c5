import { setMaxListeners } from 'node:events';

/** Ctrl-C and its relatives, turned into two signals: the first interrupts, the second stops at once. */
export interface Interrupts {
  /** Aborted by the first interruption: no other call is begun, and a write that is under way is let finish. */
  readonly signal: AbortSignal;
  /** Aborted by the second: that write ends, too, and so does the teardown. */
  readonly abandon: AbortSignal;
  /** Whether there is still somebody to ask: an interruption with SIGTERM or SIGHUP comes from a machine. */
  readonly byHand: boolean;
  /** Counts as a Ctrl-C; for prompts, which get that key themselves. */
  interrupt(): void;
  /** The terminal is gone: interrupts, however often it is said, and there is nobody to ask any more. */
  hangUp(): void;
  /** While `work` runs, the signals are somebody else's: those of a shell that the learner works in. */
  leaveTo<T>(work: () => Promise<T>): Promise<T>;
  dispose(): void;
}

/** Thrown where an interruption cuts something off. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

// npm and npx pass on the SIGINT that the terminal has already sent to everybody: one key press, twice the same signal.
const oneKeyPressMs = 400;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens for signals until it is disposed of. `onFirst` and `onSecond` may say what happens now. */
export function listenForInterrupts(tell: { readonly onFirst: () => void; readonly onSecond: () => void }): Interrupts {
  const first = new AbortController();
  const second = new AbortController();
  // Every call and every wait that goes on listens to them.
  setMaxListeners(0, first.signal, second.signal);
  let last: { readonly signal: NodeJS.Signals; readonly at: number } | undefined;
  let leftToOthers = false;
  let byHand = true;

  function interrupt(): void {
    if (!first.signal.aborted) {
      tell.onFirst();
      first.abort(new Interrupted('The run was interrupted.'));
    } else if (!second.signal.aborted) {
      tell.onSecond();
      second.abort(new Interrupted('The teardown was interrupted.'));
    }
  }

  function hangUp(): void {
    byHand = false;
    if (!first.signal.aborted) interrupt();
  }

  function onSignal(signal: NodeJS.Signals): void {
    if (leftToOthers && signal === 'SIGINT') return;
    if (signal === 'SIGHUP') {
      hangUp();
      return;
    }
    const at = performance.now();
    if (signal === last?.signal && at - last.at < oneKeyPressMs) return;
    last = { signal, at };
    if (signal !== 'SIGINT') byHand = false;
    interrupt();
  }

  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: first.signal,
    abandon: second.signal,
    get byHand() {
      return byHand;
    },
    interrupt,
    hangUp,
    async leaveTo(work) {
      leftToOthers = true;
      try {
        return await work();
      } finally {
        leftToOthers = false;
      }
    },
    dispose() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
