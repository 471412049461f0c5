import { z } from 'zod';
import { apiCall } from '../../aws/api-call.ts';
import { bothEnds, short } from '../../util/text.ts';
import { advised } from '../advice.ts';
import { looked, missing } from '../finding.ts';
import { logShows } from '../logs/log-events.ts';
import { failureHint, type Watched, watchLog } from '../logs/log-watch.ts';
import { once } from '../once.ts';
import { defineStep, type Finding, type StepContext } from '../step.ts';
import { bytesOf, dataSchema, isRecord, matched, nearMiss, otherData, partitionKeySchema, storedRecords, textOf } from './record.ts';
import type { StoredRecord } from './shard-reading.ts';
import { readsOf } from './shard-reading.ts';
import { streamAdvice } from './stream-advice.ts';

/**
 * How long the log is watched after each put, in milliseconds. A mapping that starts at LATEST begins to poll some time
 * after it is Enabled, on AWS up to minutes, and misses what was put before (Lambda Developer Guide, "Polling and stream starting positions").
 */
const watchMs = [3_000, 12_000, 30_000, 60_000, 60_000];
// A check does not put again; the record is either on its way to the log or missed.
const checkWatchMs = 15_000;

const schema = z.strictObject({
  stream: z.string().min(1).describe('Name of the stream.'),
  'partition-key': partitionKeySchema.describe('Decides, by its MD5 hash, which shard the record goes to.'),
  data: dataSchema.describe('What the record holds: a text, or a mapping that is sent as JSON.'),
  'seen-in': z
    .strictObject({ group: z.string().min(1).describe('Name of the log group.') })
    .optional()
    .describe('A log group that has to show the data. The record is put again, up to 4 times, until it does.'),
});
type Input = z.output<typeof schema>;

const putRecord = (input: Input) =>
  apiCall('kinesis', 'PutRecord', { StreamName: input.stream, PartitionKey: input['partition-key'], Data: bytesOf(input) });

export const putRecordStep = defineStep({
  summary: 'Puts a record into a Kinesis data stream.',
  input: schema,
  outputs: {
    'shard-id': { what: 'shard that the record is in', example: 'shardId-000000000000', call: putRecord, query: 'ShardId' },
    'sequence-number': {
      what: 'place of the record in its shard',
      example: '49590338271490256608559692538361571095921575989136588898',
      call: putRecord,
      query: 'SequenceNumber',
    },
  },
  examples: [
    { stream: 'lambda-cli-stream', 'partition-key': '1', data: 'Hello, Lambda CLI World' },
    { stream: 'lambda-cli-stream', 'partition-key': 'device-1', data: { device: 'device-1', latitude: 52.52, longitude: 13.405 } },
    {
      stream: 'lambda-cli-stream',
      'partition-key': '1',
      data: 'Is anybody listening?',
      'seen-in': { group: '/aws/lambda/kinesisEventLogger' },
    },
  ],
  resources: [],
  owns: () => [],
  explain: (input) => [putRecord(input)],
  reads: ({ stream }) => readsOf(stream),
  awaits: (input) => {
    const group = input['seen-in']?.group;
    if (group === undefined) return [];
    return [logShows({ group, text: textOf(input), count: 1, withinMs: watchMs })];
  },
  shows: putRecord,
  async apply(input, context) {
    let stored = await countStored(input, context);
    let there = stored > 0;
    for (const timeoutMs of watchMs) {
      if (!there) {
        const shows = async () => (await countStored(input, context)) > stored;
        const put = () => advised(context.aws.call(putRecord(input)), streamAdvice(input.stream));
        await once(put, { what: 'the record', shows }, context);
        stored += 1;
      }
      const log = await watched(input, timeoutMs, context);
      // A function that fails would fail again; what it says is for the check to tell.
      if (log.shown || log.failure !== undefined) return;
      there = false;
    }
  },
  async check(input, context) {
    const { stream, 'seen-in': log } = input;
    const fact = `record with partition key ${input['partition-key']} in ${stream}`;
    const expected = short(textOf(input));
    const { record, stored } = await find(input, context);
    if (stored === undefined) return [missing(fact, expected, `there is no stream ${stream}`, 'Create the stream first.')];
    if (record === undefined) {
      const { observed, hint = 'Put the record. What is older than the retention of the stream, 24 hours, is gone.' } = nearMiss(
        input,
        stored,
      );
      return [stored.length === 0 ? missing(fact, expected, observed, hint) : looked(fact, false, expected, observed, hint)];
    }
    context.found(putRecord(input), { ShardId: record.ShardId, SequenceNumber: record.SequenceNumber });
    const inStream = looked(fact, true, expected, expected, '');
    if (log === undefined) return [inStream];
    return [inStream, await loggedFinding(input, log.group, context)];
  },
  remains(input) {
    const group = input['seen-in']?.group;
    return group === undefined ? undefined : async (context) => [await loggedFinding(input, group, context)];
  },
  mutations: (input) => [
    {
      name: `the record in ${input.stream} with partition key ${input['partition-key']} holds other data`,
      when: 'instead',
      apply: async ({ aws }) => void (await aws.call(putRecord({ ...input, data: otherData(input) }))),
    },
  ],
});

/** Whether a log shows the data of the record. */
async function loggedFinding(input: Input, group: string, context: StepContext): Promise<Finding> {
  const expected = short(textOf(input));
  const { shown, events, failure } = await watched(input, checkWatchMs, context);
  const fact = `record in the log ${group}`;
  const missed =
    'A mapping that starts at LATEST misses what was put before it began to poll. Put the record again, and look whether the mapping is Enabled.';
  if (events === undefined) return missing(fact, expected, 'there is no such log group', missed);
  const observed = failure ? `the function fails: ${bothEnds(failure)}` : 'the log does not show it';
  return looked(fact, shown, expected, shown ? expected : observed, failure ? failureHint(failure) : missed);
}

async function find(input: Input, { aws }: StepContext): Promise<{ record: StoredRecord | undefined; stored: StoredRecord[] | undefined }> {
  const stored = await storedRecords(aws, input.stream, [input['partition-key']]);
  return { record: stored && matched([input], stored)[0], stored };
}

/** How often the stream holds the record. */
async function countStored(input: Input, { aws }: StepContext): Promise<number> {
  const stored = await storedRecords(aws, input.stream, [input['partition-key']]);
  return (stored ?? []).filter((each) => isRecord(each, input)).length;
}

/** Watches the log for the record; when no log is to be watched, the record counts as shown. */
async function watched(input: Input, timeoutMs: number, context: StepContext): Promise<Watched> {
  const group = input['seen-in']?.group;
  if (group === undefined) return { shown: true, events: [], failure: undefined };
  return watchLog({ group, text: textOf(input), count: 1, timeoutMs }, context);
}
