import { setMaxListeners } from 'node:events';
import type { SandboxClock } from './clock.ts';
import type { Delays } from './delays.ts';
import { Faults } from './faults.ts';

/** An account and a region: what state is kept by. */
export interface Scope {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** A kind of state that a service keeps per account and region. */
export interface Slot<State> {
  readonly key: symbol;
  create(scope: Scope, cloud: Cloud): State;
  /** Global services (IAM, STS) keep one state per account. */
  readonly global: boolean;
}

export function slot<State>(
  name: string,
  create: (scope: Scope, cloud: Cloud) => State,
  options: { readonly global?: boolean } = {},
): Slot<State> {
  return { key: Symbol(name), create, global: options.global ?? false };
}

/** What a sandbox is like. */
export interface CloudOptions {
  readonly clock: SandboxClock;
  readonly delays: Delays;
  /** Whether shards of streams let through no more than AWS's do. */
  readonly shardLimits: boolean;
  /** Is told of exceptions in background work, which no request answers for. */
  readonly onBug: (error: unknown) => void;
}

/** Everything that exists in one sandbox: the state of all services in all accounts, its clock and its background work. */
export class Cloud {
  readonly clock: SandboxClock;
  /** What it is told to do wrong. */
  readonly faults: Faults;
  readonly shardLimits: boolean;
  /** Aborted when the sandbox stops. Background work ends with it. */
  readonly signal: AbortSignal;
  /** Where functions reach this sandbox: `http://127.0.0.1:4567`. Set once it listens. */
  endpoint = '';
  readonly #states = new Map<symbol, Map<string, unknown>>();
  readonly #stop = new AbortController();
  readonly #background = new Set<Promise<unknown>>();
  readonly #delays: Delays;
  readonly #onBug: (error: unknown) => void;

  constructor({ clock, delays, shardLimits, onBug }: CloudOptions) {
    this.clock = clock;
    this.#delays = delays;
    this.faults = new Faults(() => clock.now());
    this.shardLimits = shardLimits;
    this.signal = this.#stop.signal;
    this.#onBug = onBug;
    // Each thing that waits listens to it, and a sandbox has as many of them as it has streams and mappings.
    setMaxListeners(0, this.signal);
  }

  /** How long something takes that begins now, in milliseconds. */
  delay(thing: keyof Delays): number {
    return this.faults.delay(thing, this.#delays[thing]);
  }

  /** The state of a service in an account and region, created when first asked for. */
  state<State>(slot: Slot<State>, scope: Scope): State {
    const states = this.#states.get(slot.key) ?? new Map<string, unknown>();
    this.#states.set(slot.key, states);
    const key = slot.global ? scope.account : `${scope.account}/${scope.region}`;
    if (!states.has(key)) states.set(key, slot.create(scope, this));
    return states.get(key) as State;
  }

  /** Runs work that outlives the request that caused it. `stop` waits for it; it must end soon after `signal` aborts. */
  inBackground(work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => {
        if (!this.signal.aborted) this.#onBug(error);
      })
      .finally(() => this.#background.delete(running));
    this.#background.add(running);
  }

  /** Runs `effect` after `ms` of the sandbox's time, unless the sandbox stops first. */
  later(ms: number, effect: () => void): void {
    this.inBackground(async () => {
      await this.clock.sleep(ms, this.signal);
      effect();
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('The sandbox stops.'));
    await Promise.allSettled(this.#background);
  }
}
