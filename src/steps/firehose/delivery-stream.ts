import { z } from 'zod';
import { apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent, orDone } from '../../aws/aws.ts';
import type { InputOf } from '../../util/sdk.ts';
import { type Advice, advised, cannotBecome, inTime } from '../advice.ts';
import { byHand, compared, missing } from '../finding.ts';
import { type Removal, removed } from '../removal.ts';
import { defineResource, type ResourceContext } from '../resource.ts';
import { defineStep, type Finding, type Mutation } from '../step.ts';

// About 20 seconds each as a rule (Firehose Developer Guide).
const activeTimeoutMs = 180_000;
const goneTimeoutMs = 180_000;
// A delivery stream has no more tags than that (API reference of TagDeliveryStream).
const mostTags = 50;

const schema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9_.-]{1,64}$/, 'has to be 1 to 64 letters, digits, _ . and -')
    .describe('Name of the delivery stream.'),
  stream: z
    .string()
    .regex(/^arn:[\w-]+:kinesis:[\w-]+:\d{12}:stream\/[\w.-]+$/, 'has to be the ARN of a stream')
    .describe('ARN of the Kinesis data stream that is read, from the moment on at which the delivery stream is created.'),
  role: z
    .string()
    .regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, 'has to be the ARN of a role')
    .describe('ARN of the role in whose name Firehose reads and delivers.'),
  bucket: z
    .string()
    .regex(/^arn:[\w-]+:s3:::.+$/, 'has to be the ARN of a bucket')
    .describe('ARN of the bucket that is delivered to.'),
  prefix: z.string().min(1).max(1024).optional().describe('What the keys of objects begin with, in front of the time.'),
  buffering: z
    .strictObject({
      seconds: z.int().min(0).max(900).describe('For how long records are collected.'),
      megabytes: z.int().min(1).max(128).describe('How many megabytes of them are delivered even before.'),
    })
    .optional()
    .describe('When an object is written: as soon as either is reached. Firehose takes 300 seconds and 5 MB when this is left out.'),
  compression: z.enum(['UNCOMPRESSED', 'GZIP']).optional().describe('How objects are packed. Firehose does not when this is left out.'),
});
type Input = z.output<typeof schema>;
type Named = Pick<Input, 'name'>;
type Described = NonNullable<Awaited<ReturnType<typeof describe>>>;
type Change = NonNullable<InputOf<'firehose', 'UpdateDestination'>['ExtendedS3DestinationUpdate']>;

// The members of a destination, and what they are called in findings.
const facts = {
  RoleARN: 'role',
  BucketARN: 'bucket',
  Prefix: 'prefix',
  BufferingHints: 'buffering',
  CompressionFormat: 'compression',
} as const;
type Member = keyof typeof facts;

/** What the step asks for of the destination; all of it can be changed later. */
function destination({ role, bucket, prefix, buffering, compression }: Input) {
  return {
    RoleARN: role,
    BucketARN: bucket,
    ...(prefix === undefined ? {} : { Prefix: prefix }),
    ...(buffering === undefined ? {} : { BufferingHints: { SizeInMBs: buffering.megabytes, IntervalInSeconds: buffering.seconds } }),
    ...(compression === undefined ? {} : { CompressionFormat: compression }),
  };
}

const createDeliveryStream = (input: Input) =>
  apiCall('firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: input.name,
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: { KinesisStreamARN: input.stream, RoleARN: input.role },
    ExtendedS3DestinationConfiguration: destination(input),
  });
const describeDeliveryStream = ({ name }: Named) => apiCall('firehose', 'DescribeDeliveryStream', { DeliveryStreamName: name });
const deleteDeliveryStream = ({ name }: Named) => apiCall('firehose', 'DeleteDeliveryStream', { DeliveryStreamName: name });
const updateDestination = ({ name }: Named, { VersionId, Destinations = [] }: Described, change: Change) =>
  apiCall('firehose', 'UpdateDestination', {
    DeliveryStreamName: name,
    CurrentDeliveryStreamVersionId: VersionId,
    DestinationId: Destinations[0]?.DestinationId,
    ExtendedS3DestinationUpdate: change,
  });

