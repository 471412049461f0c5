import { ListTagsForStreamCommand, RemoveTagsFromStreamCommand, type RemoveTagsFromStreamInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { each, emptyName, invalid, noLonger, noShorter, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function remove(input: Partial<RemoveTagsFromStreamInput>) {
  return kinesis.client.send(new RemoveTagsFromStreamCommand({ TagKeys: ['a'], ...input }));
}

function failure(input: Partial<RemoveTagsFromStreamInput>) {
  return failureOf(remove(input));
}

describe('RemoveTagsFromStream: serialization', () => {
  readsTypes(kinesis, 'RemoveTagsFromStream', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    TagKeys: 'a List',
    'TagKeys[]': 'a String',
  });
});

describe('RemoveTagsFromStream: validation', () => {
  findsItsStream(kinesis, remove);

  it('needs keys, from 1 to 50', async () => {
    expect(await failure({ StreamName: 'a', TagKeys: undefined })).toEqual(invalid(['tagKeys', null, notNull]));
    expect(await failure({ StreamName: '', TagKeys: [] })).toEqual(invalid(['tagKeys', '[]', noShorter(1)], ...emptyName('streamName')));
    const keys = Array.from({ length: 51 }, (_, index) => `key-${index}`);
    expect(await failure({ StreamName: 'a', TagKeys: keys })).toEqual(invalid(['tagKeys', `[${keys.join(', ')}]`, noLonger(50)]));
  });

  it('takes keys of up to 128 characters', async () => {
    const long = 'k'.repeat(129);
    expect(await failure({ StreamName: 'a', TagKeys: ['a', long] })).toEqual(
      invalid(['tagKeys', `[a, ${long}]`, each(noLonger(128), noShorter(1))]),
    );
  });

  it('refuses characters that no key has', async () => {
    const StreamName = await kinesis.shared();
    expect(await failure({ StreamName, TagKeys: ['a;b'] })).toEqual({
      name: 'InvalidArgumentException',
      message: 'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
    });
    expect(await failure({ StreamName, TagKeys: ['abc%def'] })).toEqual({
      name: 'InvalidArgumentException',
      message:
        `Failed to remove tags from stream ${StreamName} under account ${kinesis.account} because some tags contained illegal characters. ` +
        "The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
    });
  });
});

describe('RemoveTagsFromStream: behaviour', () => {
  it('removes the tags of these keys, and does not mind keys that there are not', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 1, Tags: { a: '1', b: '2', c: '3' } });
    await remove({ StreamName, TagKeys: ['a', 'c', 'never there'] });
    const { Tags } = await kinesis.client.send(new ListTagsForStreamCommand({ StreamName }));
    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
  });
});
