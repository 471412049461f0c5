import type { Clock } from '../util/clock.ts';
import type { ServiceName } from '../util/sdk.ts';
import { withAnswers } from './answer-of.ts';
import { type ApiCall, isRepeatable } from './api-call.ts';
import { AnswerLost, ApiError, type Aws } from './aws.ts';
import { callFailure } from './call-failure.ts';
import { createClient, createCommand, refuseWrite, type SdkAnswer, type SdkClient, withBodyRead } from './client.ts';
import type { ClientPool, ClientUse } from './client-pool.ts';
import { cutOffOf, type Interruption } from './interruption.ts';
import { type Obstacle, obstacleTo } from './obstacle.ts';
import { withTags } from './tags.ts';
import type { Target } from './target.ts';
import { Propagation } from './transient.ts';
import { type Wait, WaitTimeout } from './wait.ts';
import { withFolderBytes } from './zipped-folder.ts';

/** One call that was answered: once, however often it was repeated on the way. */
export type CallEvent = {
  readonly call: ApiCall;
  /** When it was answered, in epoch milliseconds. */
  readonly at: number;
  readonly durationMs: number;
  readonly requestId: string | undefined;
} & (
  | { readonly answer: unknown; readonly error?: never }
  | {
      readonly error: Error;
      /** Whether it may have taken effect all the same. */
      readonly mayBeDone: boolean;
      readonly answer?: never;
    }
);

/** Knows what has been answered. */
export interface Recollecting {
  /** How a call was answered before, where that can be told again. */
  of(call: ApiCall): CallEvent | undefined;
  keep(event: CallEvent): void;
}

/** Calls that were cut off by an interruption throw the reason of its `signal`. */
export interface SessionOptions extends Interruption {
  readonly target: Target;
  /** Refuses every call that is not read-only. */
  readonly readOnly?: boolean;
  /** The one write that is let through all the same, with just this input. */
  readonly except?: ApiCall;
  /** Put on everything that is created. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** How the next attempt of a call is waited for. */
  readonly wait: Wait;
  /** Whether somebody is known to answer at the endpoint. An address where nobody ever has is given up soon. */
  readonly reached?: boolean;
  /** Where its clients come from, and go to when it is closed. Default, and with an exception: they are its own. */
  readonly clients?: ClientPool;
  /** Told of every answer, and asked before every call. Default: every call is made. */
  readonly recollection?: Recollecting;
  /** Told each time that AWS asks for fewer calls. */
  readonly onThrottled?: () => void;
  /** The recorder. Calls that were refused here are not seen: they were never made. What is recollected is seen as it was. */
  readonly onCall?: (event: CallEvent) => void;
}

/** `Aws` on top of the SDK, with one client per service. */
export interface AwsSession extends Aws {
  /** Milliseconds by which the clock of AWS is ahead of this machine's, as the last answer told (in whole seconds). */
  readonly clockOffsetMs: number;
  /** Closes connections. Calls are not possible afterwards. */
  destroy(): void;
}

type Attempt = { readonly answer: SdkAnswer } | { readonly answer?: never; readonly obstacle: Obstacle; readonly failure: Error };

/** What is known of a call that has not been answered. */
interface Fate {
  /** Whether it was sent and may have taken effect. */
  mayBeDone: boolean;
}

/** A refusal of a call that may have been done before. */
function repeated(failure: Error): Error {
  if (!(failure instanceof ApiError)) return failure;
  const { call, code, message, status, requestId } = failure;
  return new ApiError(call, { code, message, status, requestId, mayBeDone: true });
}

const closed = (): Error => new Error('The AWS session is closed.');

