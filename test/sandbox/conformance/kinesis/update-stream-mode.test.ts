import {
  DescribeStreamSummaryCommand,
  ListShardsCommand,
  UpdateStreamModeCommand,
  type UpdateStreamModeInput,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { atLeast, invalid, like, notNull, oneOf, streamArn } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function update(input: Partial<UpdateStreamModeInput>) {
  return kinesis.client.send(
    new UpdateStreamModeCommand({ StreamARN: undefined, StreamModeDetails: { StreamMode: 'ON_DEMAND' }, ...input }),
  );
}

describe('UpdateStreamMode: serialization', () => {
  readsTypes(kinesis, 'UpdateStreamMode', {
    StreamARN: 'a String',
    StreamId: 'a String',
    StreamModeDetails: 'a Structure',
    'StreamModeDetails.StreamMode': 'a String',
    WarmThroughputMiBps: 'an Integer',
  });
});

describe('UpdateStreamMode: validation', () => {
  it('needs a stream and a mode', async () => {
    expect(await failureOf(update({ StreamModeDetails: undefined }))).toEqual(
      invalid(['streamARN', null, notNull], ['streamModeDetails', null, notNull]),
    );
  });

  it('reports all values that break their constraints', async () => {
    const StreamMode = 'SERVERLESS' as 'ON_DEMAND';
    expect(await failureOf(update({ StreamARN: 'stream', StreamModeDetails: { StreamMode }, WarmThroughputMiBps: -1 }))).toEqual(
      invalid(
        ['streamARN', 'stream', like(streamArn)],
        ['streamModeDetails.streamMode', 'SERVERLESS', oneOf('PROVISIONED', 'ON_DEMAND')],
        ['warmThroughputMiBps', '-1', atLeast(0)],
      ),
    );
  });

  it('says which stream is not there', async () => {
    const nowhere = kinesis.newName();
    expect(await failureOf(update({ StreamARN: kinesis.arn(nowhere) }))).toEqual(kinesis.notFound(nowhere));
  });
});

describe('UpdateStreamMode: behaviour', () => {
  // A stream can change its mode twice in 24 hours.
  it('switches the mode there and back, and keeps the shards', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 2 });
    const StreamARN = kinesis.arn(StreamName);
    for (const StreamMode of ['ON_DEMAND', 'PROVISIONED'] as const) {
      await update({ StreamARN, StreamModeDetails: { StreamMode } });
      await kinesis.settled(StreamName);
      const { StreamDescriptionSummary } = await kinesis.client.send(new DescribeStreamSummaryCommand({ StreamARN }));
      expect(StreamDescriptionSummary).toMatchObject({ StreamModeDetails: { StreamMode }, OpenShardCount: 2 });
    }
    expect((await kinesis.client.send(new ListShardsCommand({ StreamARN }))).Shards).toHaveLength(2);
  });
});
