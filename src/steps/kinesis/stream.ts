import { z } from 'zod';
import { apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent } from '../../aws/aws.ts';
import { cannotBecome, inTime } from '../advice.ts';
import { byHand, compared, counted, looked } from '../finding.ts';
import { type Removal, removed } from '../removal.ts';
import { defineResource, defineStep, type ResourceContext } from '../step.ts';

// A stream takes seconds to become ACTIVE and up to a minute to be gone (aws-behaviour 1.3); under load more.
const activeTimeoutMs = 120_000;
const goneTimeoutMs = 180_000;

const schema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9_.-]{1,128}$/)
    .describe('Name of the stream.'),
  shards: z.int().min(1).describe('Number of shards. The stream is in provisioned mode: a shard costs by the hour.'),
});
type Input = z.output<typeof schema>;
type Named = Pick<Input, 'name'>;

const createStream = ({ name, shards }: Input) => apiCall('kinesis', 'CreateStream', { StreamName: name, ShardCount: shards });
const describeStream = ({ name }: Named) => apiCall('kinesis', 'DescribeStream', { StreamName: name });
/** DescribeStreamSummary counts the open shards, and may be called twice as often as DescribeStream. */
const summarizeStream = ({ name }: Named) => apiCall('kinesis', 'DescribeStreamSummary', { StreamName: name });
const deleteStream = ({ name }: Named) => apiCall('kinesis', 'DeleteStream', { StreamName: name, EnforceConsumerDeletion: true });

const streamResource = defineResource({
  type: 'kinesis:stream',
  noun: 'stream',
  cost: { perHour: 0.015, note: 'for each shard, used or not' },
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
    left: { call: summarizeStream({ name }), query: 'StreamDescriptionSummary.StreamName' },
    timeoutMs: goneTimeoutMs,
  };
}

export const stream = defineStep({
  summary: 'Creates a Kinesis data stream with a number of shards, and waits until it is ACTIVE.',
  input: schema,
  outputs: {
    arn: {
      what: 'ARN of the stream',
      example: 'arn:aws:kinesis:us-east-1:123456789012:stream/lambda-cli-stream',
      call: describeStream,
      query: 'StreamDescription.StreamARN',
    },
    name: { what: 'name of the stream', example: 'lambda-cli-stream', call: describeStream, query: 'StreamDescription.StreamName' },
    status: { what: 'status of the stream', example: 'ACTIVE', call: describeStream, query: 'StreamDescription.StreamStatus' },
  },
  examples: [
    { name: 'lambda-cli-stream', shards: 1 },
    { name: 'orders', shards: 3 },
  ],
  resources: [streamResource],
  owns: ({ name }) => [{ type: 'kinesis:stream', id: name }],
  explain: (input) => [createStream(input), describeStream(input)],
  shows: describeStream,
  async apply(input, context) {
    const { aws } = context;
    let summary = await summarize(aws, input.name);
    if (summary?.StreamStatus === 'DELETING') {
      await removed(removal(input.name), `the stream ${input.name}`, context);
      summary = undefined;
    }
    if (summary === undefined) await aws.call(createStream(input));
    const ready = await active(input.name, context);
    if (ready.OpenShardCount !== input.shards || ready.StreamModeDetails?.StreamMode === 'ON_DEMAND') {
      throw cannotBecome(
        `The stream ${input.name} is there already, and has ${capacity(ready)} instead of ${counted(input.shards, 'shard')}.`,
        `Delete it, and run the step again: ${byHand(deleteStream(input))}`,
      );
    }
  },
  async check(input, context) {
    const { name, shards } = input;
    const there = await summarize(context.aws, name);
    if (there === undefined || there.StreamStatus === 'DELETING') {
      const observed = there === undefined ? 'there is none' : 'a stream that is being deleted';
      return [looked(`stream ${name}`, false, 'a stream', observed, `Create it: ${byHand(createStream(input))}`)];
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
        summary.StreamModeDetails?.StreamMode !== 'ON_DEMAND' && summary.OpenShardCount === shards,
        counted(shards, 'shard'),
        capacity(summary),
        `Without --shard-count a stream is on-demand, at a higher price. Delete it and create it again: ${byHand(deleteStream(input))}; ${byHand(createStream(input))}`,
      ),
    ];
  },
});

type Summary = NonNullable<Awaited<ReturnType<typeof summarize>>>;

async function summarize(aws: Aws, name: string) {
  const answer = await orAbsent(aws.call(summarizeStream({ name })));
  return answer?.StreamDescriptionSummary;
}

function capacity({ StreamModeDetails, OpenShardCount = 0 }: Summary): string {
  const shards = counted(OpenShardCount, 'shard');
  return StreamModeDetails?.StreamMode === 'ON_DEMAND' ? `${shards} in on-demand mode` : shards;
}

async function active(name: string, { aws, wait }: ResourceContext): Promise<Summary> {
  return wait({ what: `the stream ${name} to become ACTIVE`, timeoutMs: activeTimeoutMs }, async () => {
    const summary = await summarize(aws, name);
    return summary?.StreamStatus === 'ACTIVE' ? summary : undefined;
  });
}