export function openSession(options: SessionOptions): AwsSession {
  const { target, clock, wait, signal, readOnly = false, tags = {}, except } = options;
  const pool = except === undefined ? options.clients : undefined;
  const clients = new Map<ServiceName, Promise<SdkClient>>();
  const useOf = (service: ServiceName): ClientUse => ({ service, target, readOnly });
  const propagation = new Propagation(target.propagationMs);
  let open = true;
  /** Whether anybody has answered at the endpoint. */
  let reached = options.reached ?? false;
  /** How many requests are under way. */
  let sent = 0;
  let clockOffsetMs = target.clockOffsetMs ?? 0;

  function client(service: ServiceName): Promise<SdkClient> {
    if (!open) throw closed();
    const existing = clients.get(service);
    if (existing) return existing;
    const created = pool === undefined ? createClient(service, target, { readOnly, except }) : pool.take(useOf(service));
    clients.set(service, created);
    return created;
  }

  async function send(call: ApiCall, fate: Fate): Promise<SdkAnswer> {
    signal?.throwIfAborted();
    const command = await createCommand({ ...call, input: await withFolderBytes(withTags(call, tags).input) });
    const sender = await client(call.service);
    signal?.throwIfAborted();
    // It may be somebody else's client by now.
    if (!open) throw closed();
    const cutOff = cutOffOf(call, options);
    sent += 1;
    try {
      const answer = await sender.send(command, cutOff.signal ? { abortSignal: cutOff.signal } : {});
      clockOffsetMs = sender.config.systemClockOffset;
      return await withBodyRead(answer);
    } catch (thrown) {
      if (!cutOff.signal?.aborted) throw thrown;
      fate.mayBeDone = true;
      throw signal?.reason;
    } finally {
      sent -= 1;
      cutOff.done();
    }
  }

  /** Sends, and sends again as long as something stands in the way that may pass, each thing for a time of its own. */
  async function sendUntilAnswered(call: ApiCall, fate: Fate): Promise<SdkAnswer> {
    const deadlines = new Map<Obstacle['kind'], number>();
    const attempt = async (): Promise<Attempt> => {
      try {
        const answer = await send(call, fate);
        reached = true;
        return { answer };
      } catch (thrown) {
        if (signal?.aborted && thrown === signal.reason) throw thrown;
        const failure = callFailure(call, target, thrown);
        const obstacle = obstacleTo(call, thrown, failure, { propagation, now: clock.now(), reached });
        reached ||= failure instanceof ApiError && failure.status > 0;
        if (obstacle === undefined) throw fate.mayBeDone ? repeated(failure) : failure;
        if (obstacle.kind === 'throttled') options.onThrottled?.();
        fate.mayBeDone ||= obstacle.mayBeDone;
        if (obstacle.mayBeDone && !isRepeatable(call)) throw new AnswerLost(call, failure);
        return { obstacle, failure };
      }
    };
    let attempted = await attempt();
    while (attempted.answer === undefined) {
      const { obstacle, failure } = attempted;
      const { kind, what, patienceMs, pauseMs } = obstacle;
      const deadline = deadlines.get(kind) ?? clock.now() + patienceMs;
      deadlines.set(kind, deadline);
      const timeoutMs = deadline - clock.now();
      if (timeoutMs <= 0) throw failure;
      let last = failure;
      try {
        attempted = await wait({ what, timeoutMs, intervalMs: pauseMs, looked: true, spread: true }, async () => {
          const next = await attempt();
          if (next.answer !== undefined || next.obstacle.kind !== kind) return next;
          last = next.failure;
          return undefined;
        });
      } catch (error) {
        throw error instanceof WaitTimeout ? last : error;
      }
    }
    return attempted.answer;
  }

  function answered(event: CallEvent): void {
    options.recollection?.keep(event);
    options.onCall?.(event);
  }

  const session: AwsSession = {
    target,
    get clockOffsetMs() {
      return clockOffsetMs;
    },
    async call<Output>(call: ApiCall<Output>): Promise<Output> {
      refuseWrite(call, { readOnly, except });
      const before = options.recollection?.of(call);
      if (before !== undefined) {
        options.onCall?.(before);
        if (before.error !== undefined) throw before.error;
        return before.answer as Output;
      }
      const complete = await withAnswers(call, (needed) => session.call(needed));
      const started = clock.now();
      const fate: Fate = { mayBeDone: false };
      try {
        const { $metadata, ...answer } = await sendUntilAnswered(complete, fate);
        propagation.answered(call, clock.now());
        const at = clock.now();
        answered({ call, at, durationMs: at - started, requestId: $metadata?.requestId, answer });
        return answer as Output;
      } catch (error) {
        if (error instanceof Error) {
          const requestId = error instanceof ApiError ? error.requestId : undefined;
          const at = clock.now();
          answered({ call, at, durationMs: at - started, requestId, error, mayBeDone: fate.mayBeDone });
        }
        throw error;
      }
    },
    settling(role) {
      const [what, patienceMs] = [propagation.awaitedFor(role), propagation.remainingMs(clock.now())];
      return what === undefined || patienceMs === 0 ? undefined : { what, patienceMs };
    },
    destroy() {
      open = false;
      const end = (made: SdkClient, service: ServiceName): void => {
        if (pool !== undefined && sent === 0) pool.giveBack(made, useOf(service));
        else made.destroy();
      };
      for (const [service, created] of clients) {
        // A client that could not be made has nothing to close, and whoever asked for it has been told.
        created.then(
          (made) => end(made, service),
          () => undefined,
        );
      }
      clients.clear();
    },
  };
  return session;
}
