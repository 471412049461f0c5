import { ListStreamConsumersCommand, type ListStreamConsumersInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { atLeast, atMost, invalid, like, noShorter, notNull, streamArn } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function list(input: Partial<ListStreamConsumersInput>) {
  return kinesis.client.send(new ListStreamConsumersCommand({ StreamARN: undefined, ...input }));
}

describe('ListStreamConsumers: serialization', () => {
  readsTypes(kinesis, 'ListStreamConsumers', {
    StreamARN: 'a String',
    StreamId: 'a String',
    NextToken: 'a String',
    MaxResults: 'an Integer',
    StreamCreationTimestamp: 'a Timestamp',
  });
});

describe('ListStreamConsumers: validation', () => {
  it('needs a stream', async () => {
    expect(await failureOf(list({}))).toEqual(invalid(['streamARN', null, notNull]));
  });

  it('reports all values that break their constraints', async () => {
    expect(await failureOf(list({ StreamARN: 'stream', NextToken: '', MaxResults: 0 }))).toEqual(
      invalid(['streamARN', 'stream', like(streamArn)], ['nextToken', '', noShorter(1)], ['maxResults', '0', atLeast(1)]),
    );
    expect(await failureOf(list({ StreamARN: kinesis.arn('a'), MaxResults: 10_001 }))).toEqual(
      invalid(['maxResults', '10001', atMost(10_000)]),
    );
  });

  it('says which stream is not there', async () => {
    const nowhere = kinesis.newName();
    expect(await failureOf(list({ StreamARN: kinesis.arn(nowhere) }))).toEqual(kinesis.notFound(nowhere));
  });

  it('refuses a token that it did not give', async () => {
    const StreamARN = kinesis.arn(await kinesis.shared());
    expect((await failureOf(list({ StreamARN, NextToken: 'AAAA' }))).name).toBe('InvalidArgumentException');
  });
});

describe('ListStreamConsumers: behaviour', () => {
  it('lists the consumers of one stream by name, page by page', async () => {
    const StreamARN = kinesis.arn(await kinesis.stream());
    for (const name of ['gamma', 'alpha', 'beta']) await kinesis.consumer(StreamARN, name);
    const names = (answer: Awaited<ReturnType<typeof list>>) => answer.Consumers?.map(({ ConsumerName }) => ConsumerName);
    const first = await list({ StreamARN, MaxResults: 2 });
    expect(names(first)).toEqual(['alpha', 'beta']);
    const second = await list({ StreamARN, NextToken: first.NextToken });
    expect(names(second)).toEqual(['gamma']);
    expect(second.NextToken).toBeUndefined();
  });

  it('lists none of a stream that has none', async () => {
    const { $metadata: _, ...answer } = await list({ StreamARN: kinesis.arn(await kinesis.shared()) });
    expect(answer).toEqual({ Consumers: [] });
  });
});
