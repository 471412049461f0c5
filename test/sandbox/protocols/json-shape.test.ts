import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as kinesis from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import type { AwsError } from '../../../src/sandbox/error.ts';
import { readJson, writeJson } from '../../../src/sandbox/protocols/json-shape.ts';
import { operationShapes } from '../../../src/sandbox/protocols/schema.ts';

const shapes = operationShapes(kinesis);

function read(operation: string, value: unknown): unknown {
  const shape = shapes.get(operation);
  if (!shape) throw new Error(`no operation ${operation}`);
  return readJson(shape.input, value);
}

function problemOf(operation: string, value: unknown): unknown {
  try {
    read(operation, value);
    return undefined;
  } catch (error) {
    expect((error as AwsError).code).toBe('SerializationException');
    return (error as AwsError).members['Message'];
  }
}

describe('reading a JSON body', () => {
  it('turns base64 into bytes', () => {
    expect(read('PutRecord', { Data: 'SGVsbG8=', PartitionKey: '1' })).toEqual({ Data: Buffer.from('Hello'), PartitionKey: '1' });
  });

  it('turns epoch seconds into a date', () => {
    expect(read('GetShardIterator', { Timestamp: 1700000000.123 })).toEqual({ Timestamp: new Date(1700000000123) });
  });

  it('cuts off what stands behind the point of a number', () => {
    expect(read('CreateStream', { ShardCount: 1.9 })).toEqual({ ShardCount: 1 });
  });

  it('takes null for absent and ignores what the shape does not have', () => {
    expect(read('PutRecord', { ExplicitHashKey: null, Unheard: 1, PartitionKey: 'a' })).toEqual({ PartitionKey: 'a' });
  });

  it.each([
    ['CreateStream', { StreamName: 5 }, 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String'],
    ['CreateStream', { StreamName: true }, 'class java.lang.Boolean can not be converted to an String'],
    ['CreateStream', { StreamName: {} }, 'Start of structure or map found where not expected.'],
    ['CreateStream', { StreamName: [] }, 'Start of list found where not expected'],
    ['CreateStream', { ShardCount: '1' }, 'class java.lang.String can not be converted to an Integer'],
    ['PutRecords', { Records: 'x' }, 'Expected list or null'],
    ['AddTagsToStream', { Tags: 'x' }, 'Expected map or null'],
    ['GetShardIterator', { Timestamp: 'x' }, 'class java.lang.String can not be converted to milliseconds since epoch'],
    ['GetShardIterator', { Timestamp: '23' }, 'class java.lang.String can not be converted to milliseconds since epoch'],
    ['PutRecord', { Data: '+/+=' }, "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected"],
    ['PutRecords', { Records: {} }, 'Start of structure or map found where not expected.'],
    [
      'PutRecord',
      { Data: 'abc' },
      "'abc' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3",
    ],
    ['PutRecord', { Data: 'ab*=' }, "'ab*=' can not be converted to a Blob: Invalid Base64 character: '*'"],
  ])('%s refuses %j in the words of AWS', (operation, value, message) => {
    expect(problemOf(operation, value)).toBe(message);
  });
});

describe('writing a JSON body', () => {
  const describeStream = shapes.get('DescribeStream')?.output;
  const getRecords = shapes.get('GetRecords')?.output;

  it('prints dates as epoch seconds with milliseconds and leaves out what is undefined', () => {
    if (!describeStream) throw new Error('no DescribeStream');
    const written = writeJson(describeStream, {
      StreamDescription: { StreamName: 'a', KeyId: undefined, StreamCreationTimestamp: new Date(1700000000123), Shards: [] },
    });
    expect(written).toEqual({ StreamDescription: { StreamName: 'a', StreamCreationTimestamp: 1700000000.123, Shards: [] } });
  });

  it('prints bytes as base64, those of a view as well', () => {
    if (!getRecords) throw new Error('no GetRecords');
    const inside = new Uint8Array(Buffer.from('xHellox')).subarray(1, 6);
    expect(writeJson(getRecords, { Records: [{ Data: inside, PartitionKey: '1', SequenceNumber: '2' }] })).toEqual({
      Records: [{ Data: 'SGVsbG8=', PartitionKey: '1', SequenceNumber: '2' }],
    });
  });

  it('keeps numbers numbers where the service counts in milliseconds', () => {
    const shape = operationShapes(logs).get('GetLogEvents')?.output;
    if (!shape) throw new Error('no GetLogEvents');
    expect(writeJson(shape, { events: [{ timestamp: 1700000000123, message: 'm' }] })).toEqual({
      events: [{ timestamp: 1700000000123, message: 'm' }],
    });
  });
});
