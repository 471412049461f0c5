import { z } from 'zod';
import { apiCall } from '../../aws/api-call.ts';
import { orAbsent, orDone } from '../../aws/aws.ts';
import type { InputOf, OutputOf } from '../../util/sdk.ts';
import { type Advice, advised, cannotBecome, inTime } from '../advice.ts';
import { byHand, compared, missing } from '../finding.ts';
import { removed } from '../removal.ts';
import type { ResourceContext } from '../resource.ts';
import { defineStep, type Finding, type Mutation } from '../step.ts';
import { mappingOptionFields, mappingOptions, together } from './mapping-options.ts';
import { probeOf, probeSchema } from './mapping-probe.ts';
import { mappingResource } from './mapping-resource.ts';

// Enabled within half a minute as a rule, updates take up to 90 seconds (Lambda Developer Guide, "Polling and stream starting positions").
const enabledTimeoutMs = 180_000;

const fields = z.strictObject({
  function: z.string().min(1).max(64).describe('Name of the function that is invoked.'),
  stream: z
    .string()
    .regex(/^arn:[\w-]+:kinesis:[\w-]+:\d{12}:stream\/[\w.-]+$/, 'has to be the ARN of a stream')
    .describe('ARN of the stream that is read.'),
  'starting-position': z
    .enum(['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'])
    .describe('Where reading begins: at the oldest record, at what arrives after polling has begun, or at a time.'),
  'starting-timestamp': z.iso.datetime({ offset: true }).optional().describe('For AT_TIMESTAMP: a time like 2026-01-31T12:00:00Z.'),
  ...mappingOptionFields,
  probe: probeSchema.optional(),
});
const schema = fields.superRefine((input, context) => {
  const issue = (message: string) => context.addIssue({ code: 'custom', path: ['starting-timestamp'], message });
  const atTime = input['starting-position'] === 'AT_TIMESTAMP';
  if (atTime && input['starting-timestamp'] === undefined) issue('AT_TIMESTAMP needs a time');
  if (!atTime && input['starting-timestamp'] !== undefined) issue(`${input['starting-position']} takes no time`);
});
type Input = z.output<typeof schema>;
type Mapping = NonNullable<OutputOf<'lambda', 'ListEventSourceMappings'>['EventSourceMappings']>[number];

const enabledText = (input: Input): string => `the event-source mapping of ${input.function} to become Enabled`;
const listMappings = ({ function: name, stream }: Input) =>
  apiCall('lambda', 'ListEventSourceMappings', { FunctionName: name, EventSourceArn: stream });
const createMapping = (input: Input) =>
  apiCall('lambda', 'CreateEventSourceMapping', {
    FunctionName: input.function,
    EventSourceArn: input.stream,
    ...together(mappingOptions(input)),
    StartingPosition: input['starting-position'],
    ...(input['starting-timestamp'] === undefined ? {} : { StartingPositionTimestamp: new Date(input['starting-timestamp']) }),
  });
const updateMapping = (input: Input, { UUID = '' }: Mapping) =>
  apiCall('lambda', 'UpdateEventSourceMapping', { UUID, ...together(mappingOptions(input)), Enabled: true });
const deleteMapping = ({ UUID = '' }: Mapping) => apiCall('lambda', 'DeleteEventSourceMapping', { UUID });

const idOf = ({ function: name, stream }: Input): string => `${name} ${stream}`;

