import {
  DecreaseStreamRetentionPeriodCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  PutRecordCommand,
  UpdateMaxRecordSizeCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { quickDelays } from '../../../src/sandbox/delays.ts';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox, waiting } from '../../support/kinesis.ts';
import { texts } from '../../support/stream-use.ts';

const kinesis = kinesisSandbox();
const swift = kinesisSandbox({ virtualTime: true });
const updating = kinesisSandbox({ delays: { ...quickDelays, streamCreate: 10, streamUpdate: 3_600_000 } });
const hour = 3_600_000;

function increase(StreamName: string, RetentionPeriodHours: number | undefined, of = kinesis) {
  return of.client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
}

function decrease(StreamName: string, RetentionPeriodHours: number | undefined, of = kinesis) {
  return of.client.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
}

async function settled(StreamName: string, of = kinesis) {
  await waitUntilStreamExists({ client: of.client, ...waiting }, { StreamName });
  return (await of.client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary;
}

describe('the retention period', () => {
  it('grows and shrinks', async () => {
    const name = await kinesis.stream();
    await increase(name, 8760);
    expect((await settled(name))?.RetentionPeriodHours).toBe(8760);
    await decrease(name, 48);
    expect((await settled(name))?.RetentionPeriodHours).toBe(48);
  });

  it('cannot be missing, or longer than a year', async () => {
    expect((await failureOf(increase('a', undefined))).message).toBe(
      "1 validation error detected: Value null at 'retentionPeriodHours' failed to satisfy constraint: Member must not be null",
    );
    expect((await failureOf(increase('a', 8761))).name).toBe('ValidationException');
  });

  it('cannot be shorter than a day', async () => {
    const name = await kinesis.stream();
    const tooShort = {
      name: 'InvalidArgumentException',
      message: 'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
    };
    expect(await failureOf(increase(name, 23))).toEqual(tooShort);
    expect(await failureOf(decrease(name, 23))).toEqual(tooShort);
  });

  it('cannot be changed in the wrong direction', async () => {
    const name = await kinesis.stream();
    await increase(name, 48);
    await settled(name);
    expect((await failureOf(increase(name, 47))).message).toBe(
      `Requested retention period (47 hours) for stream ${name} can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.`,
    );
    expect((await failureOf(decrease(name, 49))).message).toBe(
      `Requested retention period (49 hours) for stream ${name} can not be longer than existing retention period (48 hours). Use IncreaseRetentionPeriod API.`,
    );
  });

  it('cannot be changed of a stream that does not exist', async () => {
    expect((await failureOf(increase('nowhere', 25))).message).toBe('Stream nowhere under account 000000000000 not found.');
  });

  it('makes the stream UPDATING, in which it takes records but no other change', async () => {
    const name = await updating.stream();
    await increase(name, 48, updating);
    const { StreamDescriptionSummary } = await updating.client.send(new DescribeStreamSummaryCommand({ StreamName: name }));
    expect(StreamDescriptionSummary?.StreamStatus).toBe('UPDATING');
    await updating.client.send(new PutRecordCommand({ StreamName: name, PartitionKey: 'a', Data: Buffer.from('x') }));
    expect(texts(await updating.read(name))).toEqual(['x']);
    expect(await failureOf(increase(name, 72, updating))).toEqual({
      name: 'ResourceInUseException',
      message: `Stream ${name} under account 000000000000 not ACTIVE, instead in state UPDATING`,
    });
  });

  it('is compared with what there is before the state of the stream is looked at', async () => {
    const name = await updating.stream();
    await increase(name, 48, updating);
    expect((await failureOf(increase(name, 23, updating))).name).toBe('InvalidArgumentException');
  });

  it('decides what can still be read, and brings back nothing', async () => {
    const name = await swift.stream();
    const put = (text: string) => swift.client.send(new PutRecordCommand({ StreamName: name, PartitionKey: 'a', Data: Buffer.from(text) }));
    await put('a day old');
    await swift.sandbox.clock.sleep(25 * hour);
    await put('young');
    await increase(name, 48, swift);
    await swift.sandbox.clock.sleep(hour);
    expect(texts(await swift.read(name))).toEqual(['young']);
    await swift.sandbox.clock.sleep(40 * hour);
    expect(texts(await swift.read(name))).toEqual(['young']);
    await decrease(name, 24, swift);
    await swift.sandbox.clock.sleep(hour);
    expect(texts(await swift.read(name))).toEqual([]);
  });
});

describe('UpdateMaxRecordSize', () => {
  it('lets the stream take larger records', async () => {
    const name = await kinesis.stream();
    const put = () => kinesis.client.send(new PutRecordCommand({ StreamName: name, PartitionKey: 'a', Data: Buffer.alloc(2_000_000) }));
    expect((await failureOf(put())).name).toBe('InvalidArgumentException');
    await kinesis.client.send(new UpdateMaxRecordSizeCommand({ StreamARN: kinesis.arn(name), MaxRecordSizeInKiB: 2048 }));
    expect((await settled(name))?.MaxRecordSizeInKiB).toBe(2048);
    expect((await put()).ShardId).toBe('shardId-000000000000');
  });

  it('refuses less than 1 MiB and more than 10 MiB', async () => {
    const update = (MaxRecordSizeInKiB: number) =>
      kinesis.client.send(new UpdateMaxRecordSizeCommand({ StreamARN: kinesis.arn('a'), MaxRecordSizeInKiB }));
    expect((await failureOf(update(1023))).message).toContain('Member must have value greater than or equal to 1024');
    expect((await failureOf(update(10_241))).message).toContain('Member must have value less than or equal to 10240');
  });
});
