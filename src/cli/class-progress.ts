import type { StudentMarks } from '../runner/verify/verification.ts';
import { counted } from '../util/text.ts';
import type { Surroundings } from './surroundings.ts';

// Without a terminal each line stays, so there are few.
const betweenLinesMs = 10_000;

/** Says how far a class has been looked at: in one line of the terminal that changes, or in a line every ten seconds. */
export class ClassProgress {
  readonly #io: Surroundings;
  readonly #of: number;
  readonly #states = { met: 0, 'not-met': 0, absent: 0, unchecked: 0 };
  #done = 0;
  #told: number;

  constructor(of: number, io: Surroundings) {
    this.#io = io;
    this.#of = of;
    this.#told = performance.now();
  }

  add({ state }: StudentMarks): void {
    this.#states[state] += 1;
    this.#done += 1;
    if (this.#io.interactive) {
      this.#io.err(`\r\u001b[K${this.#line}`);
      return;
    }
    if (performance.now() - this.#told < betweenLinesMs) return;
    this.#told = performance.now();
    this.#io.err(`${this.#line}\n`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#io.interactive && this.#done > 0) this.#io.err('\r\u001b[K');
  }

  get #line(): string {
    const { met, absent, unchecked, 'not-met': notMet } = this.#states;
    return `${this.#done} of ${counted(this.#of, 'student')}: ${met} met, ${notMet} not met, ${absent} absent, ${unchecked} could not be checked`;
  }
}
