import { once } from 'node:events';
import type { ReadStream } from 'node:tty';
import type { Interrupts } from './interrupts.ts';

/** One thing to choose from. */
export interface Option<Value extends string> {
  readonly value: Value;
  readonly title: string;
}

/** The one way to ask somebody at the terminal. */
export interface Prompter {
  /** @throws {PromptClosed} {PromptCancelled} */
  choose<Value extends string>(message: string, options: readonly Option<Value>[], signal: AbortSignal): Promise<Value>;
  /** A question that is answered yes or no. @throws {PromptClosed} {PromptCancelled} */
  confirm(message: string, initial: boolean, signal: AbortSignal): Promise<boolean>;
}

/** Nobody can answer any more: the input has ended. */
export class PromptClosed extends Error {
  override readonly name = 'PromptClosed';
}

/** Whoever was asked pressed Ctrl-C, or the program was interrupted from elsewhere. */
export class PromptCancelled extends Error {
  override readonly name = 'PromptCancelled';
}

interface OpenPrompt {
  cancel(): Promise<void>;
}

/**
 * A prompter on top of enquirer, which needs two things to be made good: with a closed input its promise never settles, so
 * that Node would end with success (here it rejects), and Ctrl-C rejects with an empty string (here it interrupts).
 */
export function createPrompter(interrupts: Pick<Interrupts, 'interrupt'>, input: ReadStream = process.stdin): Prompter {
  async function ask(question: Parameters<import('enquirer')['prompt']>[0], signal: AbortSignal): Promise<unknown> {
    if (signal.aborted) throw new PromptCancelled();
    if (input.readableEnded || input.destroyed) throw new PromptClosed();
    const { default: Enquirer } = await import('enquirer');
    const enquirer = new Enquirer<{ answer?: unknown }>();
    let open: OpenPrompt | undefined;
    enquirer.on('prompt', (prompt: OpenPrompt) => {
      open = prompt;
    });
    const onAbort = () => void open?.cancel();
    signal.addEventListener('abort', onAbort);
    const end = new AbortController();
    try {
      const { answer } = await Promise.race([enquirer.prompt(question), closed(input, end.signal)]);
      return answer;
    } catch (error) {
      if (error instanceof PromptClosed) throw error;
      // Ctrl-C and Escape reject with an empty string; what else there is would be an error of enquirer.
      if (!signal.aborted && error instanceof Error) throw error;
      signal.removeEventListener('abort', onAbort);
      if (!signal.aborted) interrupts.interrupt();
      throw new PromptCancelled();
    } finally {
      end.abort();
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    async choose(message, options, signal) {
      const answer = await ask({ type: 'select', name: 'answer', message, choices: options.map(({ title }) => title) }, signal);
      const chosen = options.find(({ title }) => title === answer);
      if (chosen === undefined) throw new Error(`The prompt answered ${String(answer)}, which was not to choose from.`);
      return chosen.value;
    },
    async confirm(message, initial, signal) {
      return (await ask({ type: 'confirm', name: 'answer', message, initial }, signal)) === true;
    },
  };
}

/** Rejects when the input ends. */
async function closed(input: ReadStream, stop: AbortSignal): Promise<never> {
  await Promise.race(['end', 'close'].map((event) => once(input, event, { signal: stop })));
  throw new PromptClosed();
}
