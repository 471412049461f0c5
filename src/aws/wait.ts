/** A bounded wait for something to become true on AWS. */
export interface WaitOptions {
  /** Completes the sentence "waiting for …": `the stream orders to become ACTIVE`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Between two polls; grows by half each time up to four times itself. Default 250. */
  readonly intervalMs?: number;
}

/**
 * Polls until `poll` answers something else than `undefined`, and returns that.
 * @throws {WaitTimeout} when `timeoutMs` have passed.
 * @throws the signal's reason when the run is interrupted.
 */
export type Wait = <T>(options: WaitOptions, poll: () => Promise<T | undefined>) => Promise<T>;

/** What was waited for did not come about in time. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
  readonly what: string;
  readonly waitedMs: number;

  constructor(what: string, waitedMs: number) {
    super(`Waited ${Math.round(waitedMs / 1000)} s for ${what}, in vain.`);
    this.what = what;
    this.waitedMs = waitedMs;
  }
}
