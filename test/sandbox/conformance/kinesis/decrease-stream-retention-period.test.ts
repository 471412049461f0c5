import {
  DecreaseStreamRetentionPeriodCommand,
  type DecreaseStreamRetentionPeriodInput,
  IncreaseStreamRetentionPeriodCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { atLeast, atMost, emptyName, invalid, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function decrease(input: Partial<DecreaseStreamRetentionPeriodInput>) {
  return kinesis.client.send(new DecreaseStreamRetentionPeriodCommand({ RetentionPeriodHours: 24, ...input }));
}

function failure(input: Partial<DecreaseStreamRetentionPeriodInput>) {
  return failureOf(decrease(input));
}

describe('DecreaseStreamRetentionPeriod: serialization', () => {
  readsTypes(kinesis, 'DecreaseStreamRetentionPeriod', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    RetentionPeriodHours: 'an Integer',
  });
});

describe('DecreaseStreamRetentionPeriod: validation', () => {
  findsItsStream(kinesis, decrease);

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

  it('refuses to make the time longer', async () => {
    const StreamName = await kinesis.shared();
    expect(await failure({ StreamName, RetentionPeriodHours: 25 })).toEqual({
      name: 'InvalidArgumentException',
      message: `Requested retention period (25 hours) for stream ${StreamName} can not be longer than existing retention period (24 hours). Use IncreaseRetentionPeriod API.`,
    });
  });
});

describe('DecreaseStreamRetentionPeriod: behaviour', () => {
  it('makes the time shorter that records can be read', async () => {
    const StreamName = await kinesis.stream();
    await kinesis.client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
    await kinesis.settled(StreamName);
    await decrease({ StreamARN: kinesis.arn(StreamName), RetentionPeriodHours: 24 });
    expect((await kinesis.settled(StreamName)).RetentionPeriodHours).toBe(24);
  });
});
