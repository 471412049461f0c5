import type { PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import type { OperationOf } from '../operation.ts';
import { Turn } from '../turn.ts';
import { data, eitherStream, hashKey, partitionKey } from './constraints.ts';
import { encryptionOf } from './description.ts';
import { dryRun, invalidArgument, rateExceeded, throughputExceededCode } from './errors.ts';
import { newRecord } from './new-record.ts';
import { onSharedStream, writableStream } from './request.ts';

const mebibyte = 1024 * 1024;
const mostBytes = 10 * mebibyte;
/** Up to so many bytes are written at once, so that they are there together however slow the machine is. That takes a millisecond. */
const atOnceBytes = mebibyte;

export const putRecords: OperationOf<'kinesis', 'PutRecords'> = {
  constraints: {
    Records: {
      required: true,
      minLength: 1,
      maxLength: 500,
      each: {
        members: { PartitionKey: partitionKey, ExplicitHashKey: hashKey, Data: data },
        javaClass: 'com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry',
      },
    },
    ...eitherStream,
  },
  ...onSharedStream,
  async handle(input, context) {
    let stream = writableStream(input, context);
    // One record that is wrong refuses them all; only a limit of its shard lets a record fail by itself.
    const records = (input.Records ?? []).map((record) => newRecord(stream, record));
    const bytes = records.reduce((sum, record) => sum + record.size, 0);
    // The text is quoted in several reports, from when the limit was 5 MB.
    if (bytes > mostBytes) throw invalidArgument(`Records size exceeds ${mostBytes / mebibyte} MB limit`);
    if (input.DryRun) throw dryRun();
    let failed = 0;
    const Records: PutRecordsResultEntry[] = [];
    const turn = new Turn();
    for (const record of records) {
      if (bytes > atOnceBytes && turn.over) {
        // Records of other requests may come between these, as on AWS.
        await turn.pass();
        stream = writableStream(input, context);
      }
      const { shard, sequenceNumber } = stream.append(record);
      if (sequenceNumber === undefined) failed += 1;
      Records.push(
        sequenceNumber === undefined
          ? { ErrorCode: throughputExceededCode, ErrorMessage: rateExceeded(shard, stream) }
          : { SequenceNumber: sequenceNumber, ShardId: shard.id },
      );
    }
    return { FailedRecordCount: failed, Records, ...encryptionOf(stream) };
  },
};
