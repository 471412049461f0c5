import {
  ListTagsForResourceCommand,
  RegisterStreamConsumerCommand,
  TagResourceCommand,
  type TagResourceInput,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsResource } from '../../../support/stream-reference.ts';
import { invalid, mapKeys, noLonger, noShorter, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function tag(input: Partial<TagResourceInput>) {
  return kinesis.client.send(new TagResourceCommand({ ResourceARN: undefined, Tags: { a: '1' }, ...input }));
}

async function tags(ResourceARN: string) {
  return (await kinesis.client.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;
}

describe('TagResource: serialization', () => {
  readsTypes(kinesis, 'TagResource', { ResourceARN: 'a String', StreamId: 'a String', Tags: 'a Map', 'Tags{}': 'a String' });
});

describe('TagResource: validation', () => {
  findsItsResource(kinesis, (ResourceARN) => tag({ ResourceARN }));

  it('needs an ARN and tags', async () => {
    expect(await failureOf(tag({ Tags: undefined }))).toEqual(invalid(['tags', null, notNull], ['resourceARN', null, notNull]));
  });

  it('takes keys of up to 128 characters, and no empty map', async () => {
    const ResourceARN = kinesis.arn('a');
    const key = 'k'.repeat(129);
    expect(await failureOf(tag({ ResourceARN, Tags: { [key]: '1' } }))).toEqual(
      invalid(['tags', `{${key}=1}`, mapKeys(noLonger(128), noShorter(1))]),
    );
    expect(await failureOf(tag({ ResourceARN, Tags: {} }))).toEqual(invalid(['tags', '{}', noShorter(1)]));
  });

  it('refuses characters that tags cannot have', async () => {
    const ResourceARN = kinesis.arn(await kinesis.shared());
    expect((await failureOf(tag({ ResourceARN, Tags: { a: 'b;c' } }))).name).toBe('InvalidArgumentException');
  });
});

describe('TagResource: behaviour', () => {
  it('adds to the tags that a stream has from the beginning', async () => {
    const ResourceARN = kinesis.arn(await kinesis.stream({ ShardCount: 1, Tags: { a: '1' } }));
    await tag({ ResourceARN, Tags: { a: 'changed', b: '2' } });
    expect(await tags(ResourceARN)).toEqual([
      { Key: 'a', Value: 'changed' },
      { Key: 'b', Value: '2' },
    ]);
  });

  it('gives a consumer tags of its own', async () => {
    const StreamARN = kinesis.arn(await kinesis.stream());
    const register = new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'audit', Tags: { team: 'risk' } });
    const { Consumer } = await kinesis.client.send(register);
    const ResourceARN = Consumer?.ConsumerARN ?? '';
    await kinesis.consumerSettled(ResourceARN);
    await tag({ ResourceARN, Tags: { stage: 'test' } });
    expect(await tags(ResourceARN)).toEqual([
      { Key: 'stage', Value: 'test' },
      { Key: 'team', Value: 'risk' },
    ]);
    expect(await tags(StreamARN)).toEqual([]);
  });
});
