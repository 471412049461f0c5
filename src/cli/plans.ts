import type { Plan } from '../runner/plan.ts';
import { loadPlan } from './lab.ts';
import type { LabFlags } from './options.ts';
import type { Surroundings } from './surroundings.ts';

// Students may have a prefix each; to make a plan takes milliseconds.
const mostPlans = 32;

/** The plan of a lab with each prefix that is asked for. */
export class Plans {
  readonly #path: string;
  readonly #flags: LabFlags;
  readonly #io: Surroundings;
  readonly #plans = new Map<string, Promise<Plan>>();

  constructor(path: string, flags: LabFlags, io: Surroundings) {
    this.#path = path;
    this.#flags = flags;
    this.#io = io;
  }

  with(prefix: string): Promise<Plan> {
    const known = this.#plans.get(prefix);
    if (known !== undefined) return known;
    const made = loadPlan(this.#path, { ...this.#flags, prefix }, this.#io);
    this.#plans.set(prefix, made);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > mostPlans && oldest !== undefined) this.#plans.delete(oldest);
    return made;
  }
}
