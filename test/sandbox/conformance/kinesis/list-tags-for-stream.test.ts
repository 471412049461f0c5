import { ListTagsForStreamCommand, type ListTagsForStreamInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { atLeast, atMost, emptyName, invalid, noLonger, noShorter } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function list(input: ListTagsForStreamInput) {
  return kinesis.client.send(new ListTagsForStreamCommand(input));
}

describe('ListTagsForStream: serialization', () => {
  readsTypes(kinesis, 'ListTagsForStream', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    Limit: 'an Integer',
    ExclusiveStartTagKey: 'a String',
  });
});

describe('ListTagsForStream: validation', () => {
  findsItsStream(kinesis, list);

  it('reports all values that break their constraints, in the order of AWS', async () => {
    expect(await failureOf(list({ StreamName: '', Limit: 0, ExclusiveStartTagKey: '' }))).toEqual(
      invalid(['limit', '0', atLeast(1)], ['exclusiveStartTagKey', '', noShorter(1)], ...emptyName('streamName')),
    );
    const long = 'k'.repeat(129);
    expect(await failureOf(list({ StreamName: 'a', Limit: 51, ExclusiveStartTagKey: long }))).toEqual(
      invalid(['limit', '51', atMost(50)], ['exclusiveStartTagKey', long, noLonger(128)]),
    );
  });
});

describe('ListTagsForStream: behaviour', () => {
  it('lists tags in the order of their keys, page by page', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 1, Tags: { b: '2', c: '3', a: '1' } });
    const { $metadata: _, ...first } = await list({ StreamName, Limit: 2 });
    expect(first).toEqual({
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
      HasMoreTags: true,
    });
    const { $metadata: __, ...second } = await list({ StreamARN: kinesis.arn(StreamName), ExclusiveStartTagKey: 'b' });
    expect(second).toEqual({ Tags: [{ Key: 'c', Value: '3' }], HasMoreTags: false });
  });

  it('lists none of a stream that has none', async () => {
    expect(await list({ StreamName: await kinesis.shared() })).toMatchObject({ Tags: [], HasMoreTags: false });
  });
});
