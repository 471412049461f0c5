import {
  type _Record,
  CreateStreamCommand,
  type CreateStreamInput,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorInput,
  type KinesisClient,
  PutRecordCommand,
  type PutRecordCommandOutput,
  type PutRecordInput,
  RegisterStreamConsumerCommand,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import { createWait } from '../../src/aws/wait.ts';
import { wallClock } from '../../src/util/clock.ts';

/** How long to wait for AWS, and between two looks; milliseconds. */
export interface Patience {
  readonly timeoutMs: number;
  readonly intervalMs: number;
}

const wait = createWait({ clock: wallClock });

/** What tests of Kinesis do with streams, whatever is behind the client. */
export abstract class StreamUse {
  abstract readonly client: KinesisClient;
  abstract readonly patience: Patience;
  /** A name that no stream has had. */
  abstract newName(): string;
  /** The ARN of the stream of a name, whether it exists or not. */
  abstract arn(name: string): string;

  /** Creates a stream of its own, by default with one shard, and waits until it is ACTIVE. @returns its name. */
  async stream(settings: Partial<CreateStreamInput> = { ShardCount: 1 }): Promise<string> {
    const { StreamName = this.newName(), ...others } = settings;
    await this.client.send(new CreateStreamCommand({ StreamName, ...others }));
    await this.settled(StreamName);
    return StreamName;
  }

  /** Waits until a stream is ACTIVE, after whatever was asked of it. */
  async settled(StreamName: string): Promise<StreamDescriptionSummary> {
    return wait({ what: `the stream ${StreamName} to become ACTIVE`, ...this.patience }, async () => {
      const { StreamDescriptionSummary: stream } = await this.client.send(new DescribeStreamSummaryCommand({ StreamName }));
      return stream?.StreamStatus === 'ACTIVE' ? stream : undefined;
    });
  }

  /** Waits until a stream is there no longer. */
  async gone(StreamName: string): Promise<void> {
    await wait({ what: `the stream ${StreamName} to be gone`, ...this.patience }, async () => {
      try {
        await this.client.send(new DescribeStreamSummaryCommand({ StreamName }));
        return undefined;
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return true;
        throw error;
      }
    });
  }

  /** Registers a consumer and waits until it is ACTIVE. @returns its ARN. */
  async consumer(StreamARN: string, ConsumerName: string): Promise<string> {
    const { Consumer } = await this.client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
    return this.consumerSettled(Consumer?.ConsumerARN ?? '');
  }

  /** Waits until a consumer is ACTIVE. @returns its ARN. */
  async consumerSettled(ConsumerARN: string): Promise<string> {
    return wait({ what: `the consumer ${ConsumerARN} to become ACTIVE`, ...this.patience }, async () => {
      const { ConsumerDescription } = await this.client.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
      return ConsumerDescription?.ConsumerStatus === 'ACTIVE' ? ConsumerARN : undefined;
    });
  }

  /** Puts a text, by default with the partition key `a`. */
  put(StreamName: string, text: string, settings: Partial<PutRecordInput> = {}): Promise<PutRecordCommandOutput> {
    return this.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from(text), ...settings }));
  }

  /** An iterator, by default of the first shard from its oldest record on. */
  async iterator(StreamName: string, settings: Partial<GetShardIteratorInput> = {}): Promise<string> {
    const input = { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON', ...settings } as const;
    const { ShardIterator = '' } = await this.client.send(new GetShardIteratorCommand(input));
    return ShardIterator;
  }

  /** What lies in a shard, read with one call. */
  async read(StreamName: string, settings: Partial<GetShardIteratorInput> = {}): Promise<GetRecordsCommandOutput> {
    return this.client.send(new GetRecordsCommand({ ShardIterator: await this.iterator(StreamName, settings) }));
  }

  /** Reads on from an iterator until so many records have come: an answer without records does not mean that there are none. */
  async records(ShardIterator: string | undefined, count: number): Promise<readonly _Record[]> {
    const found: _Record[] = [];
    let next = ShardIterator;
    return wait({ what: `${count} records`, ...this.patience }, async () => {
      const { Records = [], NextShardIterator } = await this.client.send(new GetRecordsCommand({ ShardIterator: next }));
      found.push(...Records);
      next = NextShardIterator;
      return found.length >= count || next === undefined ? found : undefined;
    });
  }
}

/** The data of records as text. */
export function texts({ Records = [] }: { readonly Records?: readonly _Record[] | undefined }): string[] {
  return Records.map((record) => Buffer.from(record.Data ?? []).toString());
}
