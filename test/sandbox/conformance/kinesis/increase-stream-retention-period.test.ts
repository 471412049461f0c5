import { IncreaseStreamRetentionPeriodCommand, type IncreaseStreamRetentionPeriodInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { atLeast, atMost, emptyName, invalid, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function increase(input: Partial<IncreaseStreamRetentionPeriodInput>) {
  return kinesis.client.send(new IncreaseStreamRetentionPeriodCommand({ RetentionPeriodHours: 24, ...input }));
}

function failure(input: Partial<IncreaseStreamRetentionPeriodInput>) {
  return failureOf(increase(input));
}

describe('IncreaseStreamRetentionPeriod: serialization', () => {
  readsTypes(kinesis, 'IncreaseStreamRetentionPeriod', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    RetentionPeriodHours: 'an Integer',
  });
});

describe('IncreaseStreamRetentionPeriod: validation', () => {
  findsItsStream(kinesis, increase);

  it('needs a number of hours', async () => {
    expect(await failure({ StreamName: 'a', RetentionPeriodHours: undefined })).toEqual(invalid(['retentionPeriodHours', null, notNull]));
  });

  it('reports all values that break their constraints, in the order of AWS', async () => {
    expect(await failure({ StreamName: '', RetentionPeriodHours: 0 })).toEqual(
      invalid(['retentionPeriodHours', '0', atLeast(1)], ...emptyName('streamName')),
    );
    expect(await failure({ StreamName: 'a', RetentionPeriodHours: 8761 })).toEqual(invalid(['retentionPeriodHours', '8761', atMost(8760)]));
  });

  it('refuses less than a day', async () => {
    expect(await failure({ StreamName: await kinesis.shared(), RetentionPeriodHours: 23 })).toEqual({
      name: 'InvalidArgumentException',
      message: 'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
    });
  });

  it('refuses to make the time shorter', async () => {
    const StreamName = await kinesis.stream();
    await increase({ StreamName, RetentionPeriodHours: 48 });
    await kinesis.settled(StreamName);
    expect(await failure({ StreamName, RetentionPeriodHours: 47 })).toEqual({
      name: 'InvalidArgumentException',
      message: `Requested retention period (47 hours) for stream ${StreamName} can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.`,
    });
  });
});

describe('IncreaseStreamRetentionPeriod: behaviour', () => {
  it('makes the time longer that records can be read, up to a year', async () => {
    const StreamName = await kinesis.stream();
    await increase({ StreamARN: kinesis.arn(StreamName), RetentionPeriodHours: 8760 });
    expect((await kinesis.settled(StreamName)).RetentionPeriodHours).toBe(8760);
  });

  it('has nothing to do where the time is that long already', async () => {
    const StreamName = await kinesis.stream();
    await increase({ StreamName, RetentionPeriodHours: 24 });
    await increase({ StreamName, RetentionPeriodHours: 25 });
    expect((await kinesis.settled(StreamName)).RetentionPeriodHours).toBe(25);
  });
});
