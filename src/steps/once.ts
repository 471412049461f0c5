import { AnswerLost } from '../aws/aws.ts';
import { inTime } from './advice.ts';
import type { StepContext } from './step.ts';

// A record that was put can be read within a second (Kinesis Data Streams FAQs), and then it need not be put again.
const defaultShowsMs = 5_000;
// How often a write is made when its answer is lost each time, and nothing shows that it took effect.
const mostAttempts = 5;

/**
 * Makes a write that does what it does once more each time. Where its answer is lost, it is looked for what it does, and it
 * is made again only when that does not show.
 * @param effect completes the sentence "waiting for … to show", and tells whether it does
 * @returns the answer, or `undefined` when it was lost and the write took effect
 * @throws {AnswerLost} when the answer is lost each time
 */
export async function once<T>(
  write: () => Promise<T>,
  effect: { readonly what: string; readonly shows: () => Promise<boolean>; readonly withinMs?: number },
  { wait }: Pick<StepContext, 'wait'>,
): Promise<T | undefined> {
  const { what, shows, withinMs = defaultShowsMs } = effect;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof AnswerLost)) throw error;
      const look = async () => ((await shows()) ? true : undefined);
      if (await inTime(wait({ what: `${what} to show, because the answer was lost`, timeoutMs: withinMs }, look))) return undefined;
      if (attempt === mostAttempts) throw error;
    }
  }
}
