/** What a run does at each step. The modes are data for one executor. */
export interface Mode {
  readonly name: 'guide' | 'check' | 'test';
  /** Whether the runner does a step: always, when the learner asks for it, or never. */
  readonly apply: 'always' | 'asked' | 'never';
  readonly onFailure: 'ask' | 'go-on' | 'stop';
  readonly teardown: 'always' | 'asked' | 'never';
}

export const modes = {
  /** `start`: the learner decides. */
  guide: { name: 'guide', apply: 'asked', onFailure: 'ask', teardown: 'asked' },
  /** `verify`: looks only; the AWS session refuses writes. */
  check: { name: 'check', apply: 'never', onFailure: 'go-on', teardown: 'never' },
  /** `test`, and `start --yes`: everything by itself. */
  test: { name: 'test', apply: 'always', onFailure: 'stop', teardown: 'always' },
} as const satisfies Record<string, Mode>;
