import { expect, it } from 'vitest';
import type { ConformanceTarget } from './conformance.ts';
import { failureOf } from './failure.ts';
import { consumerArn, emptyName, invalid, like, name, resourceArn, streamArn } from './violation.ts';

/** How requests say which stream they are about. */
interface StreamReference {
  readonly StreamName?: string;
  readonly StreamARN?: string;
  readonly StreamId?: string;
}

/** Declares the tests of how an operation finds the stream that it is about, by its name, its ARN, or both. */
export function findsItsStream(kinesis: ConformanceTarget, call: (stream: StreamReference) => Promise<unknown>): void {
  it('takes names, ARNs and ids of streams only', async () => {
    expect(await failureOf(call({ StreamName: '' }))).toEqual(invalid(...emptyName('streamName')));
    const StreamARN = 'arn:aws:sqs:us-east-1:123456789012:queue';
    expect(await failureOf(call({ StreamARN, StreamId: 'stream' }))).toEqual(
      invalid(['streamARN', StreamARN, like(streamArn)], ['streamId', 'stream', like('[a-z0-9]{20}-[a-z0-9]{3}')]),
    );
  });

  it('says which stream is not there', async () => {
    const StreamName = kinesis.newName();
    const StreamARN = kinesis.arn(StreamName);
    for (const stream of [{ StreamName }, { StreamARN }, { StreamName, StreamARN }]) {
      expect(await failureOf(call(stream))).toEqual(kinesis.notFound(StreamName));
    }
  });

  it('wants one stream: not none, and not two', async () => {
    expect((await failureOf(call({}))).name).toBe('InvalidArgumentException');
    const two = { StreamName: kinesis.newName(), StreamARN: kinesis.arn(kinesis.newName()) };
    expect((await failureOf(call(two))).name).toBe('InvalidArgumentException');
  });
}

/** Declares the tests of how an operation finds what it is about by an ARN: a stream, or a consumer of one. */
export function findsItsResource(kinesis: ConformanceTarget, call: (arn: string) => Promise<unknown>): void {
  it('takes ARNs of streams and consumers only', async () => {
    const ResourceARN = 'arn:aws:sqs:us-east-1:123456789012:queue';
    expect(await failureOf(call(ResourceARN))).toEqual(invalid(['resourceARN', ResourceARN, like(resourceArn)]));
  });

  it('says which stream and which consumer are not there', async () => {
    const nowhere = kinesis.newName();
    expect(await failureOf(call(kinesis.arn(nowhere)))).toEqual(kinesis.notFound(nowhere));
    const consumer = `${kinesis.arn(await kinesis.shared())}/consumer/nobody:1700000000`;
    expect((await failureOf(call(consumer))).name).toBe('ResourceNotFoundException');
  });
}

/** How requests say which consumer they are about. */
interface ConsumerReference {
  readonly StreamARN?: string;
  readonly ConsumerName?: string;
  readonly ConsumerARN?: string;
}

/** Declares the tests of how an operation finds the consumer that it is about, by its ARN, or by its name and its stream. */
export function findsItsConsumer(kinesis: ConformanceTarget, call: (consumer: ConsumerReference) => Promise<unknown>): void {
  it('takes names and ARNs of consumers only', async () => {
    expect(await failureOf(call({ StreamARN: 'stream', ConsumerName: 'a b', ConsumerARN: 'consumer' }))).toEqual(
      invalid(
        ['streamARN', 'stream', like(streamArn)],
        ['consumerName', 'a b', like(name)],
        ['consumerARN', 'consumer', like(consumerArn)],
      ),
    );
  });

  it('says that there is no such consumer, or no such stream', async () => {
    const StreamARN = kinesis.arn(await kinesis.shared());
    for (const consumer of [{ StreamARN, ConsumerName: 'nobody' }, { ConsumerARN: `${StreamARN}/consumer/nobody:1700000000` }]) {
      expect((await failureOf(call(consumer))).name).toBe('ResourceNotFoundException');
    }
    const nowhere = kinesis.newName();
    expect(await failureOf(call({ StreamARN: kinesis.arn(nowhere), ConsumerName: 'nobody' }))).toEqual(kinesis.notFound(nowhere));
  });
}