const deliveryStreamResource = defineResource({
  type: 'firehose:delivery-stream',
  noun: 'delivery stream',
  // One page holds more than an account can have.
  all: { call: apiCall('firehose', 'ListDeliveryStreams', { Limit: 10_000 }), query: 'DeliveryStreamNames' },
  tags: (name) => ({
    call: apiCall('firehose', 'ListTagsForDeliveryStream', { DeliveryStreamName: name, Limit: mostTags }),
    query: 'Tags',
  }),
  async exists(name, { aws }) {
    const described = await describe({ name }, aws);
    return described !== undefined && described.DeliveryStreamStatus !== 'DELETING';
  },
  removal,
});

function removal(name: string): Removal {
  return {
    calls: [{ call: () => deleteDeliveryStream({ name }) }],
    left: { call: describeDeliveryStream({ name }), query: 'DeliveryStreamDescription.DeliveryStreamName' },
    timeoutMs: goneTimeoutMs,
  };
}

const example = {
  name: 'TelemetryToS3',
  stream: 'arn:aws:kinesis:us-east-1:123456789012:stream/lambda-cli-stream',
  role: 'arn:aws:iam::123456789012:role/firehose-role',
  bucket: 'arn:aws:s3:::telemetry-k3f9z2',
} as const;

export const deliveryStream = defineStep({
  summary: 'Makes Amazon Data Firehose deliver what is put into a Kinesis data stream to an S3 bucket.',
  input: schema,
  outputs: {
    arn: {
      what: 'ARN of the delivery stream',
      example: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/TelemetryToS3',
      call: describeDeliveryStream,
      query: 'DeliveryStreamDescription.DeliveryStreamARN',
    },
    name: {
      what: 'name of the delivery stream',
      example: 'TelemetryToS3',
      call: describeDeliveryStream,
      query: 'DeliveryStreamDescription.DeliveryStreamName',
    },
    status: {
      what: 'status of the delivery stream',
      example: 'ACTIVE',
      call: describeDeliveryStream,
      query: 'DeliveryStreamDescription.DeliveryStreamStatus',
    },
  },
  examples: [example, { ...example, prefix: 'telemetry/', buffering: { seconds: 60, megabytes: 1 }, compression: 'GZIP' }],
  resources: [deliveryStreamResource],
  owns: ({ name }) => [{ type: 'firehose:delivery-stream', id: name }],
  explain: (input) => [createDeliveryStream(input), describeDeliveryStream(input)],
  awaits: (input) => [
    {
      what: activeText(input),
      call: describeDeliveryStream(input),
      query: "DeliveryStreamDescription.DeliveryStreamStatus == 'ACTIVE'",
      withinMs: [activeTimeoutMs],
    },
  ],
  shows: describeDeliveryStream,
  async apply(input, context) {
    const { aws } = context;
    let there = await describe(input, aws);
    if (there?.DeliveryStreamStatus === 'DELETING') {
      await removed(removal(input.name), `the delivery stream ${input.name}`, context);
      there = undefined;
    }
    if (there === undefined) await advised(orDone(aws.call(createDeliveryStream(input))), advice(input));
    const ready = await settled(input, context);
    const source = sourceOf(ready);
    if (source?.KinesisStreamARN !== input.stream || source.RoleARN !== input.role || ready.DeliveryStreamStatus !== 'ACTIVE') {
      throw cannotBecome(
        `The delivery stream ${input.name} is ${ready.DeliveryStreamStatus}, and reads ${source?.KinesisStreamARN ?? 'no stream'} as ${source?.RoleARN ?? 'nobody'}, which cannot be changed.`,
        `Delete it, and run the step again: ${byHand(deleteDeliveryStream(input))}`,
      );
    }
    if (settings(input, ready).some(({ ok }) => !ok))
      await advised(orDone(aws.call(updateDestination(input, ready, destination(input)))), advice(input));
  },
  async check(input, context) {
    const { name, stream, role } = input;
    const there = await describe(input, context.aws);
    if (there === undefined || there.DeliveryStreamStatus === 'DELETING') {
      const observed = there === undefined ? 'there is none' : 'one that is being deleted';
      return [missing(`delivery stream ${name}`, 'a delivery stream', observed, `Create it: ${byHand(createDeliveryStream(input))}`)];
    }
    const found = (await inTime(settled(input, context))) ?? there;
    const source = sourceOf(found);
    const anew = `It cannot be changed. Delete it: ${byHand(deleteDeliveryStream(input))}, and create it again: ${byHand(createDeliveryStream(input))}`;
    return [
      compared(
        `status of ${name}`,
        'ACTIVE',
        found.DeliveryStreamStatus,
        `A new delivery stream takes about 20 seconds. If it has failed (${found.FailureDescription?.Details ?? 'no reason is given'}), delete it and create it again.`,
      ),
      compared(`source of ${name}`, stream, source?.KinesisStreamARN, anew),
      ...(source === undefined ? [] : [compared(`role for the source of ${name}`, role, source.RoleARN, anew)]),
      ...settings(input, found),
    ];
  },
  mutations: (input) => [...otherDestinations(input), withoutSource(input)],
});

