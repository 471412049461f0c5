import type { Clock } from '../util/clock.ts';
import type { SandboxClock } from './clock.ts';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
  readonly foreground: boolean;
}

/**
 * A clock that does not let anybody wait for nothing: while somebody outside sleeps on it (`foreground`) and nothing is
 * being worked on, it jumps to the next moment at which something is due. Between jumps it runs with the machine's clock.
 * So a schedule of one minute costs the time of its work, and what it writes still lies a minute apart.
 *
 * Sleepers inside the sandbox alone never make it jump: a poll every second would otherwise race through a day while a
 * function runs for a second.
 */
export class VirtualClock implements SandboxClock {
  readonly #sleepers = new Set<Sleeper>();
  /** How far the clock is ahead of the machine's, in milliseconds. */
  #ahead = 0;
  #busy = 0;
  #jumpPlanned = false;

  now(): number {
    return Date.now() + this.#ahead;
  }

  get ahead(): number {
    return this.#ahead;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#sleep(ms, signal, false);
  }

  busy(): () => void {
    this.#busy += 1;
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.#busy -= 1;
      this.#planJump();
    };
  }

  readonly foreground: Clock = {
    now: () => this.now(),
    sleep: (ms, signal) => this.#sleep(ms, signal, true),
    jumps: true,
  };

  #sleep(ms: number, signal: AbortSignal | undefined, foreground: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.#sleepers.delete(sleeper);
        settle();
      };
      const abort = () => finish(() => reject(signal?.reason));
      // Time is in whole milliseconds, whatever somebody asks to sleep for.
      const sleeper: Sleeper = { due: this.now() + Math.ceil(ms), wake: () => finish(resolve), foreground };
      // Real time passes as well: a sleeper wakes when its time has come without any jump.
      const timer = setTimeout(sleeper.wake, ms);
      signal?.addEventListener('abort', abort);
      this.#sleepers.add(sleeper);
      this.#planJump();
    });
  }

  #planJump(): void {
    if (this.#jumpPlanned) return;
    this.#jumpPlanned = true;
    // What just woke up gets its turn (and says that it is busy) before the clock moves again.
    setImmediate(() =>
      setImmediate(() => {
        this.#jumpPlanned = false;
        this.#jump();
      }),
    );
  }

  #jump(): void {
    if (this.#busy > 0) return;
    const sleepers = [...this.#sleepers];
    if (!sleepers.some((sleeper) => sleeper.foreground)) return;
    const next = Math.min(...sleepers.map((sleeper) => sleeper.due));
    this.#ahead += Math.max(0, next - this.now());
    for (const sleeper of sleepers) if (sleeper.due <= next) sleeper.wake();
    this.#planJump();
  }
}
