import { describe, expect, it } from 'vitest';
import { printDiagnostics } from '../../src/runner/diagnostic-printer.ts';
import { planText } from '../../src/runner/planning.ts';
import { quiz } from '../../src/steps/quiz.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import type { Finding, StepContext } from '../../src/steps/step.ts';
import { labOf, step } from '../support/lab-kinds.ts';

const nothing = (): never => {
  throw new Error('A quiz does not look at AWS.');
};

async function judged(input: object, answer?: string): Promise<Finding | undefined> {
  const context: StepContext = {
    aws: { target: { label: '', region: '', credentials: nothing, propagationMs: 0, billed: false }, call: nothing, settling: nothing },
    wait: nothing,
    nonce: '',
    found: nothing,
    answered: nothing,
    ...(answer === undefined ? {} : { answer }),
  };
  const findings = await quiz.bind({ question: 'Which?', ...input }).check(context);
  expect(findings).toHaveLength(1);
  return findings[0];
}

const options = ['LATEST', 'TRIM_HORIZON', 'AT_TIMESTAMP'];
const listed = '"LATEST", "TRIM_HORIZON", "AT_TIMESTAMP".';

describe('an answer', () => {
  it.each([
    ['the option that is named', { options, answer: 'TRIM_HORIZON' }, 'TRIM_HORIZON'],
    ['the option at that place', { options, answer: 2 }, 'TRIM_HORIZON'],
    ['one of several', { options, answer: [2, 'AT_TIMESTAMP'] }, 'AT_TIMESTAMP'],
    ['typed, however it is spaced and written large or small', { answer: 'Sequence number' }, '  sequence  NUMBER '],
    ['typed, one of several', { answer: ['shard', 'the shard'] }, 'the shard'],
    ['typed in another accepted way', { answer: '24', accept: '24( ?h| hours)?' }, '24 Hours'],
  ])('is right when it is %s', async (_, input, answer) => {
    expect(await judged(input, answer)).toEqual({ fact: 'answer', expected: 'the right answer', observed: answer, ok: true });
  });

  it.each([
    ['another option', { options, answer: 2 }, 'LATEST'],
    ['something else', { answer: 'shard' }, 'shards'],
    ['only in part what is accepted', { answer: '24', accept: '24( ?h| hours)?' }, '24 hours or so'],
  ])('is wrong when it is %s, and the right one is not given away', async (_, input, answer) => {
    const finding = await judged(input, answer);
    expect(finding).toMatchObject({ ok: false, expected: 'the right answer', observed: answer });
    expect(finding?.hint).toMatch(/^That is not it\./);
  });

  it('is that of the page where nobody is asked', async () => {
    expect(await judged({ options, answer: 2 })).toMatchObject({ ok: true, observed: 'TRIM_HORIZON' });
    expect(await judged({ answer: 'shard' })).toMatchObject({ ok: true, observed: 'shard' });
  });
});

describe('the author of a quiz reads', () => {
  async function problems(...lines: readonly string[]): Promise<readonly string[]> {
    const text = labOf(step('id: which', 'uses: quiz', 'with:', '  question: Which?', ...lines));
    const { diagnostics } = await planText('labs/07.md', text, { kinds: stepKinds, assets: '/nowhere' });
    return printDiagnostics(diagnostics, new Map([['labs/07.md', text]])).split('\n');
  }
  const three = `  options: [${options.join(', ')}]`;

  it('that there is no answer', async () => {
    expect(await problems(three)).toEqual([
      'labs/07.md:11:1 error: quiz needs `answer`.',
      '  with:',
      '  ~~~~',
      expect.stringContaining('`answer`: The right answer: the place of an option'),
      '',
    ]);
  });

  it.each([
    [
      'an answer that is none of the options',
      [three, '  answer: latest'],
      `labs/07.md:14:11 error: \`answer\`, the text "latest", is none of the options: ${listed}`,
    ],
    [
      'a place that there is not',
      [three, '  answer: 4'],
      'labs/07.md:14:11 error: `answer` is the number 4: there are 3 options, counted from 1.',
    ],
    [
      'one of several',
      [three, '  answer: [1, newest]'],
      `labs/07.md:14:15 error: \`answer[1]\`, the text "newest", is none of the options: ${listed}`,
    ],
    [
      'a number where an answer is typed',
      ['  answer: 24'],
      'labs/07.md:13:11 error: `answer`, the number 24, is the place of an option, and there are no options; put it in quotes if it is text.',
    ],
    [
      'an expression that does not come to an end',
      [`  answer: ${'a'.repeat(40)}b`, '  accept: (a+)+'],
      `labs/07.md:13:11 error: \`answer\`, the text "${'a'.repeat(40)}b", cannot be compared with \`accept\`, because (a+)+ takes too long; write it without repetitions inside repetitions.`,
    ],
    ['an option twice', ['  options: [a, b, a]', '  answer: a'], 'labs/07.md:13:19 error: `options[2]`, the text "a", stands there twice.'],
    [
      'no wrong option',
      ['  options: [a, b]', '  answer: [1, b]'],
      'labs/07.md:14:3 error: `answer`, a list, leaves no option that would be wrong.',
    ],
    [
      'an expression that is none',
      ['  answer: a', '  accept: "("'],
      'labs/07.md:14:11 error: `accept`, the text "(", is not a regular expression.',
    ],
    [
      'an expression that does not take the answer',
      ['  answer: a', '  accept: b+'],
      'labs/07.md:13:11 error: `answer`, the text "a", is not matched by `accept`, which is b+.',
    ],
    [
      'both ways to answer',
      [three, '  answer: 1', '  accept: L.*'],
      'labs/07.md:15:11 error: `accept`, the text "L.*", is for answers that are typed; leave out this or the options.',
    ],
  ])('of %s, at its place', async (_, lines, message) => expect((await problems(...lines))[0]).toBe(message));
});
