import type { Clock } from '../util/clock.ts';
import type { ServiceName } from '../util/sdk.ts';
import { withAnswers } from './answer-of.ts';
import { type ApiCall, isReadOnly } from './api-call.ts';
import { ApiError, type Aws, WriteRefused } from './aws.ts';
import { callFailure } from './call-failure.ts';
import { createClient, createCommand, type SdkAnswer, type SdkClient, withBodyRead } from './client.ts';
import { withTags } from './tags.ts';
import type { Target } from './target.ts';
import { Propagation } from './transient.ts';
import { type Wait, WaitTimeout } from './wait.ts';
import { withFolderBytes } from './zipped-folder.ts';

/** One call that was answered: once, however often it was repeated on the way. */
export type CallEvent = {
  readonly call: ApiCall;
  readonly durationMs: number;
  readonly requestId: string | undefined;
} & ({ readonly answer: unknown; readonly error?: never } | { readonly error: Error; readonly answer?: never });

export interface SessionOptions {
  readonly target: Target;
  /** Refuses every call that is not read-only. */
  readonly readOnly?: boolean;
  /** Put on everything that is created. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** How calls that AWS will accept in a few seconds are waited for. */
  readonly wait: Wait;
  /** Ends calls in flight; they throw its reason. */
  readonly signal?: AbortSignal;
  /** The recorder. Calls that were refused here are not seen: they were never made. */
  readonly onCall?: (event: CallEvent) => void;
}

/** `Aws` on top of the SDK, with one client per service. */
export interface AwsSession extends Aws {
  /** Closes connections. Calls are not possible afterwards. */
  destroy(): void;
}

export function openSession(options: SessionOptions): AwsSession {
  const { target, clock, wait, signal, readOnly = false, tags = {} } = options;
  const clients = new Map<ServiceName, Promise<SdkClient>>();
  const propagation = new Propagation(target.propagationMs);
  let open = true;

  function client(service: ServiceName): Promise<SdkClient> {
    if (!open) throw new Error('The AWS session is closed.');
    const existing = clients.get(service);
    if (existing) return existing;
    const created = createClient(service, target, { readOnly, clock, signal });
    clients.set(service, created);
    return created;
  }

  async function send(call: ApiCall): Promise<SdkAnswer> {
    signal?.throwIfAborted();
    try {
      const command = await createCommand({ ...call, input: await withFolderBytes(withTags(call, tags).input) });
      return await withBodyRead(await (await client(call.service)).send(command, signal ? { abortSignal: signal } : {}));
    } catch (error) {
      throw signal?.aborted ? signal.reason : callFailure(call, target, error);
    }
  }

  /** Sends, and sends again while AWS answers what it answers until a new role has got around. */
  async function sendUntilAccepted(call: ApiCall): Promise<SdkAnswer> {
    let refusal: ApiError | undefined;
    try {
      return await wait(
        { what: 'the execution role to become usable', timeoutMs: propagation.remainingMs(clock.now()), intervalMs: 1_000 },
        async () => {
          try {
            return await send(call);
          } catch (error) {
            if (!(error instanceof ApiError) || !propagation.mayPass(error)) throw error;
            refusal = error;
            return undefined;
          }
        },
      );
    } catch (error) {
      throw error instanceof WaitTimeout && refusal ? refusal : error;
    }
  }

  const session: AwsSession = {
    target,
    async call<Output>(call: ApiCall<Output>): Promise<Output> {
      if (readOnly && !isReadOnly(call)) throw new WriteRefused(call);
      const complete = await withAnswers(call, (needed) => session.call(needed));
      const started = clock.now();
      try {
        const { $metadata, ...answer } = await sendUntilAccepted(complete);
        propagation.answered(call, clock.now());
        options.onCall?.({ call, durationMs: clock.now() - started, requestId: $metadata?.requestId, answer });
        return answer as Output;
      } catch (error) {
        if (error instanceof Error) {
          const requestId = error instanceof ApiError ? error.requestId : undefined;
          options.onCall?.({ call, durationMs: clock.now() - started, requestId, error });
        }
        throw error;
      }
    },
    destroy() {
      open = false;
      for (const created of clients.values()) {
        // A client that could not be made has nothing to close, and whoever asked for it has been told.
        created.then(
          (made) => made.destroy(),
          () => undefined,
        );
      }
      clients.clear();
    },
  };
  return session;
}
