import { describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import type { StepKind } from '../../../src/steps/step.ts';
import { active, addTag, createStream, kindsOf, openShards, streamKind, streams } from '../../support/flawed-kind.ts';
import { labOf, step } from '../../support/lab-kinds.ts';
import { failures, planOfText, proveLab } from '../../support/proof-bench.ts';

const page = labOf('# Streams\n\n', step('id: orders', 'uses: test/stream', 'with:', '  name: orders', 'points: 10'));

/** What is wrong with a lab of one step of this kind. */
async function wrongWith(kind: StepKind): Promise<readonly string[]> {
  const kinds = kindsOf({ 'test/stream': kind });
  const { result, bugs } = await proveLab(await planOfText(page, { kinds }), { kinds });
  expect(bugs).toEqual([]);
  expect(result.outcome).toBe(failures(result).length === 0 ? 'proved' : 'not-proved');
  return failures(result);
}

describe('a lab as it is', () => {
  it('is proved when nothing is wrong with it', async () => {
    expect(await wrongWith(streamKind())).toEqual([]);
  });

  it('is not red when a step is met that nobody has done', async () => {
    const kind = streamKind({ check: async () => [{ fact: 'mood', expected: 'good', observed: 'good', ok: true }] });
    expect((await wrongWith(kind)).filter((line) => /^(unsolved|bare)/.test(line))).toEqual([
      'unsolved: The step "orders" is met, although nothing has been done.',
      'bare: The step "orders" is met, although nothing has been done.',
    ]);
  });

  it('is not red again when a step goes on being met after everything was taken down', async () => {
    let done = false;
    const kind = streamKind({
      async apply(input, context) {
        if ((await openShards(input.name, context.aws)) === undefined) await context.aws.call(createStream(input));
        await active(input.name, context);
        done = true;
      },
      check: async () => [{ fact: 'memory', expected: 'done', observed: String(done), ok: done }],
    });
    expect((await wrongWith(kind)).filter((line) => /^(unsolved|bare)/.test(line))).toEqual([
      'bare: The step "orders" is met, although nothing has been done.',
    ]);
  });

  it('is not green when a step that was done is not met; then nothing more can be shown than that it leaves nothing', async () => {
    const kind = streamKind({ check: async () => [{ fact: 'mood', expected: 'good', observed: 'bad', ok: false }] });
    expect(await wrongWith(kind)).toEqual([
      'solved: The step "orders" is not met: mood: expected good, observed bad',
      'promised: skipped',
      'again: skipped',
      'looked: skipped',
    ]);
  });

  it('says what AWS answered to a step that could not be done', async () => {
    const apply = async ({ name }: { name: string }, { aws }: { aws: Parameters<typeof openShards>[1] }) =>
      void (await aws.call(apiCall('kinesis', 'DeleteStream', { StreamName: name })));
    expect(await wrongWith(streamKind({ apply, explain: () => [apiCall('kinesis', 'DeleteStream', {})] }))).toContain(
      'solved: The step "orders" is not met: AWS answered ResourceNotFoundException to kinesis:DeleteStream: Stream orders under account 123456789012 not found.',
    );
  });

  it('has to make no other writes than those that it explains', async () => {
    const kind = streamKind({
      async apply(input, context) {
        if ((await openShards(input.name, context.aws)) !== undefined) return;
        await context.aws.call(createStream(input));
        await active(input.name, context);
        await context.aws.call(addTag(input.name));
      },
    });
    expect(await wrongWith(kind)).toEqual(['promised: The step "orders" writes kinesis:AddTagsToStream, which it does not explain.']);
  });

  it('has to make them with the input that it explains', async () => {
    const kind = streamKind({ explain: (input) => [createStream({ ...input, shards: 5 })] });
    expect(await wrongWith(kind)).toEqual([
      'promised: The step "orders" writes kinesis:CreateStream with another ShardCount, which it does not explain.',
    ]);
  });

  it('has to make all of them', async () => {
    const kind = streamKind({ explain: (input) => [createStream(input), addTag(input.name)] });
    expect(await wrongWith(kind)).toEqual(['promised: The step "orders" explains kinesis:AddTagsToStream, and does not make that call.']);
  });

  it('must not write when it is done again', async () => {
    const kind = streamKind({
      explain: (input) => [createStream(input), addTag(input.name)],
      async apply(input, context) {
        if ((await openShards(input.name, context.aws)) === undefined) await context.aws.call(createStream(input));
        await active(input.name, context);
        await context.aws.call(addTag(input.name));
      },
    });
    expect(await wrongWith(kind)).toEqual(['again: The step "orders" writes again what is there already: kinesis:AddTagsToStream.']);
  });

  it('may write again where nothing is left of a step that could be seen', async () => {
    const kind = streamKind();
    const tag = streamKind({
      resources: [],
      owns: () => [],
      explain: ({ name }) => [addTag(name)],
      apply: async ({ name }, { aws }) => void (await aws.call(addTag(name))),
      check: async ({ name }, { answered }) => {
        const ok = answered(addTag(name)) !== undefined;
        return [{ fact: 'tag', expected: 'put', observed: ok ? 'put' : 'nothing', ok }];
      },
      leavesTrace: () => false,
      cannotFail: 'tags always fit',
      mutations: () => [],
    });
    const kinds = kindsOf({ 'test/stream': kind, 'test/tag': tag });
    const plan = await planOfText(`${page}\n${step('id: tag', 'uses: test/tag', 'with:', '  name: orders')}`, { kinds });
    const { result } = await proveLab(plan, { kinds });
    expect(failures(result)).toEqual([]);
  });

  it('must not write when it only looks', async () => {
    const kind = streamKind({
      async check({ name }, { aws }) {
        if ((await openShards(name, aws)) === undefined) return [{ fact: 'stream', expected: 'one', observed: 'none', ok: false }];
        await aws.call(addTag(name));
        return [{ fact: 'stream', expected: 'one', observed: 'one', ok: true }];
      },
    });
    expect((await wrongWith(kind)).filter((line) => line.startsWith('looked'))).toEqual([
      'looked: This is a bug in kinesis-labs: kinesis:AddTagsToStream is a write, and this session only reads.',
    ]);
  });

  it('leaves something when what it owns is not removed', async () => {
    const kind = streamKind({ resources: [{ ...streams, remove: async () => undefined }], mutations: () => [] });
    const lines = await wrongWith(kind);
    expect(lines).toContain('removed: The stream orders could not be removed: it was removed, and is still there');
    expect(lines).toContain('bare: The step "orders" is met, although nothing has been done.');
  });

  it('leaves something when it creates more than it owns', async () => {
    const extra = (input: { name: string; shards: number }) => createStream({ ...input, name: `${input.name}-extra` });
    const kind = streamKind({
      explain: (input) => [createStream(input), extra(input)],
      async apply(input, context) {
        if ((await openShards(input.name, context.aws)) !== undefined) return;
        await context.aws.call(createStream(input));
        await context.aws.call(extra(input));
        await active(input.name, context);
      },
    });
    expect((await wrongWith(kind)).filter((line) => line.startsWith('removed'))).toEqual([
      'removed: The stream orders-extra is there afterwards, and no step says that it owns it.',
    ]);
  });

  it('leaves something when its kind says of what is there that it is not', async () => {
    const removal = (name: string) => ({ ...streams.removal(name), left: { ...streams.removal(name).left, query: 'nothing' } });
    const lines = await wrongWith(streamKind({ resources: [{ ...streams, exists: async () => false, removal }] }));
    expect(lines).toContain('removed: The stream orders is there afterwards, and exists() of kinesis:stream says that it is not.');
  });
});
