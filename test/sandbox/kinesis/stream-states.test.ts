import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  EnableEnhancedMonitoringCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListStreamsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { briefDelays, endlessDelays, kinesisSandbox } from '../../support/kinesis.ts';
import { texts } from '../../support/stream-use.ts';

// What is over on AWS within seconds lasts here as long as it is looked at.

const creating = kinesisSandbox({ delays: endlessDelays });
const updating = kinesisSandbox({ delays: { ...briefDelays, streamUpdate: 3_600_000 } });
const deleting = kinesisSandbox({ delays: { ...briefDelays, streamDelete: 3_600_000 } });

describe('a stream in CREATING', () => {
  async function begun(): Promise<string> {
    const StreamName = creating.newName();
    await creating.client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
    return StreamName;
  }

  it('has no shards yet', async () => {
    const { StreamDescription } = await creating.client.send(new DescribeStreamCommand({ StreamName: await begun() }));
    expect(StreamDescription).toMatchObject({ StreamStatus: 'CREATING', Shards: [], HasMoreShards: false });
  });

  it('is not there for those who put and read', async () => {
    const StreamName = await begun();
    expect(await failureOf(creating.put(StreamName, 'x'))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Stream ${StreamName} under account 000000000000 not found.`,
    });
    const command = new GetShardIteratorCommand({ StreamName, ShardId: '0', ShardIteratorType: 'LATEST' });
    expect((await failureOf(creating.client.send(command))).name).toBe('ResourceNotFoundException');
  });

  it('is in use for those who want to change it', async () => {
    const StreamName = await begun();
    const inUse = {
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account 000000000000 not ACTIVE, instead in state CREATING`,
    };
    const tag = new AddTagsToStreamCommand({ StreamName, Tags: { a: 'b' } });
    expect(await failureOf(creating.client.send(tag))).toEqual(inUse);
    const split = new SplitShardCommand({ StreamName, ShardToSplit: '0', NewStartingHashKey: '2' });
    expect(await failureOf(creating.client.send(split))).toEqual(inUse);
  });

  it('can be deleted', async () => {
    const StreamName = await begun();
    await creating.client.send(new DeleteStreamCommand({ StreamName }));
    const { StreamDescription } = await creating.client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription?.StreamStatus).toBe('DELETING');
  });

  it('is one of five at the most', async () => {
    const outcomes: string[] = [];
    for (let count = 0; count < 6; count += 1) outcomes.push(await begun().catch((error: Error) => `${error.name}: ${error.message}`));
    expect(outcomes.at(-1)).toBe(
      'LimitExceededException: This request would have exceed the limit on the number  of streams that can simultaneously be in CREATING or DELETING for the account 000000000000. Limit: 5.',
    );
    expect(await creating.client.send(new ListStreamsCommand({}))).toMatchObject({ StreamNames: { length: 6 } });
  });
});

describe('a stream in UPDATING', () => {
  it('takes records but no other change, though what is asked for is looked at first', async () => {
    const StreamName = await updating.stream();
    const increase = (RetentionPeriodHours: number) =>
      updating.client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
    await increase(48);
    const { StreamDescription } = await updating.client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription?.StreamStatus).toBe('UPDATING');
    await updating.put(StreamName, 'x');
    expect(texts(await updating.read(StreamName))).toEqual(['x']);
    expect(await failureOf(increase(72))).toEqual({
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account 000000000000 not ACTIVE, instead in state UPDATING`,
    });
    expect((await failureOf(increase(23))).name).toBe('InvalidArgumentException');
    const enable = new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['ALL'] });
    expect((await failureOf(updating.client.send(enable))).name).toBe('ResourceInUseException');
  });
});

describe('a stream in DELETING', () => {
  it('takes no records, its name is taken, and it cannot be deleted again', async () => {
    const StreamName = await deleting.stream();
    await deleting.client.send(new DeleteStreamCommand({ StreamName }));
    const { StreamDescription } = await deleting.client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription?.StreamStatus).toBe('DELETING');
    expect((await failureOf(deleting.put(StreamName, 'x'))).name).toBe('ResourceNotFoundException');
    const again = new CreateStreamCommand({ StreamName, ShardCount: 1 });
    expect((await failureOf(deleting.client.send(again))).name).toBe('ResourceInUseException');
    expect(await failureOf(deleting.client.send(new DeleteStreamCommand({ StreamName })))).toEqual({
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account 000000000000 not ACTIVE, instead in state DELETING`,
    });
  });
});
