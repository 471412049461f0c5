import { AddTagsToStreamCommand, type AddTagsToStreamInput, ListTagsForStreamCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { emptyName, invalid, mapKeys, mapValues, noLonger, noShorter, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function add(input: Partial<AddTagsToStreamInput>) {
  return kinesis.client.send(new AddTagsToStreamCommand({ Tags: { a: '1' }, ...input }));
}

function failure(input: Partial<AddTagsToStreamInput>) {
  return failureOf(add(input));
}

async function tags(StreamName: string) {
  return (await kinesis.client.send(new ListTagsForStreamCommand({ StreamName }))).Tags;
}

describe('AddTagsToStream: serialization', () => {
  readsTypes(kinesis, 'AddTagsToStream', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    Tags: 'a Map',
    'Tags{}': 'a String',
  });
});

describe('AddTagsToStream: validation', () => {
  findsItsStream(kinesis, add);

  it('needs tags', async () => {
    expect(await failure({ StreamName: 'a', Tags: undefined })).toEqual(invalid(['tags', null, notNull]));
    expect(await failure({ StreamName: '', Tags: {} })).toEqual(invalid(['tags', '{}', noShorter(1)], ...emptyName('streamName')));
  });

  it('takes keys of up to 128 characters and values of up to 256', async () => {
    const [key, value] = ['k'.repeat(129), 'v'.repeat(257)];
    expect(await failure({ StreamName: 'a', Tags: { a: '1', [key]: '2' } })).toEqual(
      invalid(['tags', `{a=1, ${key}=2}`, mapKeys(noLonger(128), noShorter(1))]),
    );
    expect(await failure({ StreamName: 'a', Tags: { a: value } })).toEqual(
      invalid(['tags', `{a=${value}}`, mapValues(noLonger(256), noShorter(0))]),
    );
  });

  it.each(['abc;def', 'abc\tdef', 'abc\ndef', 'abc,def'])('refuses %j in a key and in a value', async (text) => {
    const StreamName = await kinesis.shared();
    for (const Tags of [{ [text]: '1' }, { a: text }]) {
      expect(await failure({ StreamName, Tags })).toEqual({
        name: 'InvalidArgumentException',
        message: 'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
      });
    }
  });

  it('refuses a percent sign, in other words', async () => {
    const StreamName = await kinesis.shared();
    for (const Tags of [{ 'abc%def': '1' }, { a: 'abc%def' }]) {
      expect(await failure({ StreamName, Tags })).toEqual({
        name: 'InvalidArgumentException',
        message:
          `Failed to add tags to stream ${StreamName} under account ${kinesis.account} because some tags contained illegal characters. ` +
          "The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
      });
    }
  });

  it('refuses a fifty-first tag, and takes another value for one of fifty', async () => {
    const StreamName = await kinesis.stream();
    await add({ StreamName, Tags: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key-${index}`, ''])) });
    await add({ StreamName, Tags: { 'key-0': 'changed' } });
    expect((await failure({ StreamName, Tags: { 'one-more': '' } })).name).toBe('InvalidArgumentException');
    expect(await tags(StreamName)).toHaveLength(50);
  });
});

describe('AddTagsToStream: behaviour', () => {
  it('adds tags to those that there are, in the place of those with the same keys', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 1, Tags: { a: 'a', b: 'b' } });
    await add({ StreamName, Tags: { a: 'changed', 'ü0 _.': '', '/=+-@:': 'ü0 _./=+-@:' } });
    expect(await tags(StreamName)).toEqual([
      { Key: '/=+-@:', Value: 'ü0 _./=+-@:' },
      { Key: 'a', Value: 'changed' },
      { Key: 'b', Value: 'b' },
      { Key: 'ü0 _.', Value: '' },
    ]);
  });
});
