import type { Problem } from '../event.ts';
import type { ProofReporter, ProofResult } from '../proof/proof.ts';

/** What the proof of one lab came to, for reports that are written at the end. */
export interface ProofRecord {
  readonly lab: { readonly id: string; readonly title: string; readonly file: string };
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The line that each step begins on, by step id. */
  readonly lines: Readonly<Record<string, number>>;
  /** Absent when the proof did not get to its end. */
  readonly result?: ProofResult;
  /** Why it did not. */
  readonly problem?: Problem;
}

/** Keeps what the events of one or more proofs come to. */
export class ProofRecords {
  readonly #proofs: ProofRecord[] = [];

  get proofs(): readonly ProofRecord[] {
    return this.#proofs;
  }

  readonly report: ProofReporter = (event) => {
    if (event.type === 'proof-started') {
      const { id, title, file } = event.plan.lab;
      const lines = Object.fromEntries(event.plan.steps.map(({ block }) => [block.id, block.place.line]));
      this.#proofs.push({ lab: { id, title, file }, startedAt: event.at, lines });
    }
    if (event.type === 'proof-ended') this.#change({ result: event.result });
  };

  /** Notes that the proof that goes on ended early, or, when none does, that the proof of this lab could not begin at all. */
  couldNotProve(lab: ProofRecord['lab'], problem: Problem, at: number): void {
    if (this.#proofs.at(-1)?.result !== undefined || this.#proofs.length === 0) this.#proofs.push({ lab, startedAt: at, lines: {} });
    this.#change({ problem });
  }

  #change(change: Partial<ProofRecord>): void {
    const last = this.#proofs.pop();
    if (last !== undefined) this.#proofs.push({ ...last, ...change });
  }
}
