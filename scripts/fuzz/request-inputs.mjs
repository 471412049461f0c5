import { strToU8, zipSync } from 'fflate';
import { operationShapes } from '../../dist/sandbox/protocols/schema.js';
import { sdk, serviceNames } from '../../dist/util/sdk.js';
import { anything, numbers, texts } from './values.mjs';

/** @typedef {import('../support/random.mjs').Random} Random */
/** @typedef {{ readonly service: string, readonly name: string, readonly input: object, readonly http: readonly unknown[] | undefined, readonly constraints: object }} Target */

/** Every operation that the SDK knows of each service, and what the sandbox demands of its input. @returns {Promise<readonly Target[]>} */
export async function allOperations() {
  const lists = await Promise.all(
    serviceNames.map(async (service) => {
      const { operations } = await import(`../../dist/sandbox/${service}/operations.js`);
      const shapes = operationShapes(sdk[service].load());
      return [...shapes.values()].map(({ name, input, http }) => ({
        service,
        name,
        input,
        http,
        implemented: Object.hasOwn(operations, name),
        constraints: operations[name]?.constraints ?? {},
      }));
    }),
  );
  return lists.flat();
}

const account = '000000000000';
const arn = (service, resource) => `arn:aws:${service}:us-east-1:${account}:${resource}`;
const role = `arn:aws:iam::${account}:role/role-1`;
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com', 'firehose.amazonaws.com'], AWS: '*' }, Action: 'sts:AssumeRole' },
  ],
});
const policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const archive = Buffer.from(zipSync({ 'index.js': strToU8('exports.handler = async (event) => event;') })).toString('base64');

