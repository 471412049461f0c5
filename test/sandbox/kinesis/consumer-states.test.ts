import { DeregisterStreamConsumerCommand, DescribeStreamConsumerCommand, RegisterStreamConsumerCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { briefDelays, kinesisSandbox } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();
/** Where consumers stay in CREATING, and in DELETING. */
const slow = kinesisSandbox({ delays: { ...briefDelays, consumerRegister: 3_600_000, consumerDeregister: 3_600_000 } });

async function register(StreamARN: string, ConsumerName: string): Promise<string> {
  const { Consumer } = await slow.client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
  return Consumer?.ConsumerARN ?? '';
}

async function statusOf(ConsumerARN: string): Promise<string | undefined> {
  const { ConsumerDescription } = await slow.client.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
  return ConsumerDescription?.ConsumerStatus;
}

describe('the consumers of a stream', () => {
  it('begin in CREATING, and are in DELETING before they are gone', async () => {
    const ConsumerARN = await register(slow.arn(await slow.stream()), 'audit');
    expect(await statusOf(ConsumerARN)).toBe('CREATING');
    await slow.client.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
    expect(await statusOf(ConsumerARN)).toBe('DELETING');
  });

  it('are created five at a time', async () => {
    const StreamARN = slow.arn(await slow.stream());
    for (let each = 0; each < 5; each += 1) await register(StreamARN, `consumer-${each}`);
    expect((await failureOf(register(StreamARN, 'sixth'))).name).toBe('LimitExceededException');
  });

  it('are twenty at the most', async () => {
    const StreamARN = kinesis.arn(await kinesis.stream());
    for (let each = 0; each < 20; each += 1) await kinesis.consumer(StreamARN, `consumer-${each}`);
    expect((await failureOf(kinesis.consumer(StreamARN, 'one-too-many'))).name).toBe('LimitExceededException');
  });
});
