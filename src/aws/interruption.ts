import { type ApiCall, isReadOnly } from './api-call.ts';

/** Two signals, as whoever works at the terminal gives them. */
export interface Interruption {
  /** The first: no other call is begun. Reads in flight end, writes are let finish for a few seconds. */
  readonly signal?: AbortSignal;
  /** The second: writes in flight end, too. */
  readonly abandon?: AbortSignal;
  /** Told of a write that is let finish. */
  readonly onFinishing?: (call: ApiCall) => void;
}

/** When a call in flight is to be cut off. */
export interface CutOff {
  readonly signal?: AbortSignal;
  /** To be called when the call has ended. */
  done(): void;
}

// Most writes are answered in less than a second. What takes longer need not be (an invocation may take minutes).
const finishMs = 5_000;

const nothing = (): void => undefined;

/** Watches over one call. A write that is cut off leaves nobody knowing whether it took effect, so it is given its time. */
export function cutOffOf(call: ApiCall, { signal, abandon, onFinishing = nothing }: Interruption): CutOff {
  if (signal === undefined) return { done: nothing };
  if (isReadOnly(call)) return { signal, done: nothing };
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const cut = (): void => ending.abort(signal.reason);
  const letFinish = (): void => {
    if (abandon?.aborted) return;
    onFinishing(call);
    timer = setTimeout(cut, finishMs);
  };
  // Where both are the same one, nothing is let finish.
  abandon?.addEventListener('abort', cut);
  signal.addEventListener('abort', letFinish);
  return {
    signal: ending.signal,
    done() {
      clearTimeout(timer);
      abandon?.removeEventListener('abort', cut);
      signal.removeEventListener('abort', letFinish);
    },
  };
}
