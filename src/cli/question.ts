import type { Choice } from '../runner/guide.ts';
import type { Question } from '../steps/step.ts';
import { legibleLine } from '../util/printable.ts';
import type { Option, Prompter } from './prompter.ts';

type Other = Extract<Choice, 'hint' | 'skip' | 'quit'>;

/** Asks the question of a step: to choose from its options, or to type. A hint, the answer and the way out are there, too. */
export async function askQuestion(
  { options }: Question,
  prompter: Prompter,
  state: { readonly first: boolean; readonly hint: boolean; readonly signal: AbortSignal },
): Promise<Choice> {
  const { first, hint, signal } = state;
  const others: readonly Option<Other>[] = [
    ...(hint ? [{ value: 'hint', title: 'Give me a hint' } as const] : []),
    { value: 'skip', title: 'Show me the answer, without points' },
    { value: 'quit', title: 'Leave' },
  ];
  const prompt = first ? 'Your answer' : 'Try again';
  if (options !== undefined) {
    const answers = options.map((option, index) => ({ value: `answer ${index}`, title: legibleLine(option) }) as const);
    // An answer may read like a way on.
    const ways = others.map((other) =>
      answers.some(({ title }) => title === other.title) ? { ...other, title: `(${other.title})` } : other,
    );
    const chosen = await prompter.choose(prompt, [...answers, ...ways], signal);
    const index = answers.findIndex(({ value }) => value === chosen);
    return index < 0 ? (chosen as Other) : { answer: options[index] ?? '' };
  }
  for (;;) {
    const typed = await prompter.input(`${prompt} (Enter alone for other ways on)`, signal);
    if (typed.trim() !== '') return { answer: typed.trim() };
    const chosen = await prompter.choose('What now?', [{ value: 'answer', title: 'Answer' }, ...others], signal);
    if (chosen !== 'answer') return chosen;
  }
}
