import { z } from 'zod';
import { apiCall } from '../../aws/api-call.ts';
import { ApiError, type Aws, orAbsent } from '../../aws/aws.ts';
import type { InputOf } from '../../util/sdk.ts';
import { byHand, compared, looked, missing } from '../finding.ts';
import { defineResource } from '../resource.ts';
import { defineStep, type Mutation, type StepContext } from '../step.ts';
import { getQueueUrl, urlOf } from './queue-call.ts';

// The name of a queue that was deleted is free again after a minute, and so long the deletion itself may take (SQS API reference).
const nameTimeoutMs = 90_000;
const goneTimeoutMs = 120_000;
// AWS takes up to a minute to show changed attributes, and longer for the retention (API reference of SetQueueAttributes).
const changeTimeoutMs = 60_000;

const schema = z.strictObject({
  name: z
    .string()
    .regex(/^[\w-]{1,80}$/, 'has to be 1 to 80 letters, digits, - and _')
    .describe('Name of the queue. It is a standard queue.'),
  'visibility-timeout': z
    .int()
    .min(0)
    .max(43_200)
    .optional()
    .describe('Seconds for which a message that was received is hidden from others. SQS takes 30 when this is left out.'),
  retention: z
    .int()
    .min(60)
    .max(1_209_600)
    .optional()
    .describe('Seconds for which messages are kept. SQS takes 345600, four days, when this is left out.'),
});
type Input = z.output<typeof schema>;
type Named = Pick<Input, 'name'>;

/** The attributes that the step asks for, with their names in the API and what they are called in findings. */
function attributes(input: Input): readonly Attribute[] {
  const all = [
    { name: 'VisibilityTimeout', fact: 'visibility timeout in seconds', value: input['visibility-timeout'], other: 31 },
    { name: 'MessageRetentionPeriod', fact: 'retention in seconds', value: input.retention, other: 120 },
  ] as const;
  return all.flatMap(({ value, other, ...rest }) => (value === undefined ? [] : [{ ...rest, value, other: value === other ? 60 : other }]));
}

interface Attribute {
  readonly name: 'VisibilityTimeout' | 'MessageRetentionPeriod';
  readonly fact: string;
  readonly value: number;
  /** Another value that SQS takes. */
  readonly other: number;
}

function texts(wanted: readonly Pick<Attribute, 'name' | 'value'>[]): NonNullable<InputOf<'sqs', 'SetQueueAttributes'>['Attributes']> {
  return Object.fromEntries(wanted.map(({ name, value }) => [name, String(value)]));
}

const createQueue = (input: Input) => {
  const wanted = attributes(input);
  return apiCall('sqs', 'CreateQueue', { QueueName: input.name, ...(wanted.length === 0 ? {} : { Attributes: texts(wanted) }) });
};
const getAttributes = ({ name }: Named) =>
  apiCall('sqs', 'GetQueueAttributes', {
    QueueUrl: urlOf(name),
    AttributeNames: ['QueueArn', 'VisibilityTimeout', 'MessageRetentionPeriod'],
  });
const setAttributes = ({ name }: Named, wanted: readonly Pick<Attribute, 'name' | 'value'>[]) =>
  apiCall('sqs', 'SetQueueAttributes', { QueueUrl: urlOf(name), Attributes: texts(wanted) });

const queueResource = defineResource({
  type: 'sqs:queue',
  noun: 'queue',
  all: {
    call: apiCall('sqs', 'ListQueues', { MaxResults: 1_000 }),
    query: "QueueUrls[].split(@, '/')[-1]",
    pages: { request: 'NextToken', answer: 'NextToken' },
  },
  tags: (name) => ({ call: apiCall('sqs', 'ListQueueTags', { QueueUrl: urlOf(name) }), query: 'Tags' }),
  removal: (name) => ({
    calls: [{ call: () => apiCall('sqs', 'DeleteQueue', { QueueUrl: urlOf(name) }) }],
    left: { call: getQueueUrl(name), query: 'QueueUrl' },
    timeoutMs: goneTimeoutMs,
  }),
});

export const queue = defineStep({
  summary: 'Creates an SQS queue, with the attributes that are asked for.',
  input: schema,
  outputs: {
    arn: {
      what: 'ARN of the queue',
      example: 'arn:aws:sqs:us-east-1:123456789012:failed-records',
      call: getAttributes,
      query: 'Attributes.QueueArn',
    },
    url: {
      what: 'URL of the queue, which the API calls it by',
      example: 'https://sqs.us-east-1.amazonaws.com/123456789012/failed-records',
      call: ({ name }) => getQueueUrl(name),
      query: 'QueueUrl',
    },
  },
  examples: [{ name: 'failed-records' }, { name: 'failed-records', 'visibility-timeout': 60, retention: 86_400 }],
  resources: [queueResource],
  owns: ({ name }) => [{ type: 'sqs:queue', id: name }],
  explain: (input) => [createQueue(input), getAttributes(input)],
  shows: getAttributes,
  async apply(input, context) {
    if ((await observed(input, context.aws)) === undefined) await create(input, context);
    const found = await observed(input, context.aws);
    const different = attributes(input).filter(({ name, value }) => found?.[name] !== String(value));
    if (different.length > 0) await change(input, different, context);
  },
  async check(input, { aws }) {
    const found = await observed(input, aws);
    const fact = `queue ${input.name}`;
    if (found === undefined) return [missing(fact, 'a queue', 'there is none', `Create it: ${byHand(createQueue(input))}`)];
    return [
      looked(fact, true, 'a queue', 'a queue', ''),
      ...attributes(input).map((attribute) =>
        compared(
          `${attribute.fact} of ${input.name}`,
          String(attribute.value),
          found[attribute.name],
          `Change it, and give it a minute: ${byHand(setAttributes(input, [attribute]))}`,
        ),
      ),
    ];
  },
  mutations: (input) =>
    attributes(input).map(({ name, fact, other }): Mutation => {
      const apply = (context: StepContext) => change(input, [{ name, value: other }], context);
      return { name: `the ${fact} of ${input.name} is changed`, when: 'afterwards', apply };
    }),
});

/** The attributes of the queue, or `undefined` when there is none. */
async function observed(input: Named, aws: Aws) {
  const answer = await orAbsent(aws.call(getAttributes(input)));
  return answer && (answer.Attributes ?? {});
}

async function create(input: Input, { aws, wait }: StepContext): Promise<void> {
  await wait({ what: `the name ${input.name} to be free again`, timeoutMs: nameTimeoutMs, intervalMs: 2_000 }, async () => {
    try {
      return await aws.call(createQueue(input));
    } catch (error) {
      if (error instanceof ApiError && /QueueDeletedRecently/.test(error.code)) return undefined;
      throw error;
    }
  });
}

/** Changes attributes, and waits until SQS shows it. */
async function change(input: Named, wanted: readonly Pick<Attribute, 'name' | 'value'>[], { aws, wait }: StepContext): Promise<void> {
  await aws.call(setAttributes(input, wanted));
  await wait({ what: `the queue ${input.name} to change`, timeoutMs: changeTimeoutMs }, async () => {
    const found = await observed(input, aws);
    return wanted.every(({ name, value }) => found?.[name] === String(value)) ? true : undefined;
  });
}
