import { DescribeStreamSummaryCommand, RegisterStreamConsumerCommand, type RegisterStreamConsumerInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { emptyName, invalid, like, mapKeys, name, noLonger, noShorter, notNull, streamArn } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function register(input: Partial<RegisterStreamConsumerInput>) {
  return kinesis.client.send(new RegisterStreamConsumerCommand({ StreamARN: undefined, ConsumerName: undefined, ...input }));
}

function failure(input: Partial<RegisterStreamConsumerInput>) {
  return failureOf(register(input));
}

describe('RegisterStreamConsumer: serialization', () => {
  readsTypes(kinesis, 'RegisterStreamConsumer', {
    StreamARN: 'a String',
    StreamId: 'a String',
    ConsumerName: 'a String',
    Tags: 'a Map',
    'Tags{}': 'a String',
  });
});

describe('RegisterStreamConsumer: validation', () => {
  it('needs a stream and a name', async () => {
    expect(await failure({})).toEqual(invalid(['streamARN', null, notNull], ['consumerName', null, notNull]));
  });

  it('takes ARNs of streams, and names in the characters of streams', async () => {
    expect(await failure({ StreamARN: 'stream', ConsumerName: 'a b' })).toEqual(
      invalid(['streamARN', 'stream', like(streamArn)], ['consumerName', 'a b', like(name)]),
    );
    expect(await failure({ StreamARN: kinesis.arn('a'), ConsumerName: '' })).toEqual(invalid(...emptyName('consumerName')));
    const long = 'c'.repeat(129);
    expect(await failure({ StreamARN: kinesis.arn('a'), ConsumerName: long })).toEqual(invalid(['consumerName', long, noLonger(128)]));
  });

  it('takes tags with keys of up to 128 characters, and no empty map of them', async () => {
    const consumer = { StreamARN: kinesis.arn('a'), ConsumerName: 'b' };
    const key = 'k'.repeat(129);
    expect(await failure({ ...consumer, Tags: { [key]: '' } })).toEqual(
      invalid(['tags', `{${key}=}`, mapKeys(noLonger(128), noShorter(1))]),
    );
    expect(await failure({ ...consumer, Tags: {} })).toEqual(invalid(['tags', '{}', noShorter(1)]));
  });

  it('says which stream is not there', async () => {
    const nowhere = kinesis.newName();
    expect(await failure({ StreamARN: kinesis.arn(nowhere), ConsumerName: 'a' })).toEqual(kinesis.notFound(nowhere));
  });
});

describe('RegisterStreamConsumer: behaviour', () => {
  it('makes a consumer whose ARN ends with the second of its creation, whose name is taken, and which the stream counts', async () => {
    const StreamARN = kinesis.arn(await kinesis.stream());
    const { Consumer } = await register({ StreamARN, ConsumerName: 'dashboard' });
    const ConsumerARN = Consumer?.ConsumerARN ?? '';
    expect(Consumer).toEqual({
      ConsumerName: 'dashboard',
      ConsumerStatus: 'CREATING',
      ConsumerARN: `${StreamARN}/consumer/dashboard:${(Consumer?.ConsumerCreationTimestamp?.getTime() ?? 0) / 1000}`,
      ConsumerCreationTimestamp: expect.any(Date),
    });
    expect((await failure({ StreamARN, ConsumerName: 'dashboard' })).name).toBe('ResourceInUseException');
    await kinesis.consumerSettled(ConsumerARN);
    const { StreamDescriptionSummary } = await kinesis.client.send(new DescribeStreamSummaryCommand({ StreamARN }));
    expect(StreamDescriptionSummary?.ConsumerCount).toBe(1);
  });
});
