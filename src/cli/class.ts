import type { StudentMarks } from '../runner/verify/verification.ts';
import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';

export interface ClassOptions<Student> {
  readonly students: Iterable<Student>;
  /** How many are looked at at once, at most. */
  readonly concurrency: number;
  /** Milliseconds for one of them. */
  readonly timeLimitMs: number;
  /** Aborted to look at no more. */
  readonly signal: AbortSignal;
  /** Never throws. `throttled` is to be called when AWS asks for fewer calls where all students share a limit. */
  readonly look: (student: Student, tools: { readonly signal: AbortSignal; readonly throttled: () => void }) => Promise<StudentMarks>;
  readonly done: (student: Student, marks: StudentMarks) => void;
}

// Those who are turned away at the same moment tell of one limit.
const oneRefusalMs = 1_000;

/**
 * Looks at a class, several students at once: as many as was said, half as many each time that AWS asks for fewer calls, and one
 * more with each student that it lets through. Whoever takes too long is given up, and holds up nobody else.
 */
export async function lookAtClass<Student>(options: ClassOptions<Student>): Promise<void> {
  const { students, concurrency, signal, done } = options;
  const rest = students[Symbol.iterator]();
  const running = new Set<Promise<void>>();
  let atOnce = concurrency;
  let refusedAt = Number.NEGATIVE_INFINITY;
  const throttled = (): void => {
    const now = performance.now();
    if (now - refusedAt < oneRefusalMs) return;
    refusedAt = now;
    atOnce = Math.max(1, Math.floor(atOnce / 2));
  };
  for (let next = rest.next(); !next.done && !signal.aborted; next = rest.next()) {
    const student = next.value;
    const work: Promise<void> = lookAtOne(student, throttled, options).then((marks) => {
      running.delete(work);
      atOnce = Math.min(concurrency, atOnce + 1);
      done(student, marks);
    });
    running.add(work);
    while (running.size >= atOnce) await Promise.race(running);
  }
  await Promise.all(running);
}

async function lookAtOne<Student>(student: Student, throttled: () => void, options: ClassOptions<Student>): Promise<StudentMarks> {
  const { signal, timeLimitMs, look } = options;
  const own = new AbortController();
  const interrupted = (): void =>
    own.abort(couldNot('It was interrupted before it was done.', 'Go on with --only unchecked --from the report.'));
  const late = (): void =>
    own.abort(couldNot(`It took longer than ${timeLimitMs / 1_000} seconds, and was given up.`, 'Give it more time with --time-limit.'));
  const timer = setTimeout(late, timeLimitMs);
  signal.addEventListener('abort', interrupted);
  if (signal.aborted) interrupted();
  try {
    return await look(student, { signal: own.signal, throttled });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupted);
  }
}

function couldNot(message: string, hint: string): UserError {
  return new UserError(message, { exitCode: ExitCode.couldNotRun, hint });
}
