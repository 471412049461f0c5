import { z } from 'zod';
import { AnswerOf, type ApiCall } from '../../aws/api-call.ts';
import { printableText } from '../../util/printable.ts';
import { type Advice, advised, inTime } from '../advice.ts';
import { looked, missing } from '../finding.ts';
import { type Awaited, defineStep, type StepContext } from '../step.ts';
import { compareRecords, expectedRecords } from './expected-records.ts';
import {
  getRecords,
  getShardIterator,
  listShards,
  type Position,
  positionAt,
  readOn,
  readsOf,
  type Start,
  type StoredRecord,
  shardsOf,
} from './shard-reading.ts';
import { shardIdSchema } from './shard-schema.ts';

const iterators = ['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'AT_TIMESTAMP'] as const;

const schema = z
  .strictObject({
    stream: z.string().min(1).describe('Name of the stream.'),
    shard: shardIdSchema.optional().describe('The shard that is read; all shards when this is left out.'),
    iterator: z
      .enum(iterators)
      .default('TRIM_HORIZON')
      .describe('Where reading begins: at the oldest record, behind the newest one, at or after a sequence number, or at a time.'),
    'sequence-number': z
      .string()
      .regex(/^(0|[1-9]\d{0,128})$/, 'has to be a sequence number, which has digits only')
      .optional()
      .describe('For AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER.'),
    timestamp: z.iso.datetime({ offset: true }).optional().describe('For AT_TIMESTAMP: a time like 2026-01-31T12:00:00Z.'),
    limit: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe('Records of one GetRecords, at most. Reading goes on until nothing more is there.'),
    within: z.int().min(0).max(900).default(10).describe('For how many seconds records that are not there yet are waited for.'),
    expect: expectedRecords.optional().describe('What has to be found.'),
  })
  .superRefine((input, context) => {
    const { iterator, expect, shard } = input;
    if (expect?.end && shard === undefined)
      context.addIssue({ code: 'custom', path: ['expect', 'end'], message: 'only a shard has an end; say which `shard` is read' });
    const issue = (key: 'shard' | 'sequence-number' | 'timestamp', message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    const byNumber = iterator === 'AT_SEQUENCE_NUMBER' || iterator === 'AFTER_SEQUENCE_NUMBER';
    if (byNumber && input['sequence-number'] === undefined) issue('sequence-number', `${iterator} needs a sequence number`);
    if (byNumber && shard === undefined) issue('shard', 'a sequence number belongs to one shard');
    if (!byNumber && input['sequence-number'] !== undefined) issue('sequence-number', `${iterator} takes no sequence number`);
    if (iterator === 'AT_TIMESTAMP' && input.timestamp === undefined) issue('timestamp', 'AT_TIMESTAMP needs a time');
    if (iterator !== 'AT_TIMESTAMP' && input.timestamp !== undefined) issue('timestamp', `${iterator} takes no time`);
  });
type Input = z.output<typeof schema>;

function startOf({ iterator, 'sequence-number': number, timestamp }: Input): Start {
  return {
    ShardIteratorType: iterator,
    ...(number === undefined ? {} : { StartingSequenceNumber: number }),
    ...(timestamp === undefined ? {} : { Timestamp: new Date(timestamp) }),
  };
}

/** The first read; of all shards, that of the first. */
function firstRead(input: Input): ApiCall {
  const shard = input.shard ?? new AnswerOf(listShards(input.stream), 'Shards[0].ShardId');
  return getRecords(new AnswerOf(getShardIterator(input.stream, shard, startOf(input)), 'ShardIterator'), input.limit);
}

function expectedText({ stream }: Input): string {
  return `${stream} to show what is expected`;
}

/** One read tells how many records a shard holds; how many a stream of several shards holds, it does not. */
function awaited(input: Input): readonly Awaited[] {
  const { shard, expect, within, limit = 10_000 } = input;
  const least = Math.min(expect?.count ?? expect?.['at-least'] ?? 0, limit);
  if (shard === undefined || least === 0) return [];
  const query = `length(Records) >= \`${least}\``;
  return [{ what: expectedText(input), call: firstRead(input), query, withinMs: [within * 1_000] }];
}

export const read = defineStep({
  summary: 'Reads records back from a Kinesis data stream, and compares what they hold.',
  input: schema,
  outputs: {
    count: { what: 'number of records', example: '4', call: firstRead, query: 'to_string(length(Records))' },
    'first-data': { what: 'what the first record holds', example: 'Hello', call: firstRead, query: 'Records[0].Data' },
    'last-data': { what: 'what the last record holds', example: 'Good bye', call: firstRead, query: 'Records[-1].Data' },
    'first-sequence-number': {
      what: 'sequence number of the first record',
      example: '49590338271490256608559692538361571095921575989136588898',
      call: firstRead,
      query: 'Records[0].SequenceNumber',
    },
    'last-sequence-number': {
      what: 'sequence number of the last record',
      example: '49590338271490256608559692540925702759324208523137515618',
      call: firstRead,
      query: 'Records[-1].SequenceNumber',
    },
  },
  examples: [
    { stream: 'lambda-cli-stream', expect: { 'at-least': 1, data: ['Hello, Lambda CLI World'] } },
    {
      stream: 'lambda-cli-stream',
      shard: 'shardId-000000000000',
      iterator: 'TRIM_HORIZON',
      limit: 1,
      expect: { count: 1, data: ['Hello'], 'in-order': true, keys: ['1'], shards: 1 },
    },
  ],
  resources: [],
  owns: () => [],
  explain: (input) => [firstRead(input)],
  reads: ({ stream }) => readsOf(stream),
  awaits: awaited,
  shows: firstRead,
  // Nothing is to be made; the check reads.
  apply: async () => undefined,
  async check(input, context) {
    const { stream, shard, expect, within } = input;
    const fact = `records read from ${stream}`;
    const shards = (await shardsOf(context.aws, stream))?.map(({ ShardId = '' }) => ShardId);
    if (shards === undefined) return [missing(fact, 'a stream', `there is no stream ${stream}`, 'Create the stream first.')];
    if (shard !== undefined && !shards.includes(shard))
      return [looked(fact, false, shard, `the stream has ${shards.join(', ')}`, 'Name one of the shards that there are.')];
    const reading = await begin(input, shard === undefined ? shards : [shard], context);
    const findings = () => compareRecords(stream, expect ?? { 'in-order': false, end: false }, reading.records(), reading.ended());
    await inTime(
      context.wait({ what: expectedText(input), timeoutMs: within * 1_000 }, async () => {
        await reading.goOn();
        return findings().every(({ ok }) => ok) ? true : undefined;
      }),
    );
    context.found(firstRead(input), reading.answer());
    return findings();
  },
});

/** Shards that are being read side by side. */
interface Reading {
  /** Reads what has come since. */
  goOn(): Promise<void>;
  /** What was read so far, shard by shard. */
  records(): readonly StoredRecord[];
  /** Whether nothing can come any more. */
  ended(): boolean;
  /** All of it as one GetRecords would have answered it; data that can be printed stands as text. */
  answer(): unknown;
}

async function begin(input: Input, shards: readonly string[], { aws }: StepContext): Promise<Reading> {
  const start = startOf(input);
  const parts: { position: Position; readonly records: StoredRecord[] }[] = [];
  for (const shard of shards) {
    const position = await advised(positionAt(aws, input.stream, shard, start), iteratorAdvice);
    parts.push({ position, records: [] });
  }
  const records = (): readonly StoredRecord[] => parts.flatMap((part) => part.records);
  return {
    records,
    ended: () => parts.every(({ position }) => position.iterator === undefined),
    async goOn() {
      for (const part of parts) {
        const { records: more, next } = await readOn(aws, part.position, input.limit);
        part.records.push(...more);
        part.position = next;
      }
    },
    answer: () => ({
      Records: records().map(({ SequenceNumber, arrived, data, partitionKey }) => ({
        SequenceNumber,
        ApproximateArrivalTimestamp: arrived,
        Data: printableText(data) ?? data,
        PartitionKey: partitionKey,
      })),
      NextShardIterator: parts.at(-1)?.position.iterator,
      ChildShards: parts.at(-1)?.position.children,
      MillisBehindLatest: Math.max(...parts.map(({ position }) => position.behindMs ?? 0)),
    }),
  };
}

/** What Kinesis refuses about the place where reading begins (texts recorded from Kinesis). */
const iteratorAdvice: readonly Advice[] = [
  {
    code: 'InvalidArgumentException',
    text: 'StartingSequenceNumber',
    hint: 'A sequence number belongs to the shard, and to the stream, that PutRecord answered it for: name that shard.',
  },
  {
    code: 'InvalidArgumentException',
    text: 'timestampInMillis',
    hint: 'Reading cannot begin in the future. Give a time that has passed, with its time zone: 2026-01-31T12:00:00Z is UTC.',
  },
];
