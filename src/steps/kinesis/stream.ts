import { z } from 'zod';
import { type ApiCall, apiCall } from '../../aws/api-call.ts';
import { orDone } from '../../aws/aws.ts';
import { counted } from '../../util/text.ts';
import { cannotBecome, inTime } from '../advice.ts';
import { byHand, compared, looked, missing } from '../finding.ts';
import { type Removal, removed } from '../removal.ts';
import { defineResource } from '../resource.ts';
import { defineStep, type Finding, type Mutation } from '../step.ts';
import { active, becomesActive, type Summary, summarize, summarizeStream } from './stream-state.ts';

// A stream takes up to a minute to be gone (as seen on AWS); under load more.
const goneTimeoutMs = 180_000;

// A stream has no more tags than that (API reference of AddTagsToStream).
const mostTags = 50;
// What a stream has when nothing is said about it.
const defaultRetention = 24;

const schema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-zA-Z0-9_.-]{1,128}$/, 'has to be 1 to 128 letters, digits, _ . and -')
      .describe('Name of the stream.'),
    mode: z
      .enum(['provisioned', 'on-demand'])
      .default('provisioned')
      .describe('Provisioned: with a number of shards, each of which costs by the hour. On-demand: AWS adds shards as they are needed.'),
    shards: z.int().min(1).optional().describe('Number of shards of a stream in provisioned mode.'),
    'retention-hours': z
      .int()
      .min(24)
      .max(8760)
      .optional()
      .describe('Hours for which records are kept, 8760 at most. AWS takes 24 when this is left out; more than that costs.'),
  })
  .superRefine(({ mode, shards }, context) => {
    const issue = (message: string) => context.addIssue({ code: 'custom', path: ['shards'], message });
    if (mode === 'provisioned' && shards === undefined) issue('a stream in provisioned mode has a number of shards');
    if (mode === 'on-demand' && shards !== undefined) issue('an on-demand stream takes no number of shards; leave it out');
  });
type Input = z.output<typeof schema>;
type Named = Pick<Input, 'name'>;

const createStream = ({ name, mode, shards }: Input) =>
  apiCall('kinesis', 'CreateStream', {
    StreamName: name,
    ...(mode === 'on-demand' ? { StreamModeDetails: { StreamMode: 'ON_DEMAND' } } : { ShardCount: shards }),
  });
/** The calls that bring the retention from one number of hours to another: none when it is that already. */
const changeRetention = ({ name }: Named, from: number, to: number) => {
  if (from === to) return [];
  const change = { StreamName: name, RetentionPeriodHours: to };
  return [apiCall('kinesis', from < to ? 'IncreaseStreamRetentionPeriod' : 'DecreaseStreamRetentionPeriod', change)];
};
const describeStream = ({ name }: Named) => apiCall('kinesis', 'DescribeStream', { StreamName: name });
const deleteStream = ({ name }: Named) => apiCall('kinesis', 'DeleteStream', { StreamName: name, EnforceConsumerDeletion: true });

const streamResource = defineResource({
  type: 'kinesis:stream',
  noun: 'stream',
  cost: { perHour: 0.015, note: 'for each shard, used or not; $0.04 for a stream in on-demand mode' },
  all: { call: apiCall('kinesis', 'ListStreams', {}), query: 'StreamNames', pages: { request: 'NextToken', answer: 'NextToken' } },
  tags: (name) => ({ call: apiCall('kinesis', 'ListTagsForStream', { StreamName: name, Limit: mostTags }), query: 'Tags' }),
  async exists(name, { aws }) {
    const summary = await summarize(aws, name);
    return summary !== undefined && summary.StreamStatus !== 'DELETING';
  },
  // A stream that is being changed cannot be deleted before the change is done.
  removal,
});

function removal(name: string): Removal {
  return {
    calls: [{ call: () => deleteStream({ name }) }],
    left: { call: summarizeStream(name), query: 'StreamDescriptionSummary.StreamName' },
    timeoutMs: goneTimeoutMs,
  };
}

