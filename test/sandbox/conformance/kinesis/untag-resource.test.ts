import { ListTagsForResourceCommand, UntagResourceCommand, type UntagResourceInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsResource } from '../../../support/stream-reference.ts';
import { each, invalid, noLonger, noShorter, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function untag(input: Partial<UntagResourceInput>) {
  return kinesis.client.send(new UntagResourceCommand({ ResourceARN: undefined, TagKeys: ['a'], ...input }));
}

describe('UntagResource: serialization', () => {
  readsTypes(kinesis, 'UntagResource', { ResourceARN: 'a String', StreamId: 'a String', TagKeys: 'a List', 'TagKeys[]': 'a String' });
});

describe('UntagResource: validation', () => {
  findsItsResource(kinesis, (ResourceARN) => untag({ ResourceARN }));

  it('needs an ARN and keys', async () => {
    expect(await failureOf(untag({ TagKeys: undefined }))).toEqual(invalid(['tagKeys', null, notNull], ['resourceARN', null, notNull]));
  });

  it('takes keys of up to 128 characters, and no empty list', async () => {
    const ResourceARN = kinesis.arn('a');
    const key = 'k'.repeat(129);
    expect(await failureOf(untag({ ResourceARN, TagKeys: [key] }))).toEqual(
      invalid(['tagKeys', `[${key}]`, each(noLonger(128), noShorter(1))]),
    );
    expect(await failureOf(untag({ ResourceARN, TagKeys: [] }))).toEqual(invalid(['tagKeys', '[]', noShorter(1)]));
  });
});

describe('UntagResource: behaviour', () => {
  it('removes the tags of these keys', async () => {
    const ResourceARN = kinesis.arn(await kinesis.stream({ ShardCount: 1, Tags: { a: '1', b: '2' } }));
    await untag({ ResourceARN, TagKeys: ['a', 'never there'] });
    const { Tags } = await kinesis.client.send(new ListTagsForResourceCommand({ ResourceARN }));
    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
  });
});
