import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { isMapping, jsonIn } from '../../util/json.ts';
import { counted, short } from '../../util/text.ts';
import { looked, phrase } from '../finding.ts';
import type { Finding } from '../step.ts';
import { dataSchema } from './record.ts';
import type { StoredRecord } from './shard-reading.ts';

/** What has to be found in a stream. */
export const expectedRecords = z
  .strictObject({
    count: z.int().min(0).optional().describe('How many records there are.'),
    'at-least': z.int().min(1).optional().describe('How many records there are, at least.'),
    data: z
      .array(dataSchema)
      .min(1)
      .optional()
      .describe('What the records hold, one record each: a text that is in the data, or members of the JSON that the data is.'),
    'in-order': z.boolean().default(false).describe('Whether these records have to lie in one shard, in the order of `data`.'),
    keys: z.array(z.string()).min(1).optional().describe('The partition keys of the records: all of these occur, and no others.'),
    shards: z.int().min(1).optional().describe('In how many shards the records lie.'),
    end: z
      .boolean()
      .default(false)
      .describe('Whether the shard has to be closed and read to its end, so that there is no NextShardIterator.'),
    'seconds-apart': z
      .int()
      .min(1)
      .optional()
      .describe(
        'How many seconds after a record the next one with the same partition key arrives, give or take a quarter; for two of them at least.',
      ),
  })
  .superRefine((expect, context) => {
    if (expect.count !== undefined && expect['at-least'] !== undefined)
      context.addIssue({ code: 'custom', path: ['at-least'], message: 'there can be `count` or `at-least`, not both' });
    if (expect['in-order'] && expect.data === undefined)
      context.addIssue({ code: 'custom', path: ['in-order'], message: 'there is no `data` whose order could be compared' });
  });
type Expected = z.output<typeof expectedRecords>;
type Data = z.output<typeof dataSchema>;

/** Compares what was read from a stream with what is expected. @param ended whether nothing can come any more. */
export function compareRecords(stream: string, expected: Expected, records: readonly StoredRecord[], ended: boolean): readonly Finding[] {
  return [
    countFinding(stream, expected, records),
    ...(expected.data === undefined ? [] : [dataFinding(stream, expected.data, expected['in-order'], records)]),
    ...(expected.keys === undefined ? [] : [keysFinding(stream, expected.keys, records)]),
    ...(expected.shards === undefined ? [] : [shardsFinding(stream, expected.shards, records)]),
    ...(expected['seconds-apart'] === undefined ? [] : [timeFinding(stream, expected['seconds-apart'], records)]),
    ...(expected.end ? [endFinding(stream, ended)] : []),
  ];
}

function endFinding(stream: string, ended: boolean): Finding {
  const hint = 'A shard that is open has no end. It is closed by splitting it, or merging it with another one.';
  const [expected, open] = ['no NextShardIterator: the shard is closed', 'a NextShardIterator: the shard is open'];
  return looked(`end of the shard of ${stream}`, ended, expected, ended ? expected : open, hint);
}

function countFinding(stream: string, { count, 'at-least': least }: Expected, records: readonly StoredRecord[]): Finding {
  const fact = `records read from ${stream}`;
  const seen = counted(records.length, 'record');
  if (count !== undefined) {
    const hint =
      records.length < count
        ? 'Put what is missing. A record that is older than the retention of the stream is gone, and LATEST skips what was put before the iterator was taken.'
        : 'There is more in the stream than this lab puts into it. Records cannot be deleted: read from a later place, or begin with a new stream.';
    return looked(fact, records.length === count, counted(count, 'record'), seen, hint);
  }
  if (least === undefined) return looked(fact, true, 'an answer', seen, '');
  const hint = 'Put records. LATEST skips what was put before the iterator was taken; TRIM_HORIZON begins at the oldest record.';
  return looked(fact, records.length >= least, `${counted(least, 'record')} at least`, seen, hint);
}

