/** A value of a request: as it is, bytes of a text, or what an earlier step was answered. */
type Value = unknown;

/** One step of a script of calls of Kinesis, which the AWS CLI, boto3 and the SDK for JavaScript play alike. */
export type CallStep = {
  /** What the step is called, for those that come after it. */
  readonly name: string;
  /** As in the AWS documentation: `CreateStream`. Of a waiter: what it waits for. */
  readonly operation: string;
  /** `{ text }` stands for the bytes of a text, `{ answer, path }` for what lies there in the answer of a step. */
  readonly input: Readonly<Record<string, Value>>;
} & (
  | { readonly kind: 'call' }
  /** Calls until a value is there. */
  | { readonly kind: 'poll'; readonly path: readonly string[]; readonly value: string }
  /** All pages, of one element each, as the player's own paginator brings them. */
  | { readonly kind: 'pages'; readonly members: readonly string[] }
  /** The player's own waiter. */
  | { readonly kind: 'wait' }
  /** The first event of an event stream, which no AWS CLI can hear. */
  | { readonly kind: 'event' }
);

const StreamName = 'orders';
const stream = { StreamName };
const StreamARN = { answer: 'summary', path: ['StreamDescriptionSummary', 'StreamARN'] };
const ConsumerARN = { answer: 'consumer', path: ['Consumer', 'ConsumerARN'] };
const zero = 'shardId-000000000000';

function call(name: string, operation: string, input: CallStep['input'] = stream): CallStep {
  return { kind: 'call', name, operation, input };
}

function wait(name: string, operation: 'StreamExists' | 'StreamNotExists', input: CallStep['input'] = stream): CallStep {
  return { kind: 'wait', name, operation, input };
}

function active(name: string, arn: Value): CallStep {
  const path = ['ConsumerDescription', 'ConsumerStatus'];
  return {
    kind: 'poll',
    name: `${name} is active`,
    operation: 'DescribeStreamConsumer',
    input: { ConsumerARN: arn },
    path,
    value: 'ACTIVE',
  };
}

/** From the first stream to the last, with what is refused on the way. */
export const callScript: readonly CallStep[] = [
  call('created', 'CreateStream', { ...stream, ShardCount: 2, Tags: { stage: 'test' } }),
  wait('exists', 'StreamExists'),
  call('summary', 'DescribeStreamSummary'),
  call('taken', 'CreateStream', { ...stream, ShardCount: 1 }),
  call('tagged', 'AddTagsToStream', { ...stream, Tags: { team: 'risk', 'with blank': 'ü' } }),
  call('tags', 'ListTagsForStream', { ...stream, Limit: 2 }),
  call('one', 'PutRecord', { ...stream, PartitionKey: 'test', Data: { text: 'Grüße' } }),
  call('two', 'PutRecord', { ...stream, PartitionKey: 'x', ExplicitHashKey: '0', Data: { text: 'two' } }),
  call('batch', 'PutRecords', {
    ...stream,
    Records: [
      { PartitionKey: 'test', Data: { text: 'three' } },
      { PartitionKey: '1', Data: { text: 'four' } },
    ],
  }),
  call('start', 'GetShardIterator', { ...stream, ShardId: zero, ShardIteratorType: 'TRIM_HORIZON' }),
  call('first', 'GetRecords', { ShardIterator: { answer: 'start', path: ['ShardIterator'] }, Limit: 2 }),
  call('rest', 'GetRecords', { ShardIterator: { answer: 'first', path: ['NextShardIterator'] } }),
  call('after', 'GetShardIterator', {
    ...stream,
    ShardId: zero,
    ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
    StartingSequenceNumber: { answer: 'two', path: ['SequenceNumber'] },
  }),
  call('after two', 'GetRecords', { ShardIterator: { answer: 'after', path: ['ShardIterator'] } }),
  call('no iterator', 'GetRecords', { ShardIterator: 'garbage' }),
  call('no stream', 'DescribeStream', { StreamName: 'nowhere' }),
  call('too much', 'DescribeStream', { ...stream, Limit: 10_001 }),
  call('beyond', 'PutRecord', {
    ...stream,
    PartitionKey: 'x',
    ExplicitHashKey: '340282366920938463463374607431768211456',
    Data: { text: '' },
  }),
  call('second', 'CreateStream', { StreamName: 'payments', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
  wait('second exists', 'StreamExists', { StreamName: 'payments' }),
  { kind: 'pages', name: 'streams', operation: 'ListStreams', input: {}, members: ['StreamNames', 'StreamSummaries'] },
  call('split', 'SplitShard', { ...stream, ShardToSplit: zero, NewStartingHashKey: '1000' }),
  wait('split exists', 'StreamExists'),
  // A page after the first takes no name of a stream, which the paginators of boto3 and the AWS CLI send all the same.
  call('shards', 'ListShards', { ...stream, MaxResults: 3 }),
  call('last shard', 'ListShards', { NextToken: { answer: 'shards', path: ['NextToken'] } }),
  call('consumer', 'RegisterStreamConsumer', { StreamARN, ConsumerName: 'audit' }),
  active('audit', ConsumerARN),
  call('second consumer', 'RegisterStreamConsumer', { StreamARN, ConsumerName: 'billing' }),
  active('billing', { answer: 'second consumer', path: ['Consumer', 'ConsumerARN'] }),
  { kind: 'pages', name: 'consumers', operation: 'ListStreamConsumers', input: { StreamARN }, members: ['Consumers'] },
  {
    kind: 'event',
    name: 'pushed',
    operation: 'SubscribeToShard',
    input: { ConsumerARN, ShardId: zero, StartingPosition: { Type: 'TRIM_HORIZON' } },
  },
  call('longer', 'IncreaseStreamRetentionPeriod', { ...stream, RetentionPeriodHours: 48 }),
  wait('longer exists', 'StreamExists'),
  call('deleted', 'DeleteStream', { ...stream, EnforceConsumerDeletion: true }),
  wait('gone', 'StreamNotExists'),
  call('nothing', 'DescribeStreamSummary'),
];
