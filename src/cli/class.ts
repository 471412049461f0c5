import type { StudentMarks } from '../runner/verify/verification.ts';
import { ExitCode } from '../util/exit-code.ts';
import { counted } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';

export interface ClassOptions<Student> {
  readonly students: Iterable<Student>;
  /** How many are looked at at once, at most. */
  readonly concurrency: number;
  /** Milliseconds for one of them. */
  readonly timeLimitMs: number;
  /** Aborted to look at no more. */
  readonly signal: AbortSignal;
  /** Never throws. */
  readonly look: (student: Student, tools: LookTools) => Promise<StudentMarks>;
  readonly done: (student: Student, marks: StudentMarks) => void;
}

/** What somebody who looks at one student tells those who look at the others. */
export interface LookTools {
  /** Aborted when the student is given up. */
  readonly signal: AbortSignal;
  /** AWS asks for fewer calls where all students share a limit. */
  readonly throttled: () => void;
  /** The account is waited for, or not any more. Meanwhile another one can be looked at. */
  readonly waiting: (on: boolean) => void;
}

// Those who are waited for need nothing but memory.
const mostWaitedFor = 200;
// Those who are turned away at the same moment tell of one limit.
const oneRefusalMs = 1_000;

/**
 * Looks at a class, several students at once: as many as was said, half as many each time that AWS asks for fewer calls, and one
 * more with each student that it lets through. An account that has to be waited for makes room for another one; whoever takes too
 * long is given up.
 */
export async function lookAtClass<Student>(options: ClassOptions<Student>): Promise<void> {
  const { students, concurrency, signal, done } = options;
  const rest = students[Symbol.iterator]();
  const running = new Set<Promise<void>>();
  const waitedFor = new Set<Student>();
  let changed: () => void = () => undefined;
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
    const waiting = (on: boolean): void => {
      if (on) waitedFor.add(student);
      else waitedFor.delete(student);
      changed();
    };
    const work: Promise<void> = lookAtOne(student, { throttled, waiting }, options).then((marks) => {
      running.delete(work);
      waitedFor.delete(student);
      atOnce = Math.min(concurrency, atOnce + 1);
      done(student, marks);
      changed();
    });
    running.add(work);
    while (running.size - Math.min(waitedFor.size, mostWaitedFor) >= atOnce)
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
  }
  await Promise.all(running);
}

async function lookAtOne<Student>(
  student: Student,
  tools: Omit<LookTools, 'signal'>,
  options: ClassOptions<Student>,
): Promise<StudentMarks> {
  const { signal, timeLimitMs, look } = options;
  const own = new AbortController();
  const interrupted = (): void =>
    own.abort(couldNot('It was interrupted before it was done.', 'Go on with --only unchecked --from the report.'));
  const late = (): void =>
    own.abort(
      couldNot(`It took longer than ${counted(timeLimitMs / 1_000, 'second')}, and was given up.`, 'Give it more time with --time-limit.'),
    );
  const timer = setTimeout(late, timeLimitMs);
  signal.addEventListener('abort', interrupted);
  if (signal.aborted) interrupted();
  try {
    return await look(student, { ...tools, signal: own.signal });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupted);
  }
}

function couldNot(message: string, hint: string): UserError {
  return new UserError(message, { exitCode: ExitCode.couldNotRun, hint });
}
