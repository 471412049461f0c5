import {
  DeregisterStreamConsumerCommand,
  type DeregisterStreamConsumerInput,
  DescribeStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsConsumer } from '../../../support/stream-reference.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function deregister(input: DeregisterStreamConsumerInput) {
  return kinesis.client.send(new DeregisterStreamConsumerCommand(input));
}

describe('DeregisterStreamConsumer: serialization', () => {
  readsTypes(kinesis, 'DeregisterStreamConsumer', {
    StreamARN: 'a String',
    StreamId: 'a String',
    ConsumerName: 'a String',
    ConsumerARN: 'a String',
  });
});

describe('DeregisterStreamConsumer: validation', () => {
  findsItsConsumer(kinesis, deregister);

  it('wants an ARN, or both a stream and a name', async () => {
    for (const input of [{}, { ConsumerName: 'audit' }, { StreamARN: kinesis.arn('a') }]) {
      expect((await failureOf(deregister(input))).name).toBe('InvalidArgumentException');
    }
  });
});

describe('DeregisterStreamConsumer: behaviour', () => {
  it('lets the consumer go, whose name can then be taken again', async () => {
    const StreamARN = kinesis.arn(await kinesis.stream());
    const ConsumerARN = await kinesis.consumer(StreamARN, 'audit');
    await deregister({ StreamARN, ConsumerName: 'audit' });
    const look = () => kinesis.client.send(new DescribeStreamConsumerCommand({ ConsumerARN })).catch((error: Error) => error.name);
    await expect
      .poll(look, { timeout: kinesis.patience.timeoutMs, interval: kinesis.patience.intervalMs })
      .toBe('ResourceNotFoundException');
    expect(await kinesis.consumer(StreamARN, 'audit')).toContain(`${StreamARN}/consumer/audit:`);
  });
});
