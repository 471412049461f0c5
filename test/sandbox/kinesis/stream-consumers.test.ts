import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  ListStreamConsumersCommand,
  ListTagsForResourceCommand,
  RegisterStreamConsumerCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it, vi } from 'vitest';
import { quickDelays } from '../../../src/sandbox/delays.ts';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();
/** Where consumers stay in CREATING, and in DELETING. */
const slow = kinesisSandbox({ delays: { ...quickDelays, streamCreate: 10, consumerRegister: 3_600_000, consumerDeregister: 3_600_000 } });

async function register(StreamARN: string, ConsumerName: string, { client } = kinesis): Promise<string> {
  const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
  return Consumer?.ConsumerARN ?? '';
}

async function streamArn(): Promise<string> {
  return kinesis.arn(await kinesis.stream());
}

async function statusOf(ConsumerARN: string, { client } = kinesis): Promise<string | undefined> {
  const { ConsumerDescription } = await client.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
  return ConsumerDescription?.ConsumerStatus;
}

describe('RegisterStreamConsumer', () => {
  it('makes a consumer whose ARN ends with the second of its creation, CREATING at first and then ACTIVE', async () => {
    const StreamARN = await streamArn();
    const { Consumer } = await kinesis.client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'dashboard' }));
    const created = Consumer?.ConsumerCreationTimestamp?.getTime() ?? 0;
    expect(Consumer).toMatchObject({
      ConsumerName: 'dashboard',
      ConsumerStatus: 'CREATING',
      ConsumerARN: `${StreamARN}/consumer/dashboard:${created / 1000}`,
    });
    await vi.waitFor(async () => expect(await statusOf(Consumer?.ConsumerARN ?? '')).toBe('ACTIVE'));
    const { StreamDescriptionSummary } = await kinesis.client.send(new DescribeStreamSummaryCommand({ StreamARN }));
    expect(StreamDescriptionSummary?.ConsumerCount).toBe(1);
  });

  it('refuses a name that is taken, and a stream that is not there', async () => {
    const StreamARN = await streamArn();
    await register(StreamARN, 'dashboard');
    expect(await failureOf(register(StreamARN, 'dashboard'))).toMatchObject({ name: 'ResourceInUseException' });
    expect(await failureOf(register(kinesis.arn('nowhere'), 'dashboard'))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('takes five at a time', async () => {
    const StreamARN = slow.arn(await slow.stream());
    for (let each = 0; each < 5; each += 1) await register(StreamARN, `consumer-${each}`, slow);
    expect(await failureOf(register(StreamARN, 'sixth', slow))).toMatchObject({ name: 'LimitExceededException' });
  });

  it('takes twenty in all', async () => {
    const StreamARN = await streamArn();
    for (let round = 0; round < 4; round += 1) {
      const arns: string[] = [];
      for (let each = 0; each < 5; each += 1) arns.push(await register(StreamARN, `consumer-${round}-${each}`));
      await vi.waitFor(async () => expect(new Set(await Promise.all(arns.map((arn) => statusOf(arn))))).toEqual(new Set(['ACTIVE'])));
    }
    expect(await failureOf(register(StreamARN, 'one-too-many'))).toMatchObject({ name: 'LimitExceededException' });
  });

  it('says which characters a name may have', async () => {
    const failure = await failureOf(register(await streamArn(), 'a b'));
    expect(failure).toMatchObject({ name: 'ValidationException' });
    expect(failure.message).toContain(
      "Value 'a b' at 'consumerName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    );
  });
});

describe('DescribeStreamConsumer', () => {
  it('finds a consumer by its ARN, or by its name and its stream', async () => {
    const StreamARN = await streamArn();
    const ConsumerARN = await register(StreamARN, 'audit');
    for (const reference of [{ ConsumerARN }, { StreamARN, ConsumerName: 'audit' }]) {
      const { ConsumerDescription } = await kinesis.client.send(new DescribeStreamConsumerCommand(reference));
      expect(ConsumerDescription).toMatchObject({ ConsumerName: 'audit', ConsumerARN, StreamARN });
    }
  });

  it.each([
    ['a consumer that is not there', { ConsumerName: 'nobody' }, 'ResourceNotFoundException'],
    ['a name without a stream', { StreamARN: undefined, ConsumerName: 'nobody' }, 'InvalidArgumentException'],
  ])('refuses %s', async (_, reference, name) => {
    const StreamARN = await streamArn();
    expect(await failureOf(kinesis.client.send(new DescribeStreamConsumerCommand({ StreamARN, ...reference })))).toMatchObject({ name });
  });
});

describe('ListStreamConsumers', () => {
  it('lists the consumers of one stream by name, page by page', async () => {
    const StreamARN = await streamArn();
    const names = ['alpha', 'beta', 'gamma'];
    for (const name of names) await register(StreamARN, name);
    await register(await streamArn(), 'of-another-stream');

    const first = await kinesis.client.send(new ListStreamConsumersCommand({ StreamARN, MaxResults: 2 }));
    expect(first.Consumers?.map(({ ConsumerName }) => ConsumerName)).toEqual(['alpha', 'beta']);
    const second = await kinesis.client.send(new ListStreamConsumersCommand({ StreamARN, NextToken: first.NextToken }));
    expect(second.Consumers?.map(({ ConsumerName }) => ConsumerName)).toEqual(['gamma']);
    expect(second.NextToken).toBeUndefined();
  });
});

describe('DeregisterStreamConsumer', () => {
  it('begins by saying so', async () => {
    const ConsumerARN = await register(slow.arn(await slow.stream()), 'audit', slow);
    expect(await statusOf(ConsumerARN, slow)).toBe('CREATING');
    await slow.client.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
    expect(await statusOf(ConsumerARN, slow)).toBe('DELETING');
  });

  it('lets the consumer go, whose name can then be taken again', async () => {
    const StreamARN = await streamArn();
    const ConsumerARN = await register(StreamARN, 'audit');
    await kinesis.client.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
    await vi.waitFor(async () => expect(await failureOf(statusOf(ConsumerARN))).toMatchObject({ name: 'ResourceNotFoundException' }));
    expect(await register(StreamARN, 'audit')).not.toBe('');
  });
});

describe('DeleteStream of a stream with consumers', () => {
  it('is refused unless the request says that they go as well', async () => {
    const StreamName = await kinesis.stream();
    const ConsumerARN = await register(kinesis.arn(StreamName), 'audit');
    expect(await failureOf(kinesis.client.send(new DeleteStreamCommand({ StreamName })))).toMatchObject({ name: 'ResourceInUseException' });

    await kinesis.client.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }));
    await vi.waitFor(async () => expect(await failureOf(statusOf(ConsumerARN))).toMatchObject({ name: 'ResourceNotFoundException' }));
    await kinesis.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    expect(await failureOf(statusOf(ConsumerARN))).toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('tags of a consumer', () => {
  it('are its own, not those of its stream', async () => {
    const StreamARN = await streamArn();
    const { Consumer } = await kinesis.client.send(
      new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'audit', Tags: { team: 'risk' } }),
    );
    const ResourceARN = Consumer?.ConsumerARN ?? '';
    await kinesis.client.send(new TagResourceCommand({ ResourceARN, Tags: { stage: 'test' } }));
    await kinesis.client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['team'] }));
    const tagsOf = async (arn: string) => (await kinesis.client.send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags;
    expect(await tagsOf(ResourceARN)).toEqual([{ Key: 'stage', Value: 'test' }]);
    expect(await tagsOf(StreamARN)).toEqual([]);
  });
});
