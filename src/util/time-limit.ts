import { createContext, Script } from 'node:vm';

// An expression can only be stopped in the middle from outside of what runs it; Node offers that for scripts.
const script = new Script('work()');
const context: { work?: () => unknown } = createContext({});

/** The work took longer than it was allowed to. */
export class TimeLimit extends Error {
  override readonly name = 'TimeLimit';
}

/**
 * Does work that nothing else can interrupt: a regular expression that somebody else wrote, a parser that is slow on some
 * texts. The work must not wait for anything, nor change anything that has to stay whole when it is cut off.
 * @param mostMs how long it may take, in milliseconds
 * @returns what `work` returns
 * @throws {TimeLimit} when its time is over, and whatever `work` throws
 */
export function withinTime<Result>(mostMs: number, work: () => Result): Result {
  const outer = context.work;
  let result: { readonly value: Result } | undefined;
  context.work = () => {
    result = { value: work() };
  };
  try {
    script.runInContext(context, { timeout: mostMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new TimeLimit(`It takes more than ${mostMs} ms.`);
  } finally {
    if (outer === undefined) delete context.work;
    else context.work = outer;
  }
  if (result === undefined) throw new Error('The work has not been done.');
  return result.value;
}