/** Completes the sentence "waiting for …". */
function activeText({ name }: Named): string {
  return `the delivery stream ${name} to become ACTIVE`;
}

async function describe(named: Named, aws: Aws) {
  return (await orAbsent(aws.call(describeDeliveryStream(named))))?.DeliveryStreamDescription;
}

/** Waits until the delivery stream is not being created any more. */
async function settled(named: Named, { aws, wait }: ResourceContext): Promise<Described> {
  return wait({ what: activeText(named), timeoutMs: activeTimeoutMs }, async () => {
    const described = await describe(named, aws);
    return described?.DeliveryStreamStatus === 'CREATING' ? undefined : described;
  });
}

function sourceOf({ Source }: Described) {
  return Source?.KinesisStreamSourceDescription;
}

function settings(input: Input, described: Described): Finding[] {
  const wanted = destination(input);
  const found = described.Destinations?.[0]?.ExtendedS3DestinationDescription;
  const hint = `Change it: ${byHand(updateDestination(input, described, wanted))}`;
  return asked(input).map((member) => compared(`${facts[member]} of ${input.name}`, wanted[member], found?.[member], hint));
}

function asked(input: Input): readonly Member[] {
  return Object.keys(destination(input)) as Member[];
}

/** The destination, changed after it was made. */
function otherDestinations(input: Input): readonly Mutation[] {
  const { name, bucket, prefix, buffering, compression } = input;
  const others = {
    BucketARN: `${bucket}-elsewhere`,
    Prefix: `other-${prefix}`,
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: buffering?.seconds === 900 ? 600 : 900 },
    CompressionFormat: compression === 'GZIP' ? 'UNCOMPRESSED' : 'GZIP',
  } as const;
  return asked(input).flatMap((member): Mutation[] => {
    if (member === 'RoleARN') return [];
    return [
      {
        name: `the ${facts[member]} of ${name} is changed`,
        when: 'afterwards',
        async apply(context) {
          const described = await settled(input, context);
          await context.aws.call(updateDestination(input, described, { [member]: others[member] }));
        },
      },
    ];
  });
}

function withoutSource(input: Input): Mutation {
  return {
    name: `${input.name} takes records by PutRecord instead of reading the stream`,
    when: 'instead',
    async apply(context) {
      const call = apiCall('firehose', 'CreateDeliveryStream', {
        DeliveryStreamName: input.name,
        DeliveryStreamType: 'DirectPut',
        ExtendedS3DestinationConfiguration: destination(input),
      });
      await context.aws.call(call);
      await settled(input, context);
    },
  };
}

/** What Firehose refuses about a delivery stream, and what to do (Firehose Developer Guide). */
function advice({ role, stream }: Input): readonly Advice[] {
  const code = 'InvalidArgumentException';
  return [
    {
      code,
      text: 'unable to assume role',
      hint: `The trust policy of ${role} has to name firehose.amazonaws.com. A role that has just been written may need a minute.`,
    },
    {
      code,
      text: 'is not authorized to perform: kinesis:DescribeStream',
      hint: `Firehose looks at the stream as ${role}. Let a policy of the role allow kinesis:DescribeStream on ${stream}; DescribeStreamSummary is not enough.`,
    },
    { code: 'LimitExceededException', hint: 'The account has as many delivery streams as it may. Delete one that nobody needs.' },
  ];
}
