import { ListTagsForResourceCommand, type ListTagsForResourceInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsResource } from '../../../support/stream-reference.ts';
import { invalid, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function list(input: Partial<ListTagsForResourceInput>) {
  return kinesis.client.send(new ListTagsForResourceCommand({ ResourceARN: undefined, ...input }));
}

describe('ListTagsForResource: serialization', () => {
  readsTypes(kinesis, 'ListTagsForResource', { ResourceARN: 'a String', StreamId: 'a String' });
});

describe('ListTagsForResource: validation', () => {
  findsItsResource(kinesis, (ResourceARN) => list({ ResourceARN }));

  it('needs an ARN', async () => {
    expect(await failureOf(list({}))).toEqual(invalid(['resourceARN', null, notNull]));
  });
});

describe('ListTagsForResource: behaviour', () => {
  it('lists the tags of a stream in the order of their keys', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 1, Tags: { b: '2', a: '1' } });
    const { $metadata: _, ...answer } = await list({ ResourceARN: kinesis.arn(StreamName) });
    expect(answer).toEqual({
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    expect((await list({ ResourceARN: kinesis.arn(await kinesis.shared()) })).Tags).toEqual([]);
  });
});