/** What a member of a name usually holds: enough for requests to get to where something is done, and to what others have made. */
const usual = {
  StreamName: ['orders', 'other'],
  StreamARN: [arn('kinesis', 'stream/orders')],
  ConsumerName: ['consumer-1'],
  ShardId: ['shardId-000000000000', 'shardId-000000000001'],
  ExclusiveStartShardId: ['shardId-000000000000'],
  ShardToSplit: ['shardId-000000000000'],
  ShardToMerge: ['shardId-000000000001'],
  AdjacentShardToMerge: ['shardId-000000000002'],
  NewStartingHashKey: ['170141183460469231731687303715884105728'],
  ExplicitHashKey: ['0', '340282366920938463463374607431768211455'],
  ShardIteratorType: ['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'AT_TIMESTAMP'],
  PartitionKey: ['1', 'device-7'],
  ScalingType: ['UNIFORM_SCALING'],
  StreamMode: ['PROVISIONED', 'ON_DEMAND'],
  FunctionName: ['fn-1', arn('lambda', 'function:fn-1'), 'fn-1:$LATEST'],
  Runtime: ['nodejs22.x', 'python3.13'],
  Handler: ['index.handler'],
  Role: [role],
  ZipFile: [archive],
  InvocationType: ['RequestResponse', 'Event', 'DryRun'],
  LogType: ['Tail', 'None'],
  EventSourceArn: [arn('kinesis', 'stream/orders')],
  StartingPosition: ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'],
  Pattern: ['{"data":{"a":[1]}}', '{"data":["x"]}'],
  StatementId: ['statement-1'],
  Action: ['lambda:InvokeFunction'],
  Principal: ['events.amazonaws.com'],
  SourceArn: [arn('events', 'rule/rule-1')],
  RoleName: ['role-1'],
  RoleArn: [role],
  RoleARN: [role],
  RoleSessionName: ['session'],
  PolicyName: ['policy-1'],
  PolicyArn: [`arn:aws:iam::${account}:policy/policy-1`, 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole'],
  PolicySourceArn: [role],
  PolicyDocument: [policy],
  AssumeRolePolicyDocument: [trust],
  VersionId: ['v1'],
  logGroupName: ['/aws/lambda/fn-1', 'group-1'],
  logGroupIdentifier: ['group-1'],
  logStreamName: ['stream-1'],
  filterPattern: ['"a"', '{ $.a = 1 }', '[a, b]', '%a+%', '?a -b'],
  QueueName: ['queue-1', 'queue-2'],
  QueueUrl: [`http://127.0.0.1/${account}/queue-1`],
  MessageBody: ['hello'],
  Bucket: ['bucket-1', 'bucket-2'],
  Key: ['a', 'a/b', 'é/ü'],
  CopySource: ['bucket-1/a', '/bucket-1/a%2Fb'],
  Delimiter: ['/'],
  DeliveryStreamName: ['delivery-1'],
  DeliveryStreamType: ['DirectPut', 'KinesisStreamAsSource'],
  BucketARN: ['arn:aws:s3:::bucket-1'],
  KinesisStreamARN: [arn('kinesis', 'stream/orders')],
  Name: ['rule-1'],
  Rule: ['rule-1'],
  ScheduleExpression: ['rate(1 minute)', 'cron(0 12 * * ? *)', 'rate(5 minutes)'],
  State: ['ENABLED', 'DISABLED'],
  Arn: [arn('lambda', 'function:fn-1'), arn('sqs', 'queue-1')],
  ResourceARN: [arn('kinesis', 'stream/orders'), arn('events', 'rule/rule-1')],
  Resource: [arn('lambda', 'function:fn-1')],
  resourceArn: [arn('logs', 'log-group:group-1')],
  AttributeNames: ['All'],
};

/** What is made before, and now and again, so that requests are about something that is there. */
export const furniture = [
  ['kinesis', 'CreateStream', { StreamName: 'orders', ShardCount: 2 }],
  ['kinesis', 'CreateStream', { StreamName: 'other', ShardCount: 1 }],
  ['kinesis', 'RegisterStreamConsumer', { StreamARN: arn('kinesis', 'stream/orders'), ConsumerName: 'consumer-1' }],
  ['iam', 'CreateRole', { RoleName: 'role-1', AssumeRolePolicyDocument: trust }],
  ['iam', 'PutRolePolicy', { RoleName: 'role-1', PolicyName: 'policy-1', PolicyDocument: policy }],
  ['iam', 'CreatePolicy', { PolicyName: 'policy-1', PolicyDocument: policy }],
  [
    'lambda',
    'CreateFunction',
    { FunctionName: 'fn-1', Runtime: 'nodejs22.x', Role: role, Handler: 'index.handler', Code: { ZipFile: archive } },
  ],
  ['sqs', 'CreateQueue', { QueueName: 'queue-1' }],
  ['sqs', 'CreateQueue', { QueueName: 'queue-2' }],
  ['sqs', 'SendMessage', { QueueUrl: `http://127.0.0.1/${account}/queue-1`, MessageBody: 'hello' }],
  ['s3', 'CreateBucket', { Bucket: 'bucket-1' }],
  ['s3', 'CreateBucket', { Bucket: 'bucket-2' }],
  ['s3', 'PutObject', { Bucket: 'bucket-1', Key: 'a', Body: 'hello' }],
  ['logs', 'CreateLogGroup', { logGroupName: 'group-1' }],
  ['logs', 'CreateLogStream', { logGroupName: 'group-1', logStreamName: 'stream-1' }],
  [
    'logs',
    'PutLogEvents',
    { logGroupName: 'group-1', logStreamName: 'stream-1', logEvents: [{ timestamp: Date.now(), message: '{"a":1} aaaa' }] },
  ],
  ['events', 'PutRule', { Name: 'rule-1', ScheduleExpression: 'rate(1 minute)' }],
  ['events', 'PutTargets', { Rule: 'rule-1', Targets: [{ Id: '1', Arn: arn('lambda', 'function:fn-1') }] }],
  [
    'scheduler',
    'CreateSchedule',
    {
      Name: 'schedule-1',
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: arn('sqs', 'queue-1'), RoleArn: role },
    },
  ],
  ['kinesis', 'PutRecord', { StreamName: 'orders', Data: 'aGVsbG8=', PartitionKey: '1' }],
  ['kinesis', 'GetShardIterator', { StreamName: 'orders', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' }],
  ['kinesis', 'DescribeStream', { StreamName: 'orders' }],
  [
    'firehose',
    'CreateDeliveryStream',
    { DeliveryStreamName: 'delivery-1', ExtendedS3DestinationConfiguration: { RoleARN: role, BucketARN: 'arn:aws:s3:::bucket-1' } },
  ],
  [
    'lambda',
    'CreateEventSourceMapping',
    { FunctionName: 'fn-1', EventSourceArn: arn('kinesis', 'stream/orders'), StartingPosition: 'LATEST' },
  ],
  ['lambda', 'ListEventSourceMappings', {}],
];

/** Makes inputs by the shapes of the SDK, most of them nearly right. What answers have named is used again. */
export class Inputs {
  #random;
  #seen;
  /** How often a value is one that does not fit. Without any, more is done than is refused. */
  #wrong;

  /** @param {Random} random @param {Map<string, string[]>} seen texts of earlier answers, by the name of their member */
  constructor(random, seen) {
    this.#random = random;
    this.#seen = seen;
    this.#wrong = random.pick([0, 0, 0.02, 0.1]);
  }

  /** @param {Target} target */
  of({ input, constraints }) {
    return input.isUnitSchema() ? {} : this.#structure(input, constraints, 0);
  }

  #structure(shape, constraints, depth) {
    const random = this.#random;
    const made = {};
    for (const [name, member] of shape.structIterator()) {
      const wanted = constraints?.[name]?.required || Object.hasOwn(usual, name);
      const optional = this.#wrong === 0 ? 0.08 : depth === 0 ? 0.25 : 0.4;
      if (random.chance(wanted ? 1 - this.#wrong * 2 : optional)) made[name] = this.#value(member, name, constraints?.[name], depth + 1);
    }
    if (random.chance(this.#wrong / 2)) made[random.pick(texts).slice(0, 50)] = anything(random);
    return made;
  }

  #value(shape, name, constraint, depth) {
    const random = this.#random;
    if (random.chance(this.#wrong / 2)) return anything(random);
    if (depth > 6) return undefined;
    if (shape.isStructSchema()) return this.#structure(shape, constraint?.members, depth);
    if (shape.isListSchema()) {
      const count = random.weighted([
        [8, random.between(1, 2)],
        [2, 0],
        [1, random.between(3, 12)],
        [0.1, 600],
      ]);
      return random.times(count, () => this.#value(shape.getValueSchema(), name, constraint?.each, depth + 1));
    }
    if (shape.isMapSchema()) {
      const entries = random.times(random.below(4), () => [
        random.chance(0.8) ? random.pick(['a', 'VisibilityTimeout', 'DelaySeconds', 'FifoQueue', 'RedrivePolicy']) : random.pick(texts),
        this.#value(shape.getValueSchema(), name, constraint?.each, depth + 1),
      ]);
      return Object.fromEntries(entries);
    }
    if (shape.isBlobSchema()) return this.#blob(name);
    if (shape.isTimestampSchema()) return random.pick([Date.now() / 1_000, 0, 1e12, -1, 1.5, '2026-11-21T00:00:00Z', 'now', 1e300]);
    if (shape.isBooleanSchema()) return random.chance(0.95) ? random.chance(0.5) : random.pick(['true', 'yes', 1]);
    if (shape.isNumericSchema()) return this.#number(constraint);
    return this.#text(name, constraint);
  }

  #blob(name) {
    const random = this.#random;
    if (Object.hasOwn(usual, name) && random.chance(0.7)) return random.pick(usual[name]);
    return random.weighted([
      [6, () => Buffer.from(random.pick(texts)).toString('base64')],
      [1, () => Buffer.from(random.times(random.below(64), () => random.below(256))).toString('base64')],
      [1, () => random.pick(texts)],
      [0.1, () => Buffer.alloc(random.pick([1_048_576, 1_048_577, 3_000_000]), 'x').toString('base64')],
    ])();
  }

  #number(constraint) {
    const random = this.#random;
    const { min, max } = constraint ?? {};
    const edges = [min, max].flatMap((edge) => (edge === undefined ? [] : [edge - 1, edge, edge + 1]));
    if (this.#wrong === 0) return random.pick([min ?? 1, Math.max(min ?? 1, 1), Math.min(max ?? 10, (min ?? 1) + 9)]);
    if (edges.length > 0 && random.chance(0.6)) return random.pick(edges);
    return random.chance(0.7) ? random.pick([0, 1, 2, 3, 10, 24, 100]) : random.pick(numbers);
  }

  #text(name, constraint) {
    const random = this.#random;
    const seen = this.#seen.get(name.toLowerCase()) ?? [];
    const { values = [], maxLength, minLength } = constraint ?? {};
    const strange = this.#wrong * 20;
    return random.weighted([
      [seen.length > 0 ? 6 : 0, () => random.pick(seen)],
      [Object.hasOwn(usual, name) ? 12 : 0, () => random.pick(usual[name])],
      [values.length > 0 ? 12 : 0, () => random.pick(values)],
      [strange, () => random.pick(texts)],
      [1 + strange, () => random.pick(['a', 'name-1', '1', role, policy])],
      [maxLength === undefined ? 0 : strange, () => 'x'.repeat(Math.min(70_000, maxLength + random.between(-1, 1)))],
      [minLength === undefined ? 0 : strange, () => 'x'.repeat(Math.max(0, minLength - 1))],
      [strange / 40, () => 'x'.repeat(1_000_000)],
    ])();
  }
}

/** Remembers the texts of an answer by the names of their members. @param {Map<string, string[]>} seen */
export function remember(answer, seen, name = '') {
  if (typeof answer === 'string') {
    if (answer.length > 2_000) return;
    const list = seen.get(name.toLowerCase()) ?? [];
    if (!list.includes(answer)) seen.set(name.toLowerCase(), [...list.slice(-9), answer]);
    // What is called an iterator or a token goes into the member that is called so, too.
    if (name.startsWith('Next') && name.length > 4) remember(answer, seen, name.slice(4));
  } else if (Array.isArray(answer)) for (const each of answer.slice(0, 20)) remember(each, seen, name);
  else if (answer !== null && typeof answer === 'object') for (const [key, value] of Object.entries(answer)) remember(value, seen, key);
}
