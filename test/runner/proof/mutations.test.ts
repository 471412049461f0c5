import { describe, expect, it } from 'vitest';
import type { ResourceKind } from '../../../src/steps/resource.ts';
import type { Mutation, StepKind } from '../../../src/steps/step.ts';
import { active, addTag, createStream, kindsOf, openShards, removeTag, streamKind, streams, tagOf } from '../../support/flawed-kind.ts';
import { labOf, step } from '../../support/lab-kinds.ts';
import { failures, planOfText, proveLab } from '../../support/proof-bench.ts';

const orders = step('id: orders', 'uses: test/stream', 'with:', '  name: orders');
const looked = step('id: looked', 'uses: test/look', 'with:', '  name: orders');

/** Proves a lab of these steps. */
async function proof(kinds: Readonly<Record<string, StepKind>>, ...steps: readonly string[]) {
  const known = kindsOf(kinds);
  return proveLab(await planOfText(labOf('# Streams\n\n', ...steps), { kinds: known }), { kinds: known });
}

/** A step that looks at the stream of another one. */
function looking(check: (shards: number | undefined) => boolean): StepKind {
  return streamKind({
    resources: [],
    owns: () => [],
    explain: () => [],
    apply: async () => undefined,
    mutations: () => [],
    async check({ name }, { aws }) {
      const shards = await openShards(name, aws);
      return [{ fact: `look at ${name}`, expected: 'something', observed: String(shards), ok: check(shards) }];
    },
  });
}

/** A stream whose check is content with any stream. */
const anyStream: StepKind = streamKind({
  async check({ name }, { aws }) {
    const there = (await openShards(name, aws)) !== undefined;
    return [{ fact: `stream ${name}`, expected: 'a stream', observed: there ? 'a stream' : 'none', ok: there }];
  },
});

const spoilt = (name: string, apply: Mutation['apply']): Mutation => ({ name, when: 'afterwards', apply });

