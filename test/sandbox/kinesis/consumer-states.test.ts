import {
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  PutResourcePolicyCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
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

  it('cannot be subscribed with, or get a policy, before they are ACTIVE', async () => {
    const StreamName = await slow.stream();
    const ConsumerARN = await register(slow.arn(StreamName), 'audit');
    const created = ConsumerARN.split(':').at(-1);
    const start = { ShardId: '0', StartingPosition: { Type: 'LATEST' } } as const;
    expect(await failureOf(slow.client.send(new SubscribeToShardCommand({ ConsumerARN, ...start })))).toEqual({
      name: 'ResourceInUseException',
      message: `Consumer audit with creation timestamp ${created} under stream: ${StreamName} , account 000000000000 is not in ACTIVE status.`,
    });
    expect(await failureOf(slow.client.send(new PutResourcePolicyCommand({ ResourceARN: ConsumerARN, Policy: '{}' })))).toEqual({
      name: 'ResourceInUseException',
      message: `Consumer audit with creation timestamp ${created} under stream ${StreamName} and account 000000000000 is not in ACTIVE status.`,
    });
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
