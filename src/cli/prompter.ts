import { PassThrough } from 'node:stream';
import { masked } from '../util/redact.ts';
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
  /** A question that is answered with a line of text, which may be empty. @throws {PromptClosed} {PromptCancelled} */
  input(message: string, signal: AbortSignal): Promise<string>;
}

/** Nobody can answer any more: the input has ended. */
export class PromptClosed extends Error {
  override readonly name = 'PromptClosed';
}

/** Whoever was asked pressed Ctrl-C, or the program was interrupted from elsewhere. */
export class PromptCancelled extends Error {
  override readonly name = 'PromptCancelled';
}

/** What enquirer knows of a choice that it shows. */
interface Choice {
  readonly name: string;
  readonly message: string;
}

interface SelectPrompt {
  readonly state: { readonly submitted?: boolean; readonly cancelled?: boolean };
  readonly styles: { readonly primary: (text: string) => string };
  readonly selected: Choice;
}

type Question =
  | { readonly type: 'select'; readonly message: string; readonly choices: Choice[]; readonly format: (this: SelectPrompt) => string }
  | { readonly type: 'input'; readonly message: string }
  | { readonly type: 'confirm'; readonly message: string; readonly initial: boolean };

interface OpenPrompt {
  cancel(): Promise<void>;
}

/** What a prompt of enquirer does with the cursor, which its types do not tell. */
interface Cursor {
  readonly stdout: NodeJS.WritableStream;
  once(event: 'close', listener: () => void): void;
  cursorShow(): void;
  cursorHide(): void;
}

const cursor = { hide: '\u001b[?25l', show: '\u001b[?25h' };

/**
 * Enquirer, without what it does while the cursor is hidden: it ends the process at the first SIGINT or SIGTERM, whatever there
 * is to take down.
 */
async function loadEnquirer(): Promise<typeof import('enquirer')> {
  const { default: Enquirer } = await import('enquirer');
  const prompt = Enquirer.Prompt.prototype as unknown as Cursor;
  prompt.cursorHide = function hideCursor() {
    this.stdout.write(cursor.hide);
    this.once('close', () => this.cursorShow());
  };
  return Enquirer;
}

/**
 * A prompter on top of enquirer, which needs four things to be made good: with a closed input its promise never settles, so
 * that Node would end with success (here it rejects); Ctrl-C rejects with an empty string (here it interrupts); an error
 * of the terminal ends the program (here enquirer never touches the terminal's input itself); and so does a signal.
 */
export function createPrompter(
  interrupts: Pick<Interrupts, 'interrupt'>,
  { stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'> = process,
): Prompter {
  async function ask(question: Question, signal: AbortSignal): Promise<unknown> {
    if (signal.aborted) throw new PromptCancelled();
    const Enquirer = await loadEnquirer();
    const enquirer = new Enquirer<{ answer?: unknown }>();
    let open: OpenPrompt | undefined;
    enquirer.on('prompt', (prompt: OpenPrompt) => {
      open = prompt;
    });
    const onAbort = () => void open?.cancel();
    signal.addEventListener('abort', onAbort);
    const input = relay(stdin);
    try {
      const { answer } = await Promise.race([
        enquirer.prompt({ ...question, message: masked(question.message), name: 'answer', stdin: input.front, stdout }),
        input.closed,
      ]);
      return answer;
    } catch (error) {
      if (error instanceof PromptClosed) {
        // Nobody closes the prompt, which would write to a terminal that may be gone.
        if (!stdout.destroyed) stdout.write(cursor.show);
        throw error;
      }
      // Ctrl-C and Escape reject with an empty string; what else there is would be an error of enquirer.
      if (!signal.aborted && error instanceof Error) throw error;
      signal.removeEventListener('abort', onAbort);
      if (!signal.aborted) interrupts.interrupt();
      throw new PromptCancelled();
    } finally {
      input.stop();
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    async choose(message, options, signal) {
      // Enquirer tells what was chosen by its name, and two titles may be the same.
      const choices = options.map(({ title }, index) => ({ name: String(index), message: masked(title) }));
      const answer = await ask({ type: 'select', message, choices, format: chosenTitle }, signal);
      const chosen = options[Number(answer)];
      if (chosen === undefined) throw new Error(`The prompt answered ${String(answer)}, which was not to choose from.`);
      return chosen.value;
    },
    async confirm(message, initial, signal) {
      return (await ask({ type: 'confirm', message, initial }, signal)) === true;
    },
    async input(message, signal) {
      return String((await ask({ type: 'input', message }, signal)) ?? '');
    },
  };
}

/** What stands behind the question once it is answered. */
function chosenTitle(this: SelectPrompt): string {
  const { state, styles, selected } = this;
  return state.submitted && !state.cancelled ? styles.primary(selected.message) : '';
}

/** What enquirer is given for the input of the terminal: what is typed, and no errors. */
interface Relay {
  readonly front: NodeJS.ReadStream;
  /** Rejects with `PromptClosed` when nothing can be typed any more. */
  readonly closed: Promise<never>;
  stop(): void;
}

function relay(stdin: NodeJS.ReadStream): Relay {
  const typed = new PassThrough();
  const ended = () => stdin.readableEnded || stdin.destroyed;
  const front = Object.assign(typed, {
    isTTY: true,
    isRaw: false,
    setRawMode(mode: boolean) {
      if (!ended()) stdin.setRawMode?.(mode);
      return front;
    },
  });
  let close: () => void = () => undefined;
  const closed = new Promise<never>((_resolve, reject) => {
    close = () => reject(new PromptClosed());
  });
  const onData = (data: Uint8Array) => void typed.write(data);
  const endings = ['end', 'close', 'error'] as const;
  for (const ending of endings) stdin.on(ending, close);
  stdin.on('data', onData).resume();
  if (ended()) close();
  return {
    front: front as unknown as NodeJS.ReadStream,
    closed,
    stop() {
      stdin.off('data', onData).pause();
      // What a terminal that is gone has to say after that is of no interest, and must not end the program.
      if (!stdin.listeners('error').includes(ignored)) stdin.on('error', ignored);
      for (const ending of endings) stdin.off(ending, close);
    },
  };
}

function ignored(): void {}
