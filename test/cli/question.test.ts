import { describe, expect, it } from 'vitest';
import type { Option, Prompter } from '../../src/cli/prompter.ts';
import { askQuestion } from '../../src/cli/question.ts';

const state = { first: true, hint: true, signal: new AbortController().signal };

/** Somebody who takes the choice at this place, and what they could choose from. */
function taking(place: number) {
  const titles: string[] = [];
  const prompter: Prompter = {
    async choose<Value extends string>(_message: string, options: readonly Option<Value>[]) {
      titles.push(...options.map(({ title }) => title));
      const option = options[place];
      if (option === undefined) throw new Error(`There is no choice ${place}.`);
      return option.value;
    },
    confirm: async () => true,
    input: async () => '',
  };
  return { prompter, titles };
}

describe('the question of a step', () => {
  const options = ['Leave', 'Give me a hint', 'Stay'];

  it.each([
    [0, { answer: 'Leave' }],
    [1, { answer: 'Give me a hint' }],
    [2, { answer: 'Stay' }],
    [3, 'hint'],
    [4, 'skip'],
    [5, 'quit'],
  ])('knows its answers from the ways on, whatever they are called (choice %i)', async (place, chosen) => {
    const { prompter, titles } = taking(place);
    expect(await askQuestion({ text: 'What now?', options }, prompter, state)).toEqual(chosen);
    expect(titles).toEqual([...options, '(Give me a hint)', 'Show me the answer, without points', '(Leave)']);
  });
});