export const eventSourceMapping = defineStep({
  summary: 'Makes Lambda poll a Kinesis data stream and invoke a function with its records.',
  input: schema,
  outputs: {
    uuid: {
      what: 'UUID of the mapping',
      example: '0f6f5d0c-4b7e-4c8e-9f0a-2d1b3c4d5e6f',
      call: listMappings,
      query: 'EventSourceMappings[0].UUID',
    },
    state: { what: 'state of the mapping', example: 'Enabled', call: listMappings, query: 'EventSourceMappings[0].State' },
  },
  examples: [
    {
      function: 'kinesisEventLogger',
      stream: 'arn:aws:kinesis:us-east-1:123456789012:stream/lambda-cli-stream',
      'batch-size': 1,
      'starting-position': 'LATEST',
      probe: { data: 'Probe ${{ learner.nonce }}' },
    },
    {
      function: 'kinesisEventLogger',
      stream: 'arn:aws:kinesis:us-east-1:123456789012:stream/lambda-cli-stream',
      'batch-size': 50,
      'batching-window': 1,
      'parallelization-factor': 2,
      'maximum-retry-attempts': 2,
      'bisect-on-error': true,
      'maximum-record-age': 3_600,
      'report-batch-item-failures': true,
      'on-failure': 'arn:aws:sqs:us-east-1:123456789012:failed-records',
      'starting-position': 'TRIM_HORIZON',
    },
  ],
  resources: [mappingResource],
  owns: (input) => [{ type: 'lambda:event-source-mapping', id: idOf(input) }],
  explain: (input) => [createMapping(input), listMappings(input)],
  awaits: (input) => [
    {
      what: enabledText(input),
      call: listMappings(input),
      query: "EventSourceMappings[0].State == 'Enabled'",
      withinMs: [enabledTimeoutMs],
    },
  ],
  shows: listMappings,
  async apply(input, context) {
    const { aws } = context;
    const name = input.function;
    let mapping = await find(input, context);
    if (mapping?.State === 'Deleting') {
      await removed(mappingResource.removal(idOf(input)), `the event-source mapping of ${name}`, context);
      mapping = undefined;
    }
    if (mapping === undefined) {
      await advised(orDone(aws.call(createMapping(input))), advice(input));
      await enabled(input, context);
      return;
    }
    if (startOf(mapping) !== wantedStart(input)) {
      throw cannotBecome(
        `The stream is mapped to ${name} from ${startOf(mapping)} on instead of ${wantedStart(input)}, which cannot be changed.`,
        `Delete the mapping, and run the step again: ${byHand(deleteMapping(mapping))}`,
      );
    }
    const settled = await settle(input, context);
    if (settled.State !== 'Enabled' || settings(input, settled).some(({ ok }) => !ok)) {
      await advised(orDone(aws.call(updateMapping(input, settled))), advice(input));
      await enabled(input, context);
    }
  },
  async check(input, context) {
    const there = await find(input, context);
    if (there === undefined || there.State === 'Deleting') return [absentFinding(input, there)];
    const found = (await inTime(settle(input, context))) ?? there;
    return [
      stateFinding(input, found),
      compared(
        `starting position of the mapping of ${input.function}`,
        wantedStart(input),
        startOf(found),
        `It cannot be changed. Delete the mapping and create it again: ${byHand(deleteMapping(found))}`,
      ),
      ...settings(input, found),
    ];
  },
  probe(input) {
    const { function: name, stream, probe, 'batching-window': window = 0 } = input;
    if (probe === undefined) return undefined;
    return {
      ...probeOf({ function: name, stream, windowMs: window * 1_000 }, probe),
      async obstacle(context) {
        const there = await find(input, context);
        if (there === undefined || there.State === 'Deleting') return absentFinding(input, there);
        const state = stateFinding(input, there);
        return state.ok ? undefined : state;
      },
    };
  },
  mutations(input) {
    const position = input['starting-position'] === 'LATEST' ? 'TRIM_HORIZON' : 'LATEST';
    return [
      otherwise(`the mapping of ${input.function} is disabled`, input, { Enabled: false }),
      ...mappingOptions(input).map((option) =>
        otherwise(`the ${option.fact} of the mapping of ${input.function} is changed`, input, option.otherwise),
      ),
      {
        name: `the mapping of ${input.function} starts at ${position} instead of ${input['starting-position']}`,
        when: 'instead',
        async apply(context) {
          await context.aws.call(createMapping({ ...input, 'starting-position': position, 'starting-timestamp': undefined }));
          await settle(input, context);
        },
      },
    ];
  },
});

