import { DescribeStreamConsumerCommand, type DescribeStreamConsumerInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsConsumer } from '../../../support/stream-reference.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function describeConsumer(input: DescribeStreamConsumerInput) {
  return kinesis.client.send(new DescribeStreamConsumerCommand(input));
}

describe('DescribeStreamConsumer: serialization', () => {
  readsTypes(kinesis, 'DescribeStreamConsumer', {
    StreamARN: 'a String',
    StreamId: 'a String',
    ConsumerName: 'a String',
    ConsumerARN: 'a String',
  });
});

describe('DescribeStreamConsumer: validation', () => {
  findsItsConsumer(kinesis, describeConsumer);

  it('wants an ARN, or both a stream and a name', async () => {
    for (const input of [{}, { ConsumerName: 'audit' }, { StreamARN: kinesis.arn('a') }]) {
      expect((await failureOf(describeConsumer(input))).name).toBe('InvalidArgumentException');
    }
  });
});

describe('DescribeStreamConsumer: behaviour', () => {
  it('finds a consumer by its ARN, and by its name and its stream', async () => {
    const StreamARN = kinesis.arn(await kinesis.stream());
    const ConsumerARN = await kinesis.consumer(StreamARN, 'audit');
    for (const reference of [{ ConsumerARN }, { StreamARN, ConsumerName: 'audit' }]) {
      const { $metadata: _, ...answer } = await describeConsumer(reference);
      expect(answer).toEqual({
        ConsumerDescription: {
          ConsumerName: 'audit',
          ConsumerARN,
          ConsumerStatus: 'ACTIVE',
          ConsumerCreationTimestamp: new Date(Number(ConsumerARN.split(':').at(-1)) * 1000),
          StreamARN,
        },
      });
    }
  });
});
