import { z } from 'zod';
import { AnswerOf, type ApiCall, apiCall } from '../../aws/api-call.ts';
import { ApiError, type Aws } from '../../aws/aws.ts';
import { cannotBecome } from '../advice.ts';
import { byHand, looked, missing } from '../finding.ts';
import { defineStep, type StepContext } from '../step.ts';
import { listShards, shardsOf } from './shard-reading.ts';
import { shardIdSchema } from './shard-schema.ts';
import { active, becomesActive } from './stream-state.ts';

// Hash keys have 128 bits (Kinesis API reference of HashKeyRange).
const middle = (2n ** 127n).toString();

const schema = z.strictObject({
  stream: z.string().min(1).describe('Name of the stream.'),
  shard: shardIdSchema.default('shardId-000000000000').describe('The shard that is split.'),
  at: z
    .string()
    .regex(/^(0|[1-9]\d{0,38})$/, 'has to be a hash key, which has up to 39 digits')
    .default(middle)
    .describe(
      'Hash key with which the second child begins. Left out: the middle of all hash keys, which halves the only shard of a stream.',
    ),
});
type Input = z.output<typeof schema>;

const splitShard = ({ stream, shard, at }: Input) =>
  apiCall('kinesis', 'SplitShard', { StreamName: stream, ShardToSplit: shard, NewStartingHashKey: at });
const childOf = ({ stream, shard }: Input, index: number) =>
  new AnswerOf(listShards(stream), `Shards[?ParentShardId=='${shard}'].ShardId | [${index}]`);
const mergeShards = (input: Input, first: string | AnswerOf = childOf(input, 0), second: string | AnswerOf = childOf(input, 1)) =>
  apiCall('kinesis', 'MergeShards', { StreamName: input.stream, ShardToMerge: first, AdjacentShardToMerge: second });

export const reshard = defineStep({
  summary:
    'Splits a shard in two and merges the two again: the stream has as many open shards as before, and three that are closed and have an end.',
  input: schema,
  outputs: {
    merged: {
      what: 'the shard that the two were merged into',
      example: 'shardId-000000000003',
      call: ({ stream }) => listShards(stream),
      query: 'Shards[?AdjacentParentShardId].ShardId | [0]',
    },
  },
  examples: [{ stream: 'lambda-cli-stream' }],
  resources: [],
  owns: () => [],
  explain: (input) => [splitShard(input), mergeShards(input), listShards(input.stream)],
  awaits: ({ stream }) => [{ ...becomesActive(stream), after: 'SplitShard' }, becomesActive(stream)],
  shows: ({ stream }) => listShards(stream),
  async apply(input, context) {
    let { stage } = await lineageOf(input, context.aws);
    if (stage === 'whole') {
      await change(splitShard(input), 'whole', input, context);
      ({ stage } = await lineageOf(input, context.aws));
    }
    if (stage === 'split') await change(mergeShards(input), 'split', input, context);
    if (stage === 'other') {
      throw cannotBecome(
        `The shard ${input.shard} of ${input.stream} is closed already, and not because it was split in two that could be merged.`,
        'Name a shard that is open, or begin with a new stream.',
      );
    }
  },
  async check(input, { aws }) {
    const lineage = await lineageOf(input, aws);
    const fact = `shard ${input.shard} of ${input.stream}`;
    const seen = observed[lineage.stage];
    if (lineage.stage === 'no-stream') return [missing(fact, observed.merged, seen, hint(input, lineage))];
    return [looked(fact, lineage.stage === 'merged', observed.merged, seen, hint(input, lineage))];
  },
});

/** How far a shard has come. */
interface Lineage {
  readonly stage: 'no-stream' | 'no-shard' | 'whole' | 'split' | 'merged' | 'other';
  /** Ids of its two children, in the order of their hash keys. */
  readonly children?: readonly string[];
}

const observed: Readonly<Record<Lineage['stage'], string>> = {
  'no-stream': 'there is no such stream',
  'no-shard': 'the stream has no such shard',
  whole: 'open',
  split: 'split in two, which are open',
  merged: 'split in two, which were merged again',
  other: 'closed, and not split in two that were merged again',
};

/** What becomes of a shard is told by those that name it as a parent (Kinesis Developer Guide, "After resharding"). */
async function lineageOf({ stream, shard }: Input, aws: Aws): Promise<Lineage> {
  const shards = await shardsOf(aws, stream);
  if (shards === undefined) return { stage: 'no-stream' };
  const own = shards.find(({ ShardId }) => ShardId === shard);
  if (own === undefined) return { stage: 'no-shard' };
  const closed = (each: (typeof shards)[number]): boolean => each.SequenceNumberRange?.EndingSequenceNumber !== undefined;
  if (!closed(own)) return { stage: 'whole' };
  const children = shards.filter(({ ParentShardId }) => ParentShardId === shard);
  const ids = children.map(({ ShardId = '' }) => ShardId);
  const [first = '', second = ''] = ids;
  if (children.length !== 2) return { stage: 'other' };
  if (!children.some(closed)) return { stage: 'split', children: ids };
  const merged = shards.some(({ ParentShardId = '', AdjacentParentShardId = '' }) =>
    [`${first} ${second}`, `${second} ${first}`].includes(`${ParentShardId} ${AdjacentParentShardId}`),
  );
  return { stage: merged ? 'merged' : 'other', children: ids };
}

function hint(input: Input, { stage, children: [first = '', second = ''] = [] }: Lineage): string {
  if (stage === 'no-stream') return 'Create the stream first.';
  if (stage === 'whole') return `Split it: ${byHand(splitShard(input))}`;
  if (stage === 'split') return `Merge the two: ${byHand(mergeShards(input, first, second))}`;
  return 'Name a shard that is open, or begin with a new stream.';
}

/** Makes a change of a shard that is at stage `before`, and waits until it is made, before which the stream takes no other. */
async function change(call: ApiCall, before: Lineage['stage'], input: Input, context: StepContext): Promise<void> {
  const { aws } = context;
  await active(input.stream, context);
  try {
    await aws.call(call);
  } catch (error) {
    // Where the answer was lost and it took effect, AWS refuses the second attempt: the stream is being changed, or the shard is closed.
    if (!(error instanceof ApiError && error.mayBeDone)) throw error;
    await active(input.stream, context);
    if ((await lineageOf(input, aws)).stage === before) throw error;
  }
  await active(input.stream, context);
}
