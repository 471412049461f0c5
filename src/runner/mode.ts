/** What a run does at each step. The modes are data for one executor. */
export interface Mode {
  readonly name: 'guide' | 'check' | 'test';
  /** Whether the runner does a step: always, when the learner asks for it, or never. */
  readonly apply: 'always' | 'asked' | 'never';
  readonly onFailure: 'ask' | 'go-on' | 'stop';
  readonly teardown: 'always' | 'asked' | 'never';
  /** Whether what is done already, as the ledger of the run says, counts. */
  readonly earlier: 'counts' | 'ignored';
}

export const modes = {
  /** `start`: the learner decides. */
  guide: { name: 'guide', apply: 'asked', onFailure: 'ask', teardown: 'asked', earlier: 'counts' },
  /** `verify`: looks only; the AWS session refuses writes. */
  check: { name: 'check', apply: 'never', onFailure: 'go-on', teardown: 'never', earlier: 'ignored' },
  /** `test`, and `start --yes`: everything by itself. */
  test: { name: 'test', apply: 'always', onFailure: 'stop', teardown: 'always', earlier: 'counts' },
  /** `test --prove`: does everything, and leaves it standing. */
  build: { name: 'test', apply: 'always', onFailure: 'stop', teardown: 'never', earlier: 'ignored' },
  /** `test --prove`: the same, and goes on after a step that is not met, to see what the later ones make of it. */
  buildOn: { name: 'test', apply: 'always', onFailure: 'go-on', teardown: 'never', earlier: 'ignored' },
} as const satisfies Record<string, Mode>;
