import { z } from 'zod';
import { apiCall } from '../../aws/api-call.ts';
import { counted, short } from '../../util/text.ts';
import { advised } from '../advice.ts';
import { looked, missing } from '../finding.ts';
import { once } from '../once.ts';
import { defineStep, type StepContext } from '../step.ts';
import { bytesOf, dataSchema, matched, type NewRecord, nearMiss, otherData, partitionKeySchema, storedRecords, textOf } from './record.ts';
import { readsOf } from './shard-reading.ts';
import { streamAdvice } from './stream-advice.ts';

// Records that a shard had no room for are put again for so long; a shard takes 1,000 a second.
const putTimeoutMs = 30_000;

const schema = z.strictObject({
  stream: z.string().min(1).describe('Name of the stream.'),
  records: z
    .array(
      z.strictObject({
        'partition-key': partitionKeySchema.describe('Decides, by its MD5 hash, which shard the record goes to.'),
        data: dataSchema.describe('What the record holds: a text, or a mapping that is sent as JSON.'),
      }),
    )
    .min(1)
    .max(500)
    .describe('The records, 500 at most.'),
});
type Input = z.output<typeof schema>;

const putRecords = ({ stream, records }: { readonly stream: string; readonly records: readonly NewRecord[] }) =>
  apiCall('kinesis', 'PutRecords', {
    StreamName: stream,
    Records: records.map((record) => ({ PartitionKey: record['partition-key'], Data: bytesOf(record) })),
  });

export const putRecordsStep = defineStep({
  summary: 'Puts several records into a Kinesis data stream with one call, and puts again what did not get in.',
  input: schema,
  outputs: {
    'shard-ids': { what: 'shard of each record', example: '["shardId-000000000000"]', call: putRecords, query: 'Records[].ShardId' },
    'sequence-numbers': {
      what: 'place of each record in its shard',
      example: '["49590338271490256608559692538361571095921575989136588898"]',
      call: putRecords,
      query: 'Records[].SequenceNumber',
    },
  },
  examples: [
    {
      stream: 'lambda-cli-stream',
      records: [
        { 'partition-key': 'device-1', data: { device: 'device-1', latitude: 52.52, longitude: 13.405 } },
        { 'partition-key': 'device-2', data: { device: 'device-2', latitude: -33.8688, longitude: 151.2093 } },
      ],
    },
  ],
  resources: [],
  owns: () => [],
  explain: (input) => [putRecords(input)],
  reads: ({ stream }) => readsOf(stream),
  shows: putRecords,
  async apply(input, context) {
    const found = await find(input, context);
    let left = input.records.filter((_, index) => found?.[index] === undefined);
    if (left.length === 0) return;
    await context.wait({ what: `${input.stream} to take ${counted(left.length, 'record')}`, timeoutMs: putTimeoutMs }, async () => {
      let missing = left;
      const put = () => advised(context.aws.call(putRecords({ stream: input.stream, records: left })), streamAdvice(input.stream));
      const shows = async () => {
        const stored = await find(input, context);
        missing = input.records.filter((_, index) => stored?.[index] === undefined);
        return missing.length < left.length;
      };
      const answer = await once(put, { what: 'the records', shows }, context);
      // The answer has the length and the order of the request (Kinesis quotas).
      left = answer === undefined ? missing : left.filter((_, index) => answer.Records?.[index]?.ErrorCode !== undefined);
      return left.length === 0 ? true : undefined;
    });
  },
  async check(input, context) {
    const { stream, records } = input;
    const fact = `records in ${stream}`;
    const expected = counted(records.length, 'record');
    const stored = await storedRecords(context.aws, stream, keysOf(input));
    if (stored === undefined) return [missing(fact, expected, `there is no stream ${stream}`, 'Create the stream first.')];
    const found = matched(records, stored);
    const left = records.filter((_, index) => found[index] === undefined);
    const [first] = left;
    if (first !== undefined) {
      const { observed, hint = 'Put what is missing. PutRecords is not all or nothing: look at FailedRecordCount in its answer.' } =
        nearMiss(first, stored);
      const there = records.length - left.length;
      const seen = `${there} of them; instead of ${short(textOf(first))}, ${observed}`;
      return [stored.length === 0 ? missing(fact, expected, seen, hint) : looked(fact, false, expected, seen, hint)];
    }
    context.found(putRecords(input), {
      FailedRecordCount: 0,
      Records: found.map((record) => ({ SequenceNumber: record?.SequenceNumber, ShardId: record?.ShardId })),
    });
    return [looked(fact, true, expected, expected, '')];
  },
  mutations: ({ stream, records }) => {
    const count = counted(records.length, 'record');
    const wrong: readonly { readonly name: string; readonly put: readonly NewRecord[] }[] = [
      {
        name: `the first of ${count} in ${stream} holds other data`,
        put: records.map((record, index) => (index === 0 ? { ...record, data: otherData(record) } : record)),
      },
      ...(records.length > 1 ? [{ name: `the last of ${count} is not put into ${stream}`, put: records.slice(0, -1) }] : []),
    ];
    return wrong.map(({ name, put }) => ({
      name,
      when: 'instead',
      apply: async ({ aws }) => void (await aws.call(putRecords({ stream, records: put }))),
    }));
  },
});

async function find(input: Input, { aws }: StepContext) {
  const stored = await storedRecords(aws, input.stream, keysOf(input));
  return stored && matched(input.records, stored);
}

function keysOf({ records }: Input): readonly string[] {
  return records.map((record) => record['partition-key']);
}