describe('the mistakes that are made in a lab that is done', () => {
  it('are those that its kinds know of, and that what a step owns is taken away; each says who noticed', async () => {
    const { result } = await proof({ 'test/stream': streamKind() }, orders);
    expect(result.mutations).toEqual([
      {
        name: 'orders has a shard more',
        step: 'orders',
        when: 'afterwards',
        outcome: 'noticed',
        noticedBy: [{ step: 'orders', facts: ['shards of orders'] }],
        durationMs: expect.any(Number),
      },
      {
        name: 'the stream orders is deleted',
        step: 'orders',
        when: 'afterwards',
        outcome: 'noticed',
        noticedBy: [{ step: 'orders', facts: ['stream orders'] }],
        durationMs: expect.any(Number),
      },
    ]);
    expect(result.steps).toEqual([{ step: 'orders', outcome: 'can-fail', neverRed: [] }]);
  });

  it('are found to go unnoticed, by name', async () => {
    const { result } = await proof({ 'test/stream': anyStream }, orders);
    expect(failures(result)).toEqual(['orders has a shard more: unnoticed: Every step of the lab is met all the same.']);
    expect(result.outcome).toBe('not-proved');
  });

  it('may be noticed by another step than the one whose work is wrong', async () => {
    const kinds = { 'test/stream': anyStream, 'test/look': looking((shards) => shards === 1) };
    const { result } = await proof(kinds, orders, looked);
    expect(failures(result)).toEqual([]);
    expect(result.mutations.map(({ name, noticedBy }) => `${name}: ${noticedBy.map((each) => each.step).join(', ')}`)).toEqual([
      'orders has a shard more: looked',
      'the stream orders is deleted: orders, looked',
    ]);
  });

  it('need not be noticed where something is gone that comes about by itself', async () => {
    const log: ResourceKind = { ...streams, type: 'test:log', noun: 'log', incidental: 'it comes about by itself' };
    const logOf = (input: { readonly name: string; readonly shards: number }) => createStream({ ...input, name: `${input.name}-log` });
    const kind = streamKind({
      resources: [streams, log],
      owns: ({ name }) => [
        { type: 'kinesis:stream', id: name },
        { type: 'test:log', id: `${name}-log` },
      ],
      explain: (input) => [createStream(input), logOf(input)],
      async apply(input, context) {
        if ((await openShards(input.name, context.aws)) !== undefined) return;
        await context.aws.call(createStream(input));
        await context.aws.call(logOf(input));
        await active(input.name, context);
        await active(`${input.name}-log`, context);
      },
    });
    const { result } = await proof({ 'test/stream': kind }, orders);
    expect(failures(result)).toEqual([]);
    expect(result.mutations).toContainEqual(
      expect.objectContaining({
        name: 'the log orders-log is deleted',
        outcome: 'excused',
        problem: { message: 'A lab need not look at a log, because it comes about by itself.' },
      }),
    );
  });

  it('are each made in a lab that is as it should be, whatever was made wrong before', async () => {
    const shardsSeen: (number | undefined)[] = [];
    const look = async (context: Parameters<Mutation['apply']>[0]): Promise<void> => {
      shardsSeen.push(await openShards('orders', context.aws));
      await streams.remove('orders', context);
    };
    const kind = streamKind({ mutations: () => [spoilt('first', look), spoilt('second', look), spoilt('third', look)] });
    const { result } = await proof({ 'test/stream': kind }, orders);
    expect(failures(result)).toEqual([]);
    expect(shardsSeen).toEqual([1, 1, 1]);
  });

  it('are not taken for noticed because of one before that was not made good', async () => {
    // Doing the step of the stream again does not bring back the tag that another step looks at.
    const tagging = streamKind({
      mutations: ({ name }) => [
        spoilt('the tag is taken away', async ({ aws }) => void (await aws.call(removeTag(name)))),
        spoilt('nothing at all is wrong', async () => undefined),
      ],
      explain: (input) => [createStream(input), addTag(input.name)],
      async apply(input, context) {
        if ((await openShards(input.name, context.aws)) !== undefined) return;
        await context.aws.call(createStream(input));
        await active(input.name, context);
        await context.aws.call(addTag(input.name));
      },
    });
    const tagLook = streamKind({
      resources: [],
      owns: () => [],
      explain: () => [],
      apply: async () => undefined,
      mutations: () => [],
      async check({ name }, { aws }) {
        const observed = await tagOf(name, aws);
        return [{ fact: 'tag', expected: 'lab', observed: String(observed), ok: observed === 'lab' }];
      },
    });
    const { result } = await proof({ 'test/stream': tagging, 'test/look': tagLook }, orders, looked);
    expect(failures(result)).toEqual(['nothing at all is wrong: unnoticed: Every step of the lab is met all the same.']);
  });

  it('come to the same however many grounds they are made on', async () => {
    const kinds = kindsOf({ 'test/stream': anyStream, 'test/look': looking((shards) => shards === 1) });
    const plan = await planOfText(labOf('# Streams\n\n', orders, looked, orders.replaceAll('orders', 'others')), { kinds });
    const outcomes = [];
    for (const workers of [1, 2, 5]) {
      const { result } = await proveLab(plan, { kinds, workers });
      outcomes.push(result.mutations.map(({ name, outcome, noticedBy }) => ({ name, outcome, noticedBy })));
    }
    expect(outcomes[0]).toHaveLength(4);
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });

  it('that cannot be made are told apart from those that nobody notices', async () => {
    const mutations = () => [spoilt('the sky falls', async ({ aws }) => void (await aws.call(addTag('nowhere'))))];
    const { result } = await proof({ 'test/stream': streamKind({ mutations }) }, orders);
    expect(failures(result)).toEqual([
      'the sky falls: untried: It could not be made so: AWS answered ResourceNotFoundException to kinesis:AddTagsToStream: Stream nowhere under account 123456789012 not found.',
    ]);
  });

  it('show it when a check breaks instead of saying what it found', async () => {
    const check: Parameters<typeof streamKind>[0] = {
      async check({ name, shards }, { aws }) {
        const observed = await openShards(name, aws);
        if (observed !== undefined && observed !== shards) throw new TypeError('shards is not a function');
        return [{ fact: 'stream', expected: 'one', observed: String(observed), ok: observed !== undefined }];
      },
    };
    const { result } = await proof({ 'test/stream': streamKind(check) }, orders);
    expect(failures(result)).toEqual(['orders has a shard more: untried: This is a bug in kinesis-labs: shards is not a function']);
  });
});