export const stream = defineStep({
  summary: 'Creates a Kinesis data stream, provisioned with a number of shards or on-demand, and waits until it is ACTIVE.',
  input: schema,
  outputs: {
    arn: {
      what: 'ARN of the stream',
      example: 'arn:aws:kinesis:us-east-1:123456789012:stream/lambda-cli-stream',
      call: describeStream,
      query: 'StreamDescription.StreamARN',
    },
    name: { what: 'name of the stream', example: 'lambda-cli-stream', call: describeStream, query: 'StreamDescription.StreamName' },
    'shard-id': {
      what: 'id of the first shard',
      example: 'shardId-000000000000',
      call: describeStream,
      query: 'StreamDescription.Shards[0].ShardId',
    },
    status: { what: 'status of the stream', example: 'ACTIVE', call: describeStream, query: 'StreamDescription.StreamStatus' },
  },
  examples: [
    { name: 'lambda-cli-stream', shards: 1 },
    { name: 'orders', shards: 3, 'retention-hours': 48 },
    { name: 'elastic', mode: 'on-demand' },
  ],
  resources: [streamResource],
  owns: ({ name }) => [{ type: 'kinesis:stream', id: name }],
  // AWS list prices of us-east-1: a shard, or a stream in on-demand mode.
  hourly: ({ shards }) => (shards === undefined ? 0.04 : shards * 0.015),
  explain: (input) => [
    createStream(input),
    ...changeRetention(input, defaultRetention, input['retention-hours'] ?? defaultRetention),
    describeStream(input),
  ],
  awaits: (input) => {
    const ready = becomesActive(input.name);
    return input['retention-hours'] === undefined ? [ready] : [{ ...ready, after: 'CreateStream' }, ready];
  },
  shows: describeStream,
  async apply(input, context) {
    const { aws } = context;
    let summary = await summarize(aws, input.name);
    if (summary?.StreamStatus === 'DELETING') {
      await removed(removal(input.name), `the stream ${input.name}`, context);
      summary = undefined;
    }
    if (summary === undefined) await orDone(aws.call(createStream(input)));
    const ready = await active(input.name, context);
    if (!hasCapacity(ready, input)) {
      throw cannotBecome(
        `The stream ${input.name} is there already, and has ${capacity(ready)} instead of ${wanted(input)}.`,
        `Delete it, and run the step again: ${byHand(deleteStream(input))}`,
      );
    }
    const kept = ready.RetentionPeriodHours ?? defaultRetention;
    for (const change of changeRetention(input, kept, input['retention-hours'] ?? kept)) {
      await orDone(aws.call(change));
      // The stream is UPDATING until the change is made.
      await active(input.name, context);
    }
  },
  async check(input, context) {
    const { name, mode, 'retention-hours': retention } = input;
    const there = await summarize(context.aws, name);
    if (there === undefined || there.StreamStatus === 'DELETING') {
      const observed = there === undefined ? 'there is none' : 'a stream that is being deleted';
      return [missing(`stream ${name}`, 'a stream', observed, `Create it: ${byHand(createStream(input))}`)];
    }
    const ready = await inTime(active(name, context));
    const summary = ready ?? there;
    return [
      compared(
        `status of ${name}`,
        'ACTIVE',
        ready ? 'ACTIVE' : summary.StreamStatus,
        'Creating a stream takes seconds, seldom minutes. Look again in a minute; if nothing changes, delete the stream and create it again.',
      ),
      looked(
        `capacity of ${name}`,
        hasCapacity(summary, input),
        wanted(input),
        capacity(summary),
        `${mode === 'provisioned' ? 'Without --shard-count a stream is on-demand, at a higher price. ' : ''}Delete it and create it again: ${byHand(deleteStream(input))}; ${byHand(createStream(input))}`,
      ),
      ...(retention === undefined ? [] : [retentionFinding(input, summary.RetentionPeriodHours ?? defaultRetention, retention)]),
    ];
  },
  mutations: otherwise,
});

function otherwise(input: Input): readonly Mutation[] {
  const { name, mode, shards, 'retention-hours': retention } = input;
  const other = mode === 'on-demand' ? 'PROVISIONED' : 'ON_DEMAND';
  const mutations = [
    changed(`${name} is in ${mode === 'on-demand' ? 'provisioned' : 'on-demand'} mode`, input, ({ StreamARN }) => [
      apiCall('kinesis', 'UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: other } }),
    ]),
    ...(shards === undefined
      ? []
      : [
          changed(`${name} has ${counted(shards + 1, 'shard')} instead of ${shards}`, input, () => [
            apiCall('kinesis', 'UpdateShardCount', { StreamName: name, TargetShardCount: shards + 1, ScalingType: 'UNIFORM_SCALING' }),
          ]),
        ]),
  ];
  return [
    // The step does not change the capacity of a stream that is there.
    ...mutations.map((mutation) => ({ ...mutation, lasting: true })),
    ...(retention === undefined
      ? []
      : [changed(`the retention of ${name} is changed`, input, () => changeRetention(input, retention, retention > 24 ? 24 : 48))]),
  ];
}

/** The stream, changed after it was made. */
function changed(name: string, { name: stream }: Named, calls: (found: Summary) => readonly ApiCall[]): Mutation {
  return {
    name,
    when: 'afterwards',
    async apply(context) {
      for (const call of calls(await active(stream, context))) await context.aws.call(call);
      await active(stream, context);
    },
  };
}

function retentionFinding(input: Named, observed: number, expected: number): Finding {
  const change = changeRetention(input, observed, expected).map(byHand).join('; ');
  return looked(`retention of ${input.name}`, observed === expected, `${expected} hours`, `${observed} hours`, `Change it: ${change}`);
}

/** An on-demand stream has as many shards as AWS gives it. */
function hasCapacity({ StreamModeDetails, OpenShardCount }: Summary, { mode, shards }: Input): boolean {
  const onDemand = StreamModeDetails?.StreamMode === 'ON_DEMAND';
  return mode === 'on-demand' ? onDemand : !onDemand && OpenShardCount === shards;
}

function wanted({ mode, shards = 0 }: Input): string {
  return mode === 'on-demand' ? 'on-demand mode' : counted(shards, 'shard');
}

function capacity({ StreamModeDetails, OpenShardCount = 0 }: Summary): string {
  const shards = counted(OpenShardCount, 'shard');
  return StreamModeDetails?.StreamMode === 'ON_DEMAND' ? `${shards} in on-demand mode` : shards;
}
