import { z } from 'zod';
import { apiCall } from '../../src/aws/api-call.ts';
import { type Aws, orAbsent } from '../../src/aws/aws.ts';
import type { StepKinds } from '../../src/runner/planning.ts';
import { defineResource, type ResourceKind } from '../../src/steps/resource.ts';
import { defineStep, type StepContext, type StepDefinition, type StepKind } from '../../src/steps/step.ts';

const schema = z.strictObject({ name: z.string(), shards: z.int().default(1) });
type Schema = typeof schema;
type Definition = StepDefinition<Schema>;
type StreamInput = z.output<Schema>;

export const createStream = ({ name, shards }: StreamInput) => apiCall('kinesis', 'CreateStream', { StreamName: name, ShardCount: shards });
const describeStream = (name: string) => apiCall('kinesis', 'DescribeStreamSummary', { StreamName: name });
export const addTag = (name: string, value = 'lab') => apiCall('kinesis', 'AddTagsToStream', { StreamName: name, Tags: { kept: value } });

export const removeTag = (name: string) => apiCall('kinesis', 'RemoveTagsFromStream', { StreamName: name, TagKeys: ['kept'] });

/** The value of the tag; `undefined` when there is none, or no stream. */
export async function tagOf(name: string, aws: Aws): Promise<string | undefined> {
  const answer = await orAbsent(aws.call(apiCall('kinesis', 'ListTagsForStream', { StreamName: name })));
  return answer?.Tags?.find(({ Key }) => Key === 'kept')?.Value;
}

export async function openShards(name: string, aws: Aws): Promise<number | undefined> {
  const found = await orAbsent(aws.call(describeStream(name)));
  return found?.StreamDescriptionSummary?.OpenShardCount;
}

export async function active(name: string, { aws, wait }: StepContext): Promise<void> {
  await wait({ what: `the stream ${name} to become ACTIVE`, timeoutMs: 60_000 }, async () => {
    const found = await orAbsent(aws.call(describeStream(name)));
    return found?.StreamDescriptionSummary?.StreamStatus === 'ACTIVE' ? true : undefined;
  });
}

/** Streams, as the step kind of streams knows them. */
export const streams: ResourceKind = defineResource({
  type: 'kinesis:stream',
  noun: 'stream',
  all: { call: apiCall('kinesis', 'ListStreams', {}), query: 'StreamNames' },
  removal: (name) => ({
    calls: [{ call: () => apiCall('kinesis', 'DeleteStream', { StreamName: name }) }],
    left: { call: describeStream(name), query: 'StreamDescriptionSummary.StreamName' },
    timeoutMs: 60_000,
  }),
});

/** A step kind that creates a stream and is as it should be; `flaws` take the place of its parts. */
export function streamKind(flaws: Partial<Definition> = {}): StepKind {
  return defineStep({
    summary: 'Creates a stream.',
    input: schema,
    outputs: {},
    examples: [{ name: 'orders' }],
    resources: [streams],
    owns: ({ name }) => [{ type: 'kinesis:stream', id: name }],
    explain: (input) => [createStream(input)],
    shows: () => undefined,
    async apply(input, context) {
      if ((await openShards(input.name, context.aws)) === undefined) await context.aws.call(createStream(input));
      await active(input.name, context);
    },
    async check({ name, shards }, { aws }) {
      const observed = await openShards(name, aws);
      if (observed === undefined)
        return [{ fact: `stream ${name}`, expected: 'a stream', observed: 'none', ok: false, hint: 'Create it.' }];
      return [{ fact: `shards of ${name}`, expected: String(shards), observed: String(observed), ok: observed === shards }];
    },
    mutations: ({ name, shards }) => [
      {
        name: `${name} has a shard more`,
        when: 'afterwards',
        async apply(context) {
          const scale = { StreamName: name, TargetShardCount: shards + 1, ScalingType: 'UNIFORM_SCALING' } as const;
          await context.aws.call(apiCall('kinesis', 'UpdateShardCount', scale));
          await active(name, context);
        },
      },
    ],
    ...flaws,
  });
}

/** Step kinds for a lab, by their names in `uses:`. */
export function kindsOf(kinds: Readonly<Record<string, StepKind>>): StepKinds {
  return { names: Object.keys(kinds), load: async (name) => kinds[name] };
}