describe('the mistakes that are made while a lab is done', () => {
  const tag = (found: Readonly<Record<string, unknown>> = {}): StepKind =>
    streamKind({
      resources: [],
      owns: () => [],
      explain: ({ name }) => [addTag(name)],
      async apply({ name }, { aws }) {
        if ((await tagOf(name, aws)) !== 'lab') await aws.call(addTag(name));
      },
      async check({ name }, { aws }) {
        const observed = await tagOf(name, aws);
        return [{ fact: `tag of ${name}`, expected: 'lab', observed: String(observed), ok: observed === 'lab' }];
      },
      mutations: ({ name }) => [
        { name: 'another tag is put', when: 'instead', apply: async ({ aws }) => void (await aws.call(addTag(name, 'other'))) },
      ],
      ...found,
    });

  const tagged = step('id: tagged', 'uses: test/tag', 'with:', '  name: orders');

  it('are that a step does something else', async () => {
    const { result } = await proof({ 'test/stream': streamKind(), 'test/tag': tag() }, orders, tagged);
    expect(failures(result)).toEqual([]);
    expect(result.mutations.filter(({ when }) => when === 'instead').map(({ name, noticedBy }) => ({ name, noticedBy }))).toEqual([
      { name: 'another tag is put', noticedBy: [{ step: 'tagged', facts: ['tag of orders'] }] },
    ]);
  });

  it('are that it is never done, where its kind knows of nothing else that could be done instead', async () => {
    const { result } = await proof({ 'test/stream': streamKind(), 'test/tag': tag({ mutations: () => [] }) }, orders, tagged);
    expect(failures(result)).toEqual([]);
    expect(result.mutations.filter(({ when }) => when === 'instead').map(({ name, noticedBy }) => ({ name, noticedBy }))).toEqual([
      { name: 'the step "tagged" is never done', noticedBy: [{ step: 'tagged', facts: ['tag of orders'] }] },
    ]);
  });

  it('are that it is never done, too, where else a check would be left that nothing turns red', async () => {
    const anyTag = streamKind({
      resources: [],
      owns: () => [],
      explain: () => [],
      apply: async () => undefined,
      mutations: () => [],
      async check({ name }, { aws }) {
        if ((await openShards(name, aws)) === undefined) return [{ fact: 'stream', expected: 'any', observed: 'none', ok: true }];
        const observed = await tagOf(name, aws);
        return [{ fact: 'any tag', expected: 'any', observed: String(observed), ok: observed !== undefined }];
      },
    });
    const kinds = { 'test/stream': streamKind(), 'test/tag': tag(), 'test/look': anyTag };
    const { result } = await proof(kinds, orders, tagged, looked);
    expect(failures(result)).toEqual([]);
    expect(result.mutations.at(-1)).toMatchObject({
      name: 'the step "tagged" is never done',
      noticedBy: [{ step: 'tagged' }, { step: 'looked', facts: ['any tag'] }],
    });
  });

  it('go unnoticed where the check does not look at what is done', async () => {
    const blind: Parameters<typeof tag>[0] = {
      check: async ({ name }: { name: string }, { aws }: { aws: Parameters<typeof openShards>[1] }) => {
        const there = (await openShards(name, aws)) !== undefined;
        return [{ fact: 'stream', expected: 'one', observed: String(there), ok: there }];
      },
    };
    const { result } = await proof({ 'test/stream': streamKind(), 'test/tag': tag(blind) }, orders, tagged);
    expect(failures(result)).toEqual(['another tag is put: unnoticed: Every step of the lab is met all the same.']);
    const never = await proof({ 'test/stream': streamKind(), 'test/tag': tag({ ...blind, mutations: () => [] }) }, orders, tagged);
    expect(failures(never.result)).toEqual(['the step "tagged" is never done: unnoticed: Every step of the lab is met all the same.']);
  });
});

describe('the check of a step', () => {
  it('that nothing can turn red is one that cannot fail', async () => {
    const { result } = await proof({ 'test/stream': streamKind(), 'test/look': looking(() => true) }, orders, looked);
    expect(failures(result)).toEqual(['looked: cannot fail']);
    expect(result.steps[1]?.problem?.hint).toContain('A check that cannot fail tells a learner nothing.');
    expect(result.outcome).toBe('not-proved');
  });

  it('is exempt when its kind says why', async () => {
    const quiz = { ...looking(() => true), cannotFail: 'people answer it' };
    const { result } = await proof({ 'test/stream': streamKind(), 'test/look': quiz }, orders, looked);
    expect(failures(result)).toEqual([]);
    expect(result.steps[1]).toEqual({
      step: 'looked',
      outcome: 'exempt',
      problem: { message: 'Nothing on AWS can make such a check fail, because people answer it.' },
      neverRed: [],
    });
  });

  it('may look at more than any mistake makes wrong; that is listed', async () => {
    const kind = streamKind({
      async check({ name, shards }, { aws }) {
        const observed = await openShards(name, aws);
        const count = { fact: 'shards', expected: String(shards), observed: String(observed), ok: observed === shards };
        return [count, { ...count, fact: 'weather', ok: true }, { ...count, fact: 'weather', ok: true }];
      },
    });
    const { result } = await proof({ 'test/stream': kind }, orders);
    expect(result.outcome).toBe('proved');
    expect(result.steps).toEqual([{ step: 'orders', outcome: 'can-fail', neverRed: ['weather', 'weather (2)'] }]);
  });
});

describe('a proof', () => {
  it('says so when a lab is met once and not again', async () => {
    let times = 0;
    const kind = streamKind({
      async apply(input, context) {
        if ((await openShards(input.name, context.aws)) === undefined) await context.aws.call(createStream({ ...input, shards: ++times }));
        await active(input.name, context);
      },
      mutations: () => [],
    });
    const { result } = await proof({ 'test/stream': kind }, orders);
    expect(failures(result)).toEqual([
      'the stream orders is deleted: untried: It could not be made so: The lab was met the first time, and not when it was done anew: step "orders".',
    ]);
  });

  it('ends when it is interrupted, and says what it has got to', async () => {
    const interruption = new AbortController();
    const kinds = kindsOf({ 'test/stream': streamKind() });
    const { result, events } = await proveLab(await planOfText(labOf(orders), { kinds }), {
      kinds,
      signal: interruption.signal,
      report: (event) => {
        if (event.type === 'stage-ended' && event.stage.stage === 'again') interruption.abort(new Error('Ctrl-C'));
      },
    });
    expect(result.outcome).toBe('interrupted');
    expect(result.stages.map(({ stage }) => stage)).toEqual(['unsolved', 'solved', 'promised', 'again']);
    expect(result.mutations).toEqual([]);
    expect(events.at(-1)?.type).toBe('proof-ended');
  });
});
