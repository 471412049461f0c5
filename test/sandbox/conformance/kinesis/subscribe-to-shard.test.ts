import {
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
  type SubscribeToShardInput,
} from '@aws-sdk/client-kinesis';
import { beforeAll, describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { texts } from '../../../support/stream-use.ts';
import { consumerArn, emptyName, invalid, like, notNull, oneOf, sequenceNumber } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();
const zero = 'shardId-000000000000';
let StreamName: string;
let ConsumerARN: string;

beforeAll(async () => {
  StreamName = await kinesis.stream();
  ConsumerARN = await kinesis.consumer(kinesis.arn(StreamName), 'reader');
});

const latest: StartingPosition = { Type: 'LATEST' };

function subscribe(input: Partial<SubscribeToShardInput>) {
  return kinesis.client.send(new SubscribeToShardCommand({ ConsumerARN, ShardId: zero, StartingPosition: latest, ...input }));
}

function failure(input: Partial<SubscribeToShardInput>) {
  return failureOf(subscribe(input));
}

/** The events of a subscription, until somebody stops to listen. */
async function* events(input: Partial<SubscribeToShardInput>): AsyncGenerator<SubscribeToShardEvent> {
  const { EventStream = [] } = await subscribe(input);
  for await (const { SubscribeToShardEvent: event } of EventStream) if (event) yield event;
}

describe('SubscribeToShard: serialization', () => {
  readsTypes(kinesis, 'SubscribeToShard', {
    ConsumerARN: 'a String',
    StreamId: 'a String',
    ShardId: 'a String',
    StartingPosition: 'a Structure',
    'StartingPosition.Type': 'a String',
    'StartingPosition.SequenceNumber': 'a String',
    'StartingPosition.Timestamp': 'a Timestamp',
    DryRun: 'a Boolean',
  });
});

describe('SubscribeToShard: validation', () => {
  it('needs a consumer, a shard and a position', async () => {
    expect(await failure({ ConsumerARN: undefined, ShardId: undefined, StartingPosition: undefined })).toEqual(
      invalid(['consumerARN', null, notNull], ['shardId', null, notNull], ['startingPosition', null, notNull]),
    );
  });

  it('reports all values that break their constraints', async () => {
    const Type = 'OLDEST' as 'LATEST';
    expect(await failure({ ConsumerARN: 'consumer', ShardId: '', StartingPosition: { Type, SequenceNumber: '01' } })).toEqual(
      invalid(
        ['consumerARN', 'consumer', like(consumerArn)],
        ...emptyName('shardId'),
        ['startingPosition.type', 'OLDEST', oneOf('AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON')],
        ['startingPosition.sequenceNumber', '01', like(sequenceNumber)],
      ),
    );
  });

  it.each([
    ['a consumer that is not there', { ConsumerARN: 'nobody' }, 'ResourceNotFoundException'],
    ['a shard that is not there', { ShardId: 'shardId-000000000009' }, 'ResourceNotFoundException'],
    ['a number of no shard', { StartingPosition: { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: '1' } }, 'InvalidArgumentException'],
    ['a number that is not there', { StartingPosition: { Type: 'AFTER_SEQUENCE_NUMBER' } }, 'InvalidArgumentException'],
    ['a time that is not there', { StartingPosition: { Type: 'AT_TIMESTAMP' } }, 'InvalidArgumentException'],
    ['what was only to be tried', { DryRun: true }, 'DryRunOperationException'],
  ] as const)('refuses %s', async (_, wrong, name) => {
    const nobody = 'ConsumerARN' in wrong ? { ConsumerARN: ConsumerARN.replace('consumer/reader', 'consumer/nobody') } : {};
    expect((await failure({ ...wrong, ...nobody })).name).toBe(name);
  });
});

describe('SubscribeToShard: behaviour', () => {
  it('pushes what is there and each record as it arrives; refuses a second call within five seconds', async () => {
    const { SequenceNumber } = await kinesis.put(StreamName, 'one');
    const heard: string[] = [];
    for await (const event of events({ StartingPosition: { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber } })) {
      if (heard.length === 0) expect((await failure({})).name).toBe('ResourceInUseException');
      heard.push(...texts(event));
      if (heard.length === 1) await kinesis.put(StreamName, 'two');
      if (heard.length > 1) break;
      expect(event.ContinuationSequenceNumber).toMatch(/^49\d{54}$/);
    }
    expect(heard).toEqual(['one', 'two']);
  });
});
