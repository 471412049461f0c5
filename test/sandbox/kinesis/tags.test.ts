import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  ListTagsForResourceCommand,
  ListTagsForStreamCommand,
  RemoveTagsFromStreamCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { endlessDelays, kinesisSandbox } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();
const creating = kinesisSandbox({ delays: endlessDelays });

const invalidCharacters = {
  name: 'InvalidArgumentException',
  message: 'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
};

function add(StreamName: string, Tags: Record<string, string> | undefined) {
  return kinesis.client.send(new AddTagsToStreamCommand({ StreamName, Tags }));
}

function remove(StreamName: string, TagKeys: string[] | undefined) {
  return kinesis.client.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys }));
}

async function tags(StreamName: string) {
  const { Tags = [] } = await kinesis.client.send(new ListTagsForStreamCommand({ StreamName }));
  return Object.fromEntries(Tags.map(({ Key = '', Value }) => [Key, Value]));
}

describe('AddTagsToStream refuses', () => {
  it('no tags, and an empty map of them', async () => {
    expect((await failureOf(add('a', undefined))).message).toBe(
      "1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null",
    );
    expect((await failureOf(add('a', {}))).message).toBe(
      "1 validation error detected: Value '{}' at 'tags' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  it('a value that is too long', async () => {
    const value = 'v'.repeat(257);
    expect((await failureOf(add('a', { key: value }))).message).toBe(
      `1 validation error detected: Value '{key=${value}}' at 'tags' failed to satisfy constraint: ` +
        'Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 0]',
    );
  });

  it('a stream that does not exist, and one that is still being created', async () => {
    expect((await failureOf(add('nowhere', { a: 'b' }))).message).toBe('Stream nowhere under account 000000000000 not found.');
    await creating.client.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
    expect(await failureOf(creating.client.send(new AddTagsToStreamCommand({ StreamName: 'orders', Tags: { a: 'b' } })))).toEqual({
      name: 'ResourceInUseException',
      message: 'Stream orders under account 000000000000 not ACTIVE, instead in state CREATING',
    });
  });

  it.each(['abc;def', 'abc\tdef', 'abc\ndef', 'abc,def'])('%j in a key or in a value', async (text) => {
    const name = await kinesis.stream();
    expect(await failureOf(add(name, { [text]: '1' }))).toEqual(invalidCharacters);
    expect(await failureOf(add(name, { a: text }))).toEqual(invalidCharacters);
    expect(await tags(name)).toEqual({});
  });

  it('a percent sign, in other words', async () => {
    const name = await kinesis.stream();
    const refused = (what: string) =>
      `Failed to ${what} stream ${name} under account 000000000000 because some tags contained illegal characters. ` +
      "The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.";
    expect((await failureOf(add(name, { 'abc%def': '1' }))).message).toBe(refused('add tags to'));
    expect((await failureOf(add(name, { a: 'abc%def' }))).message).toBe(refused('add tags to'));
    expect((await failureOf(remove(name, ['abc%def']))).message).toBe(refused('remove tags from'));
  });

  it('a key that is too long, before it looks for the stream', async () => {
    const long = 'k'.repeat(129);
    expect(await failureOf(add('missing', { a: '1', [long]: '2' }))).toEqual({
      name: 'ValidationException',
      message:
        `1 validation error detected: Value '{a=1, ${long}=2}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: ` +
        '[Member must have length less than or equal to 128, Member must have length greater than or equal to 1]',
    });
  });

  it('a fifty-first tag', async () => {
    const name = await kinesis.stream();
    await add(name, Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key-${index}`, ''])));
    await add(name, { 'key-0': 'changed' });
    expect((await failureOf(add(name, { 'one-more': '' }))).name).toBe('InvalidArgumentException');
  });
});

describe('the tags of a stream', () => {
  it('are added, changed and removed', async () => {
    const name = await kinesis.stream();
    await add(name, { a: 'a', 'ü0 _.': 'b', '/=+-@': 'c', 'kinesis-labs:lab': 'ü0 _./=+-@:', empty: '' });
    await add(name, { a: 'changed' });
    await remove(name, ['ü0 _.', 'empty', 'never there']);
    expect(await tags(name)).toEqual({ a: 'changed', '/=+-@': 'c', 'kinesis-labs:lab': 'ü0 _./=+-@:' });
  });

  it('are the same by stream and by resource', async () => {
    const name = await kinesis.stream({ ShardCount: 1, Tags: { a: '1' } });
    const ResourceARN = kinesis.arn(name);
    await kinesis.client.send(new TagResourceCommand({ ResourceARN, Tags: { b: '2', c: '3' } }));
    await kinesis.client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['a'] }));
    const { Tags } = await kinesis.client.send(new ListTagsForResourceCommand({ ResourceARN }));
    expect(Tags).toEqual([
      { Key: 'b', Value: '2' },
      { Key: 'c', Value: '3' },
    ]);
    expect(await tags(name)).toEqual({ b: '2', c: '3' });
  });

  it('are listed in the order of their keys, page by page', async () => {
    const StreamName = await kinesis.stream({ ShardCount: 1, Tags: { b: '2', c: '3', a: '1' } });
    const list = (settings: object) => kinesis.client.send(new ListTagsForStreamCommand({ StreamName, ...settings }));
    const first = await list({ Limit: 2 });
    expect(first).toMatchObject({ Tags: [{ Key: 'a' }, { Key: 'b' }], HasMoreTags: true });
    expect(await list({ ExclusiveStartTagKey: 'b' })).toMatchObject({ Tags: [{ Key: 'c' }], HasMoreTags: false });
  });
});

describe('RemoveTagsFromStream refuses', () => {
  it('no keys, keys that are too long, and characters that no key has', async () => {
    expect((await failureOf(remove('a', undefined))).message).toBe(
      "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
    );
    const long = 'k'.repeat(129);
    expect((await failureOf(remove('a', ['a', long]))).message).toBe(
      `1 validation error detected: Value '[a, ${long}]' at 'tagKeys' failed to satisfy constraint: ` +
        'Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]',
    );
    expect(await failureOf(remove(await kinesis.stream(), ['a;b']))).toEqual(invalidCharacters);
  });
});

describe('the tag operations of resources refuse', () => {
  it('an ARN of something else, and of a stream that does not exist', async () => {
    const list = (ResourceARN: string) => kinesis.client.send(new ListTagsForResourceCommand({ ResourceARN }));
    expect((await failureOf(list('arn:aws:sqs:us-east-1:000000000000:queue'))).name).toBe('ValidationException');
    expect((await failureOf(list(kinesis.arn('nowhere')))).message).toBe('Stream nowhere under account 000000000000 not found.');
  });
});