/** That there is nothing that polls the stream. */
function absentFinding(input: Input, found: Mapping | undefined): Finding {
  const observed = found === undefined ? 'there is none' : 'a mapping that is being deleted';
  const hint = `Nothing polls the stream for the function. Map them: ${byHand(createMapping(input))}`;
  return missing(`event-source mapping of ${input.function}`, 'a mapping to the stream', observed, hint);
}

function stateFinding(input: Input, { State, UUID = '' }: Mapping): Finding {
  const enable = apiCall('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: true });
  const hint =
    State === 'Disabled'
      ? `A mapping that is disabled polls nothing. Enable it: ${byHand(enable)}`
      : 'A new mapping takes up to some minutes. Look again in a minute; if nothing changes, delete it and create it again.';
  return compared(`state of the mapping of ${input.function}`, 'Enabled', State, hint);
}

/** The mapping, changed after it was made. */
function otherwise(name: string, input: Input, change: Omit<InputOf<'lambda', 'UpdateEventSourceMapping'>, 'UUID'>): Mutation {
  return {
    name,
    when: 'afterwards',
    async apply(context) {
      const { UUID = '' } = await settle(input, context);
      await context.aws.call(apiCall('lambda', 'UpdateEventSourceMapping', { UUID, ...change }));
      await settle(input, context);
    },
  };
}

function settings(input: Input, mapping: Mapping): Finding[] {
  return mappingOptions(input).map(({ fact, expected, observed }) =>
    compared(
      `${fact} of the mapping of ${input.function}`,
      expected,
      observed(mapping),
      `Change it: ${byHand(updateMapping(input, mapping))}`,
    ),
  );
}

/** Where reading begins, in words. */
function start(position: string | undefined, time: Date | undefined): string {
  return position === 'AT_TIMESTAMP' && time !== undefined ? `${position} ${time.toISOString()}` : String(position);
}

function wantedStart({ 'starting-position': position, 'starting-timestamp': time }: Input): string {
  return start(position, time === undefined ? undefined : new Date(time));
}

function startOf({ StartingPosition, StartingPositionTimestamp }: Mapping): string {
  return start(StartingPosition, StartingPositionTimestamp);
}

async function find(input: Input, { aws }: Pick<ResourceContext, 'aws'>): Promise<Mapping | undefined> {
  const answer = await orAbsent(aws.call(listMappings(input)));
  return answer?.EventSourceMappings?.[0];
}

const inTransition = new Set(['Creating', 'Enabling', 'Disabling', 'Updating']);

/** Waits until the mapping does not change any more. */
async function settle(input: Input, context: ResourceContext): Promise<Mapping> {
  return context.wait({ what: `the event-source mapping of ${input.function} to settle`, timeoutMs: enabledTimeoutMs }, async () => {
    const mapping = await find(input, context);
    return mapping && !inTransition.has(mapping.State ?? '') ? mapping : undefined;
  });
}

async function enabled(input: Input, context: ResourceContext): Promise<void> {
  await context.wait({ what: enabledText(input), timeoutMs: enabledTimeoutMs }, async () => {
    const mapping = await find(input, context);
    return mapping?.State === 'Enabled' ? true : undefined;
  });
}

/** What Lambda refuses about a mapping, and what to do (texts recorded from Lambda). */
function advice(input: Input): readonly Advice[] {
  const code = 'InvalidParameterValueException';
  return [
    {
      code,
      text: 'Cannot access stream',
      hint: `Lambda reads the stream as the execution role of ${input.function}, and the role lacks the permission. Attach the managed policy AWSLambdaKinesisExecutionRole to it (aws iam attach-role-policy), and run the step again.`,
    },
    { code, text: 'Stream not found', hint: 'Compare the region and the account in the ARN of the stream with those in use.' },
    {
      code,
      text: 'does not have permissions to call',
      hint: `Lambda tells the on-failure destination as the execution role of ${input.function}, and the role lacks the permission: sqs:SendMessage for a queue. Add a policy to it, and run the step again.`,
    },
    { code, text: 'Function does not exist', hint: `Create the function ${input.function} first.` },
    {
      code: 'ResourceInUseException',
      hint: 'The mapping is being changed at this moment. Run the step again in a minute.',
    },
  ];
}
