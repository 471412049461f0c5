import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseLab } from '../../src/runner/parse.ts';
import type { Plan } from '../../src/runner/plan.ts';
import { type PlanOptions, planLab, planText } from '../../src/runner/planning.ts';
import { UserError } from '../../src/util/user-error.ts';
import { labKinds, labOf, labWith, orders, output, step } from '../support/lab-kinds.ts';

const noAssets = { kinds: labKinds, assets: '/nowhere' };

async function planned(text: string, options: Partial<PlanOptions> = {}): Promise<Plan> {
  const { plan, diagnostics } = await planText('labs/07-streams.md', text, { ...noAssets, ...options });
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('There is neither a plan nor a diagnostic.');
  return plan;
}

async function messages(text: string, options: Partial<PlanOptions> = {}): Promise<string[]> {
  const { plan, diagnostics } = await planText('labs/07-streams.md', text, { ...noAssets, ...options });
  expect(plan).toBeUndefined();
  return diagnostics.map(({ place, message, hint }) => `${place.line}:${place.column} ${message}${hint === undefined ? '' : ` ${hint}`}`);
}

const known = {
  outputs: { orders: { arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders' } },
  nonce: 'abc123',
  started: '2026-01-31T12:00:00.000Z',
};

const record = step(
  'id: record',
  'uses: kinesis/put-record',
  'with:',
  '  stream: ${{ steps.orders.arn }}',
  '  data: ${{ vars.message }} ${{ learner.nonce }}',
);

describe('a plan', () => {
  it('binds each step with what is known when its turn comes', async () => {
    const plan = await planned(labWith({ vars: '{ message: Hello }' }, orders, record));
    const [first, second] = plan.steps;
    expect(first?.bind(known).explain()).toEqual([
      { service: 'kinesis', operation: 'CreateStream', input: { StreamName: 'orders', ShardCount: 2 } },
    ]);
    const [call] = second?.bind(known).explain() ?? [];
    expect(call?.input).toMatchObject({ StreamARN: known.outputs.orders.arn });
    expect(String(call?.input['Data'])).toBe('Hello abc123');
  });

  it('knows which prose stands before a step, before its answer, and at the end', async () => {
    const plan = await planned(
      labOf(
        'Intro.\n',
        orders,
        'It answers:\n',
        output('{}'),
        'Next.\n',
        step('id: b', 'uses: kinesis/stream', 'with: { name: b }'),
        'The end.\n',
      ),
    );
    expect(plan.steps.map(({ prose, answerProse, output: block }) => [prose, answerProse, block?.step])).toEqual([
      ['Intro.\n', 'It answers:\n', 'orders'],
      ['Next.\n', '', undefined],
    ]);
    expect(plan.closing).toBe('The end.\n');
  });

  it('fills references of an output block in, those to its own step too', async () => {
    const plan = await planned(
      labWith(
        { names: '{ stream: orders }' },
        orders,
        output('{ "StreamARN": "${{ steps.orders.arn }}", "Name": ["${{ names.stream }}"] }'),
      ),
      { prefix: 'ana' },
    );
    expect(plan.steps[0]?.expected(known)).toEqual({ StreamARN: known.outputs.orders.arn, Name: ['ana-orders'] });
  });

  it('has no expectation where there is no output block', async () => {
    expect((await planned(labOf(orders))).steps[0]?.expected(known)).toBeUndefined();
  });

  it('is the same for a lab that was parsed before', async () => {
    const { lab } = parseLab('labs/07-streams.md', labOf(orders));
    const { plan } = lab === undefined ? { plan: undefined } : await planLab(lab, noAssets);
    expect(plan?.steps.map(({ block }) => block.id)).toEqual(['orders']);
  });

  it('loads each step kind by the names that there are, and asks for no other', async () => {
    const asked: string[] = [];
    const kinds = {
      names: labKinds.names,
      load: async (name: string) => {
        asked.push(name);
        return labKinds.load(name);
      },
    };
    expect(await messages(labOf(orders, step('id: x', 'uses: ../../cli/main')), { kinds })).toHaveLength(1);
    expect(asked).toEqual(['kinesis/stream']);
  });
});

describe('a mistake', () => {
  it('is told once: a reference without a value is not a wrong input as well', async () => {
    const block = step('id: b', 'uses: kinesis/stream', 'with:', '  name: ${{ steps.gone.arn }}', '  shards: 0');
    expect(await messages(labOf(orders, block, output('{}')))).toEqual([
      '19:9 There is no step "gone". Steps above: orders.',
      '20:11 `shards` must be at least 1, and is the number 0. `shards`: How many shards it has, 1 to 10.',
    ]);
  });
});

describe('binding a step', () => {
  it('says which step has to be done first', async () => {
    const plan = await planned(labWith({ vars: '{ message: Hello }' }, orders, record));
    const bind = () => plan.steps[1]?.bind({ ...known, outputs: { orders: {} } });
    expect(bind).toThrow(UserError);
    expect(bind).toThrow('The step "record" needs ${{ steps.orders.arn }}, and the step "orders" has not given it.');
  });

  it('names the step, the key and the value that came from AWS and does not fit', async () => {
    const plan = await planned(labWith({ vars: '{ message: Hello }' }, orders, record));
    const bind = () => plan.steps[1]?.bind({ ...known, outputs: { orders: { arn: 'orders' } } });
    expect(bind).toThrow(UserError);
    expect(bind).toThrow(
      'The step "record" cannot be done: `stream` is the text "orders": A stream is given by its ARN. It comes from ${{ steps.orders.arn }}.',
    );
  });

  it('does not mind a hint whose reference has no value yet', async () => {
    const plan = await planned(
      labOf(orders, step('id: b', 'uses: kinesis/stream', 'with: { name: b }', 'hint: See ${{ steps.orders.arn }}.')),
    );
    expect(plan.steps[1]?.bind({ ...known, outputs: {} }).owns()).toEqual([{ type: 'kinesis:stream', id: 'b' }]);
  });
});

describe('the values of a lab', () => {
  const head = { vars: '{ message: Hello, shards: 2, loud: false }', names: '{ stream: orders, copy: copies }' };
  const values = async (options: Partial<PlanOptions>) => (await planned(labWith(head, orders), options)).values;

  it('are those of the front matter', async () => {
    expect(await values({})).toEqual({ vars: { message: 'Hello', shards: 2, loud: false }, names: { stream: 'orders', copy: 'copies' } });
  });

  it('can be set, and keep their type', async () => {
    const set = { message: '5', shards: '3', loud: 'true' };
    expect((await values({ set })).vars).toEqual({ message: '5', shards: 3, loud: true });
    expect(
      await planned(labWith(head, step('id: a', 'uses: kinesis/stream', 'with:', '  name: a', '  shards: ${{ vars.shards }}'))),
    ).toBeDefined();
  });

  it('take a prefix in front of names, but not of one that is set', async () => {
    expect((await values({ prefix: 'ana' })).names).toEqual({ stream: 'ana-orders', copy: 'ana-copies' });
    expect((await values({ prefix: 'ana-', set: { copy: 'mine' } })).names).toEqual({ stream: 'ana-orders', copy: 'mine' });
  });

  it('are tried on the steps, so that a name which is too long is seen before anything is done', async () => {
    const block = step('id: f', 'uses: kinesis/stream', 'with:', '  name: ${{ names.long }}');
    const text = labWith({ names: `{ long: ${'x'.repeat(120)} }` }, block);
    expect(await planned(text, { prefix: 'ana' })).toBeDefined();
    expect((await messages(text, { prefix: 'somebody-else' }))[0]).toMatch(
      /^13:9 `name` is the text "somebody-else-x+…: A stream name has 1 to 128 letters.* It comes from \$\{\{ names\.long }}\./,
    );
  });

  it.each<[Partial<PlanOptions>, string, string]>([
    [
      { set: { mesage: 'x' } },
      'labs/07-streams.md has no variable or name "mesage" to set.',
      'Did you mean "message"? There are: message, shards, loud, stream, copy.',
    ],
    [
      { set: { constructor: 'x' } },
      'labs/07-streams.md has no variable or name "constructor" to set.',
      'There are: message, shards, loud, stream, copy.',
    ],
    [{ set: { shards: 'two' } }, '--set shards must be a number, and is "two".', ''],
    [{ set: { shards: '' } }, '--set shards must be a number, and is "".', ''],
    [{ set: { loud: '1' } }, '--set loud must be true or false, and is "1".', ''],
    [
      { prefix: 'a b' },
      'The prefix "a b" cannot begin the names of AWS resources.',
      'A prefix has at most 20 letters, digits and hyphens, and begins with a letter or a digit.',
    ],
    [
      { prefix: '-a' },
      'The prefix "-a" cannot begin the names of AWS resources.',
      'A prefix has at most 20 letters, digits and hyphens, and begins with a letter or a digit.',
    ],
    [
      { prefix: 'x'.repeat(21) },
      `The prefix "${'x'.repeat(21)}" cannot begin the names of AWS resources.`,
      'A prefix has at most 20 letters, digits and hyphens, and begins with a letter or a digit.',
    ],
  ])('are refused when they do not fit the lab: %j', async (options, message, hint) => {
    const error = await planText('labs/07-streams.md', labWith(head, orders), { ...noAssets, ...options }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ message, exitCode: 2, ...(hint === '' ? {} : { hint }) });
  });

  it('are not blamed when the front matter is what is broken', async () => {
    expect(await messages(labWith({ title: '' }, orders), { set: { message: 'x' } })).toEqual([
      '1:1 The front matter has no `title`. Add a line such as: title: Hello, Kinesis',
    ]);
  });
});

describe('an asset', () => {
  const assets = mkdtempSync(join(tmpdir(), 'kinesis-labs-test-'));
  mkdirSync(join(assets, 'handlers/logger'), { recursive: true });
  writeFileSync(join(assets, 'policy.json'), '{}');
  writeFileSync(join(assets, 'notes.txt'), 'x');
  symlinkSync('/etc', join(assets, 'elsewhere'));
  symlinkSync('handlers/logger', join(assets, 'near'));

  const functionWith = (...lines: readonly string[]) =>
    labWith({ vars: '{ handler: logger }' }, orders, step('id: f', 'uses: lambda/function', 'with:', '  name: f', ...lines));
  const paths = async (...lines: readonly string[]) => {
    const [, second] = (await planned(functionWith(...lines), { assets })).steps;
    return String(second?.bind(known).explain()[0]?.input['NextToken']).replaceAll(assets, '').split('|');
  };

  it('is absolute in what a step is bound with, in lists, by default and through variables too', async () => {
    expect(
      await paths('  code: handlers/${{ vars.handler }}', '  policy: policy.json', '  layers: [handlers, near]', '  extra: {}'),
    ).toEqual(['/handlers/logger', '/policy.json', '/handlers', '/near', '/notes.txt']);
  });

  it.each<[string, string]>([
    ['code: handlers/loger', `21:9 There is no folder "handlers/loger" in ${assets}. Did you mean "handlers/logger"?`],
    ['code: handlers/xyz', `21:9 There is no folder "handlers/xyz" in ${assets}. There are: handlers/logger.`],
    ['code: nowhere/at/all', `21:9 There is no folder "nowhere/at/all" in ${assets}. Nor is there the folder that it would be in.`],
    [
      'code: policy.json',
      `21:9 "policy.json" is not a folder, and a folder is needed here. Give a path below ${assets}, such as handlers/logger.`,
    ],
    [
      'code: ../handlers',
      `21:9 The path "../handlers" leads out of the assets folder. Give a path below ${assets}, such as handlers/logger.`,
    ],
    [
      'code: handlers/../../x',
      `21:9 The path "handlers/../../x" leads out of the assets folder. Give a path below ${assets}, such as handlers/logger.`,
    ],
    ['code: /etc', `21:9 The path "/etc" leads out of the assets folder. Give a path below ${assets}, such as handlers/logger.`],
    [
      'code: "C:\\\\Windows"',
      `21:9 The path "C:\\\\Windows" leads out of the assets folder. Give a path below ${assets}, such as handlers/logger.`,
    ],
    ['code: ""', `21:9 "" is no path. Give a path below ${assets}, such as handlers/logger.`],
    ['code: elsewhere', '21:9 "elsewhere" is a link that leads out of the assets folder. Put a copy of what it points to there.'],
    [
      'code: elsewhere/hosts',
      '21:9 "elsewhere/hosts" is a link that leads out of the assets folder. Put a copy of what it points to there.',
    ],
    [
      'code: handlers/${{ learner.nonce }}',
      '21:18 A path of an asset cannot depend on ${{ learner.nonce }}. It is looked up before the lab is run.',
    ],
    [
      'code: ${{ steps.orders.arn }}',
      '21:9 A path of an asset cannot depend on ${{ steps.orders.arn }}. It is looked up before the lab is run.',
    ],
  ])('is refused with %s', async (line, expected) => {
    expect(await messages(functionWith(`  ${line}`), { assets })).toEqual([expected]);
  });
});

describe('a page of thousands of mistakes', () => {
  it('is told in part, because what each may have meant is looked for among all names', async () => {
    const vars = Array.from({ length: 1_000 }, (_, index) => `\n  variable-${index}: x`).join('');
    const page = Array.from({ length: 5_000 }, (_, index) => `\${{ vars.varable-${index} }}\n\n`).join('');
    const told = await messages(labWith({ vars }, page, orders));
    expect(told).toHaveLength(200);
    expect(told[0]).toContain('The front matter has no variable "varable-0". Did you mean "variable-0"?');
    expect(Math.max(...told.map((message) => message.length))).toBeLessThan(1_000);
  });
});
