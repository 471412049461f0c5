import type { Delays } from './delays.ts';
import type { CallFault, Fault } from './fault.ts';

/** A fault, and how often it has happened. */
export interface FaultState {
  readonly fault: Fault;
  readonly met: number;
}

interface Armed {
  readonly fault: Fault;
  /** Epoch milliseconds of the sandbox's clock. */
  readonly until: number;
  /** Calls that were let through because of `after`. */
  passed: number;
  met: number;
}

/** What a sandbox does wrong at the moment. The first fault that fits counts; one that has run out stays in the list. */
export class Faults {
  readonly #now: () => number;
  #armed: Armed[] = [];

  /** @param now the sandbox's time in epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  get list(): readonly FaultState[] {
    return this.#armed.map(({ fault, met }) => ({ fault, met }));
  }

  add(...faults: readonly Fault[]): void {
    for (const fault of faults) {
      const until = fault.forMs === undefined ? Number.POSITIVE_INFINITY : this.#now() + fault.forMs;
      this.#armed.push({ fault, until, passed: 0, met: 0 });
    }
  }

  clear(): void {
    this.#armed = [];
  }

  /**
   * What goes wrong with a call, which uses the fault up by one.
   * @param call `kinesis:PutRecord`
   * @param account whose call it is
   */
  meet(call: string, account: string): CallFault | undefined {
    const isHit = (fault: Fault & CallFault): boolean => fits(fault.call, call) && (fault.account ?? account) === account;
    return this.#meet((fault) => (fault.kind !== 'slow-thing' && isHit(fault) ? fault : undefined));
  }

  /** How long something takes that begins now, in milliseconds, which uses a fault up by one. */
  delay(thing: keyof Delays, usual: number): number {
    return this.#meet((fault) => (fault.kind === 'slow-thing' && fault.thing === thing ? fault : undefined))?.ms ?? usual;
  }

  #meet<Found extends Fault>(fitting: (fault: Fault) => Found | undefined): Found | undefined {
    if (this.#armed.length === 0) return undefined;
    const now = this.#now();
    for (const armed of this.#armed) {
      const found = fitting(armed.fault);
      if (found === undefined || now >= armed.until || armed.met >= mostTimes(armed.fault)) continue;
      if (armed.passed < (armed.fault.after ?? 0)) {
        armed.passed += 1;
        continue;
      }
      armed.met += 1;
      return found;
    }
    return undefined;
  }
}

/** Nobody wants a call to fail for ever who has not said so. */
function mostTimes({ kind, times, forMs }: Fault): number {
  return times ?? (kind === 'slow-thing' || forMs !== undefined ? Number.POSITIVE_INFINITY : 1);
}

function fits(pattern: string, call: string): boolean {
  if (pattern === call || pattern === '*') return true;
  if (!pattern.includes('*')) return false;
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(call);
}