function dataFinding(stream: string, data: readonly Data[], inOrder: boolean, records: readonly StoredRecord[]): Finding {
  const fact = `data in ${stream}`;
  const expected = data.map((each) => short(phrase(each), 60)).join(', ');
  const missing = missingFrom(data, records);
  if (missing !== undefined) {
    const seen =
      records.length === 0 ? 'no records' : `not among ${counted(records.length, 'record')}, which end with ${lastTexts(records)}`;
    const hint = 'Put it, with this very content. A text has to be part of the data, a mapping part of the JSON that the data is.';
    return looked(fact, false, short(phrase(missing)), seen, hint);
  }
  if (!inOrder || shardIdsOf(records).some((shard) => inSequence(data, recordsOf(shard, records))))
    return looked(fact, true, expected, inOrder ? 'all of it, in this order, in one shard' : 'all of it', '');
  const holding = records.filter((record) => data.some((each) => holds(record, each)));
  const shards = shardIdsOf(holding);
  const where = shards.length > 1 ? `all of it, in ${shards.length} shards` : `another order: ${lastTexts(holding, data.length)}`;
  const hint = 'Kinesis keeps the order within a shard only. Put the records one after the other, with the same partition key.';
  return looked(`order of the ${fact}`, false, `${expected}, in one shard`, where, hint);
}

function keysFinding(stream: string, keys: readonly string[], records: readonly StoredRecord[]): Finding {
  const seen = [...new Set(records.map(({ partitionKey }) => partitionKey))].sort();
  const wanted = [...new Set(keys)].sort();
  const hint = 'The partition key is given with --partition-key when a record is put. It decides about the shard.';
  return looked(`partition keys in ${stream}`, isDeepStrictEqual(seen, wanted), listed(wanted), listed(seen), hint);
}

function shardsFinding(stream: string, shards: number, records: readonly StoredRecord[]): Finding {
  const seen = shardIdsOf(records);
  const spread = seen.map((shard) => `${recordsOf(shard, records).length} in ${shard}`).join(', ') || 'none in any';
  const hint = 'The MD5 hash of the partition key decides about the shard: records with one key lie in one shard.';
  return looked(`shards of ${stream} with records`, seen.length === shards, counted(shards, 'shard'), spread, hint);
}

// What a schedule invokes comes when it comes: a function that has to be started first is seconds late.
const tolerance = 0.25;

function timeFinding(stream: string, seconds: number, records: readonly StoredRecord[]): Finding {
  const fact = `time between the records of a partition key in ${stream}`;
  const keys = [...new Set(records.map(({ partitionKey }) => partitionKey))];
  const gaps = keys.flatMap((key) => gapsBetween(records.filter(({ partitionKey }) => partitionKey === key)));
  const fits = (gap: number): boolean => Math.abs(gap - seconds) <= seconds * tolerance;
  const seen = gaps.length === 0 ? 'no two records with the same key' : listed([...new Set(gaps.slice(-5).map(secondsText))]);
  const hint = 'Look at what puts the records: whether it runs as often as it should, and uses the same keys each time.';
  const ok = gaps.some(fits);
  return looked(fact, ok, `about ${secondsText(seconds)}`, ok ? secondsText(gaps.findLast(fits) ?? seconds) : seen, hint);
}

/** The seconds from each record to the next one, by the time at which they arrived. */
function gapsBetween(records: readonly StoredRecord[]): readonly number[] {
  const times = records.map(({ arrived }) => (arrived?.getTime() ?? 0) / 1_000).sort((one, other) => one - other);
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

function secondsText(seconds: number): string {
  return `${Math.round(seconds * 10) / 10} s`;
}

/** The first of `data` that no record is left for; each record is counted once. */
function missingFrom(data: readonly Data[], records: readonly StoredRecord[]): Data | undefined {
  const left = [...records];
  return data.find((each) => {
    const index = left.findIndex((record) => holds(record, each));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

function inSequence(data: readonly Data[], records: readonly StoredRecord[]): boolean {
  let from = 0;
  return data.every((each) => {
    const index = records.findIndex((record, at) => at >= from && holds(record, each));
    from = index + 1;
    return index >= 0;
  });
}

function holds({ text }: StoredRecord, data: Data): boolean {
  if (typeof data === 'string') return text.includes(data);
  const members = jsonIn(text);
  return isMapping(members) && Object.entries(data).every(([key, value]) => isDeepStrictEqual(members[key], value));
}

function shardIdsOf(records: readonly StoredRecord[]): readonly string[] {
  return [...new Set(records.map(({ ShardId }) => ShardId))];
}

function recordsOf(shard: string, records: readonly StoredRecord[]): readonly StoredRecord[] {
  return records.filter(({ ShardId }) => ShardId === shard);
}

function lastTexts(records: readonly StoredRecord[], count = 3): string {
  return listed(records.slice(-count).map(({ text }) => short(text, 60)));
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? 'none' : texts.join(', ');
}
