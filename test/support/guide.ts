import type { Choice, Guide } from '../../src/runner/guide.ts';

/** A learner who gives these answers in turn, and is not asked more often. */
export interface Answering extends Guide {
  /** The steps that they were asked about. */
  readonly asked: readonly string[];
}

/** @param options `before` is called with each answer; `teardown` is what they say to the removal at the end, yes by default. */
export function guideThat(
  choices: readonly Choice[],
  options: { readonly teardown?: boolean; readonly before?: (choice: Choice) => void } = {},
): Answering {
  const left = [...choices];
  const asked: string[] = [];
  return {
    asked,
    async choose({ step }) {
      asked.push(step.block.id);
      const choice = left.shift();
      if (choice === undefined) throw new Error(`Was asked about ${step.block.id}, which was not expected.`);
      options.before?.(choice);
      return choice;
    },
    confirmTeardown: async () => options.teardown ?? true,
  };
}
