import { z } from 'zod';
import { fits } from '../util/expression.ts';
import { isExpression } from './expectation.ts';
import { looked } from './finding.ts';
import { defineStep } from './step.ts';

const place = z.int().min(1);
const text = z.string().trim().min(1);
const most = 50;
const answers = z.union([
  place,
  text,
  z
    .array(z.union([place, text]))
    .min(1)
    .max(most),
]);

const schema = z
  .strictObject({
    question: z.string().trim().min(1).describe('The question, in Markdown.'),
    options: z.array(text).min(2).max(most).optional().describe('Answers to choose from. Without them the learner types one.'),
    answer: answers.describe(
      'The right answer: the place of an option, counted from 1, or its text. In a list, each of several that are right.',
    ),
    accept: z
      .string()
      .min(1)
      .refine(isExpression, { error: 'is not a regular expression', abort: true })
      .optional()
      .describe('Regular expression for the whole of what may be typed; capitals do not count. It has to match the answer.'),
    explanation: z.string().trim().min(1).optional().describe('Why the answer is right, in Markdown; shown afterwards.'),
  })
  .superRefine((input, context) => {
    const { options, accept } = input;
    // Has been told; each is compared with each below.
    if ((options?.length ?? 0) > most || listed(input.answer).length > most) return;
    const issue = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    const twice = options?.findIndex((option, index) => options.indexOf(option) !== index) ?? -1;
    if (twice >= 0) issue(['options', twice], 'stands there twice');
    if (options !== undefined && accept !== undefined) issue(['accept'], 'is for answers that are typed; leave out this or the options');
    for (const [index, given] of listed(input.answer).entries()) {
      const path = Array.isArray(input.answer) ? ['answer', index] : ['answer'];
      const problem = options === undefined ? typedProblem(given, accept) : optionProblem(given, options);
      if (problem !== undefined) issue(path, problem);
    }
    if (options !== undefined && new Set(rightAnswers(input)).size >= options.length)
      issue(['answer'], 'leaves no option that would be wrong');
  });
type Input = z.output<typeof schema>;
type Given = z.output<typeof place> | z.output<typeof text>;

export const quiz = defineStep({
  summary: 'Asks the learner a question about what they have read and seen.',
  input: schema,
  outputs: {},
  examples: [
    {
      question: 'Which iterator begins at the oldest record that the shard still holds?',
      options: ['LATEST', 'TRIM_HORIZON', 'AT_TIMESTAMP'],
      answer: 'TRIM_HORIZON',
      explanation: '*Trimming* is what happens to records that are older than the retention of the stream.',
    },
    { question: 'For how many hours does a new stream keep its records?', answer: '24', accept: '24( ?h| hours)?' },
  ],
  resources: [],
  owns: () => [],
  explain: () => [],
  shows: () => undefined,
  question: ({ question, options, explanation }) => ({
    text: question,
    ...(options === undefined ? {} : { options }),
    ...(explanation === undefined ? {} : { explanation }),
  }),
  instead: (input) => ({ shell: [], markdown: asMarkdown(input) }),
  leavesTrace: () => false,
  cannotFail: 'it asks the learner, and looks at nothing there',
  // Nothing is to be made. Where nobody is asked, the check takes the answer that the page has.
  apply: async () => undefined,
  async check(input, { answer }) {
    const given = answer ?? rightAnswers(input)[0] ?? '';
    const hint =
      input.options === undefined
        ? 'That is not it. The page tells; how it is spelled counts, capitals do not.'
        : 'That is not it. Look at the page again.';
    return [looked('answer', isRight(input, given), 'the right answer', given, hint)];
  },
});

/** The question with its options, and the answer folded up below. */
function asMarkdown(input: Input): string {
  const { question, options = [], explanation } = input;
  const parts = [
    question,
    ...(options.length === 0 ? [] : [options.map((option, index) => `${index + 1}. ${option}`).join('\n')]),
    '<details><summary>Answer</summary>',
    rightAnswers(input).join(', '),
    ...(explanation === undefined ? [] : [explanation]),
    '</details>',
  ];
  return parts.join('\n\n');
}

function listed(answer: Input['answer']): readonly Given[] {
  return Array.isArray(answer) ? answer : [answer];
}

/** The texts of the right answers. */
function rightAnswers({ options, answer }: Input): readonly string[] {
  return listed(answer).map((given) => (typeof given === 'number' ? (options?.[given - 1] ?? '') : given));
}

function isRight(input: Input, given: string): boolean {
  const { options, accept } = input;
  const right = rightAnswers(input);
  if (options !== undefined) return right.includes(given);
  return right.some((each) => folded(each) === folded(given)) || (accept !== undefined && isAccepted(accept, given) === true);
}

/** `undefined` when the expression takes too long to say. */
function isAccepted(accept: string, given: string): boolean | undefined {
  return fits(`^(?:${accept})$`, 'iu', given.trim());
}

function folded(answer: string): string {
  return answer.trim().replace(/\s+/g, ' ').toLowerCase();
}

function optionProblem(given: Given, options: readonly string[]): string | undefined {
  if (typeof given === 'number') return given <= options.length ? undefined : `there are ${options.length} options, counted from 1`;
  return options.includes(given) ? undefined : `is none of the options: ${options.map((option) => `"${option}"`).join(', ')}`;
}

function typedProblem(given: Given, accept: string | undefined): string | undefined {
  if (typeof given === 'number') return 'is the place of an option, and there are no options; put it in quotes if it is text';
  const accepted = accept === undefined || isAccepted(accept, given);
  if (accepted === undefined)
    return `cannot be compared with \`accept\`, because ${accept} takes too long; write it without repetitions inside repetitions`;
  return accepted ? undefined : `is not matched by \`accept\`, which is ${accept}`;
}
