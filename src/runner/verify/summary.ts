import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '../plan.ts';
import type { AccountMarks, Likeness, MarkState, StudentMarks, VerificationEnd } from './verification.ts';

const noSteps: Readonly<Record<MarkState, number>> = { met: 0, 'not-met': 0, absent: 0, unchecked: 0, 'left-out': 0 };
const noStudents: Readonly<Record<AccountMarks['state'], number>> = { met: 0, 'not-met': 0, absent: 0, unchecked: 0 };

/** Counts students as their marks come, and notes what they have in common. Keeps no more of each than that. */
export class Summary {
  readonly #plan: Plan;
  readonly #states = { ...noStudents };
  readonly #steps: ReadonlyMap<string, Record<MarkState, number>>;
  readonly #seen = new Map<string, string[]>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#steps = new Map(plan.steps.map(({ block }) => [block.id, { ...noSteps }]));
  }

  add({ student, state, steps, account, learner, region, prefix }: StudentMarks): void {
    this.#states[state] += 1;
    for (const { id, state: each } of steps) {
      const counts = this.#steps.get(id);
      if (counts !== undefined) counts[each] += 1;
    }
    // Those who share an account on purpose have a region or a prefix of their own.
    if (account !== undefined)
      this.#note('account', `${account} in ${region}${prefix === '' ? '' : ` with the prefix ${prefix}`}`, student);
    if (learner !== undefined) this.#note('nonce', learner.nonce, student);
    if (learner?.by !== undefined) this.#note('principal', learner.by, student);
  }

  /** What all of it has come to. */
  end({ interrupted, durationMs }: Pick<VerificationEnd, 'interrupted' | 'durationMs'>): VerificationEnd {
    const { met, absent, unchecked, 'not-met': notMet } = this.#states;
    return {
      states: { ...this.#states },
      students: met + notMet + absent + unchecked,
      steps: this.#plan.steps.map(({ block: { id, heading } }) => ({ id, heading, states: { ...(this.#steps.get(id) ?? noSteps) } })),
      alike: this.#alike(),
      interrupted,
      durationMs,
    };
  }

  #note(kind: Likeness['kind'], value: string, student: string): void {
    const key = `${kind} ${value}`;
    const before = this.#seen.get(key);
    if (before === undefined) this.#seen.set(key, [student]);
    else before.push(student);
  }

  #alike(): readonly Likeness[] {
    const several = [...this.#seen].filter(([, students]) => students.length > 1);
    const alike = several.map(([key, students]): Likeness => {
      const [kind, ...value] = key.split(' ');
      return { kind: kind as Likeness['kind'], value: value.join(' '), students };
    });
    // Whoever has the same account with the same names has what the same principal has made in it as a matter of course.
    const shared = alike.filter(({ kind }) => kind === 'account');
    return alike.filter(
      ({ kind, students }) => kind !== 'principal' || !shared.some((other) => isDeepStrictEqual(other.students, students)),
    );
  }
}
