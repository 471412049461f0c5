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
  /** `test --prove`: does everything, and leaves it standing. */
  build: { name: 'test', apply: 'always', onFailure: 'stop', teardown: 'never' },
  /** `test --prove`: the same, and goes on after a step that is not met, to see what the later ones make of it. */
  buildOn: { name: 'test', apply: 'always', onFailure: 'go-on', teardown: 'never' },
} as const satisfies Record<string, Mode>;
