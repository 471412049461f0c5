import { MAXIMUM_RETRY_DELAY, Retry, StandardRetryStrategy } from '@smithy/core/retry';
import type { RetryErrorInfo } from '@smithy/types';
import type { Clock } from '../util/clock.ts';

// Throttling and answers of the 5xx kind, each with growing pauses; about ten seconds in all.
const maxAttempts = 5;

/**
 * The SDK's standard retries (which errors, how often, with how long a pause), whose pauses go by the clock of the run
 * rather than by the machine's, and end when the run is interrupted.
 */
export class ClockedRetryStrategy extends StandardRetryStrategy {
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;

  constructor(clock: Clock, signal: AbortSignal | undefined) {
    // The SDK's own pause is left out; `refreshRetryTokenForRetry` makes it.
    super({ maxAttempts, backoff: { computeNextBackoffDelay: () => 0, setDelayBase: () => undefined } });
    this.#clock = clock;
    this.#signal = signal;
  }

  override async refreshRetryTokenForRetry(
    token: Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>[0],
    error: RetryErrorInfo,
  ) {
    const next = await super.refreshRetryTokenForRetry(token, error);
    await this.#clock.sleep(pauseMs(token.getRetryCount(), error), this.#signal);
    return next;
  }
}

/** Doubles with each attempt; a random part of it, so that many callers do not come back at once (AWS: "full jitter"). */
function pauseMs(attempts: number, { errorType }: RetryErrorInfo): number {
  const base = errorType === 'THROTTLING' ? Retry.throttlingDelay() : Retry.delay();
  return Math.round(Math.random() * Math.min(MAXIMUM_RETRY_DELAY, base * 2 ** attempts));
}
