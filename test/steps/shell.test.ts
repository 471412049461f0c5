import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportBash } from '../../src/runner/export/bash.ts';
import { planText } from '../../src/runner/planning.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import { shell } from '../../src/steps/shell.ts';
import type { Finding } from '../../src/steps/step.ts';
import { labOf, labWith, step } from '../support/lab-kinds.ts';
import { planOfText } from '../support/proof-bench.ts';
import { assets, type Bench, failed, openBench } from '../support/step-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

async function run(input: object): Promise<readonly Finding[]> {
  const { context } = bench.visit();
  const bound = shell.bind(input);
  await bound.apply(context);
  return bound.check(context);
}

describe('running a command', () => {
  it('is met by the exit code and the output that are expected', async () => {
    const input = {
      run: 'echo begin; echo "at $AWS_ENDPOINT_URL"; exit 4',
      'exit-code': 4,
      contains: ['begin'],
      matches: '^at http://127',
    };
    expect(failed(await run(input))).toEqual([]);
  });

  it.each([
    ['another exit code', { run: 'echo oh; exit 7' }, { fact: 'exit code', expected: '0', observed: '7', hint: 'It printed: oh' }],
    ['success where it has to fail', { run: 'true', 'exit-code': 1 }, { expected: '1', observed: '0', hint: 'It printed: nothing' }],
    ['other output', { run: 'echo a', contains: ['a', 'b'] }, { fact: 'output', expected: 'b', observed: '… a' }],
    ['no output', { run: 'true', matches: '^a$' }, { fact: 'output', expected: 'a text that matches ^a$', observed: 'nothing' }],
  ])('is not met by %s', async (_, input, finding) => expect(failed(await run(input))).toMatchObject([finding]));

  it('is not met when it takes too long', async () => {
    expect(failed(await run({ run: 'sleep 600', timeout: 1 }))).toMatchObject([
      { observed: 'still running after 1 second', hint: expect.stringContaining('with all that it had started') },
    ]);
  });

  it('cannot be seen when it was done elsewhere', async () => {
    const bound = shell.bind({ run: 'true' });
    expect(bound.leavesTrace()).toBe(false);
    expect(await bound.check(bench.visit().context)).toMatchObject([{ ok: false, observed: 'none that was run from here' }]);
  });

  it('is refused where it is not allowed', async () => {
    const { commands: _, ...context } = bench.visit().context;
    await expect(shell.bind({ run: 'true' }).apply(context)).rejects.toMatchObject({ exitCode: 3 });
  });
});

describe('a command as it is exported', () => {
  it.each([
    { run: 'echo "$GIVEN"; exit 3', environment: { GIVEN: 'a "b" $c `d` \\e' }, 'exit-code': 3, expected: 'a "b" $c `d` \\e\n' },
    { run: 'pwd | grep -c tmp\nls', files: `${assets}kinesis-event-logger`, expected: '1\nkinesisEventLogger.js\n' },
  ])('does the same: $run', ({ expected, ...input }) => {
    const lines = shell.bind(input).instead()?.shell ?? [];
    const printed = execFileSync('bash', ['-euc', lines.join('\n')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    expect(printed).toBe(expected);
  });

  it('takes what earlier steps have found from variables', async () => {
    const made = step('id: made', 'uses: kinesis/stream', 'with: { name: orders, shards: 1 }');
    const look = step('id: look', 'uses: shell', 'with:', '  run: echo "$ARN"', '  environment: { ARN: "${{ steps.made.arn }}" }');
    const script = await exportBash(await planOfText(labOf(made, look)));
    expect(script).toContain(`(cd "$(mktemp -d)" && ARN="$MADE_ARN" bash -euo pipefail -c 'echo "$ARN"')`);
  });
});

describe('a command in a lab file', () => {
  const options = { kinds: stepKinds, assets: '/nowhere' };
  const streamStep = step('id: made', 'uses: kinesis/stream', 'with: { name: orders, shards: 1 }');

  it.each(['steps.made.arn', 'learner.nonce'])('cannot hold ${{ %s }}, because that would be run', async (reference) => {
    const { diagnostics } = await planText(
      'labs/07.md',
      labOf(streamStep, step('id: look', 'uses: shell', 'with:', `  run: echo \${{ ${reference} }}`)),
      options,
    );
    expect(diagnostics).toMatchObject([
      {
        message: `A command cannot hold \${{ ${reference} }}: whatever that stands for would be run.`,
        hint: expect.stringContaining('below `environment:`'),
      },
    ]);
  });

  it('can hold what the page itself says, and is given the rest as variables', async () => {
    const lines = [
      'id: look',
      'uses: shell',
      'with:',
      '  run: echo ${{ names.stream }} "$ARN"',
      '  environment:',
      '    ARN: ${{ steps.made.arn }}',
    ];
    const lab = labWith({ names: '\n  stream: orders' }, streamStep, step(...lines));
    const { plan, diagnostics } = await planText('labs/07.md', lab, { ...options, prefix: 'ada' });
    expect(diagnostics).toEqual([]);
    expect(plan?.steps.map(({ script }) => script)).toEqual([undefined, 'echo ada-orders "$ARN"']);
  });
});
