import { z } from 'zod';
import { AnswerOf, type ApiCall, apiCall } from '../../aws/api-call.ts';
import { orAbsent, orDone } from '../../aws/aws.ts';
import { ZippedFolder } from '../../aws/zipped-folder.ts';
import { type Advice, advised, cannotBecome, inTime } from '../advice.ts';
import { byHand, compared, looked, missing, phrase } from '../finding.ts';
import { trustPolicy } from '../iam/policy-document.ts';
import { logGroupResource } from '../logs/log-group.ts';
import { defineResource, type ResourceContext } from '../resource.ts';
import { asset, defineStep, type Finding, type Mutation } from '../step.ts';
import { type Configuration, configuration, settings } from './function-settings.ts';
import { codeFlaws } from './handler-code.ts';
import { idleCode } from './idle-code.ts';

// A small function is Active within seconds (Lambda API reference and quotas).
const readyTimeoutMs = 120_000;
const goneTimeoutMs = 60_000;

/** A current runtime of each language, so that a lab need not follow the years (Lambda runtimes). */
const currentRuntimes: ReadonlyMap<string, string> = new Map([
  ['node', 'nodejs22.x'],
  ['python', 'python3.13'],
]);

const schema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9-_]{1,64}$/, 'has to be 1 to 64 letters, digits, - and _')
    .describe('Name of the function.'),
  role: z
    .string()
    .regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, 'has to be the ARN of a role')
    .describe('ARN of the execution role: what the function acts as.'),
  handler: z.string().min(1).describe('The file and its export that Lambda calls: index.handler.'),
  runtime: z
    .string()
    .default('node')
    .transform((name) => currentRuntimes.get(name) ?? name)
    .describe('Runtime of the function: its identifier, or node or python for a current one.'),
  code: z.string().min(1).meta(asset.folder).describe('Folder with the code, below the assets of the lab.'),
  timeout: z.int().min(1).max(900).optional().describe('Seconds that an invocation may take. Lambda gives 3 when this is left out.'),
  memory: z.int().min(128).max(10_240).optional().describe('Memory in MB. Lambda gives 128 when this is left out.'),
  environment: z.record(z.string(), z.string()).optional().describe('Environment variables.'),
});
type Input = z.output<typeof schema>;

const activeText = ({ name }: Pick<Input, 'name'>): string => `the function ${name} to become Active`;
const getFunction = ({ name }: Pick<Input, 'name'>) => apiCall('lambda', 'GetFunctionConfiguration', { FunctionName: name });
const createFunction = (input: Input) =>
  apiCall('lambda', 'CreateFunction', {
    FunctionName: input.name,
    ...configuration(input),
    Code: { ZipFile: new ZippedFolder(input.code) },
  });
const updateConfiguration = (input: Input) =>
  apiCall('lambda', 'UpdateFunctionConfiguration', { FunctionName: input.name, ...configuration(input) });
const updateCode = (input: Input) =>
  apiCall('lambda', 'UpdateFunctionCode', { FunctionName: input.name, ZipFile: new ZippedFolder(input.code) });

const logGroupOf = (name: string): string => `/aws/lambda/${name}`;

const functionResource = defineResource({
  type: 'lambda:function',
  noun: 'function',
  all: {
    call: apiCall('lambda', 'ListFunctions', {}),
    query: 'Functions[].FunctionName',
    pages: { request: 'Marker', answer: 'NextMarker' },
  },
  tags: (name) => ({
    call: apiCall('lambda', 'ListTags', { Resource: new AnswerOf(getFunction({ name }), 'FunctionArn') }),
    query: 'Tags',
  }),
  brings: async (name) => [{ type: logGroupResource.type, id: logGroupOf(name) }],
  removal: (name) => ({
    calls: [{ call: () => apiCall('lambda', 'DeleteFunction', { FunctionName: name }) }],
    left: { call: getFunction({ name }), query: 'FunctionName' },
    timeoutMs: goneTimeoutMs,
  }),
});

export const functionStep = defineStep({
  summary: 'Creates a Lambda function from a folder of code, and waits until it can be invoked.',
  input: schema,
  outputs: {
    arn: {
      what: 'ARN of the function',
      example: 'arn:aws:lambda:us-east-1:123456789012:function:kinesisEventLogger',
      call: getFunction,
      query: 'FunctionArn',
    },
    name: { what: 'name of the function', example: 'kinesisEventLogger', call: getFunction, query: 'FunctionName' },
    'log-group': {
      what: 'log group that the function writes to',
      example: '/aws/lambda/kinesisEventLogger',
      call: getFunction,
      query: 'LoggingConfig.LogGroup',
    },
  },
  examples: [
    {
      name: 'kinesisEventLogger',
      role: 'arn:aws:iam::123456789012:role/lambda-cli-role',
      handler: 'kinesisEventLogger.handler',
      code: 'kinesis-event-logger',
    },
    {
      name: 'kinesisEventLogger',
      role: 'arn:aws:iam::123456789012:role/lambda-cli-role',
      handler: 'kinesisEventLogger.handler',
      runtime: 'nodejs24.x',
      code: 'kinesis-event-logger',
      timeout: 10,
      memory: 256,
      environment: { STAGE: 'lab' },
    },
  ],
  flaws: codeFlaws,
  resources: [logGroupResource, functionResource],
  // The log group stands first because removal goes backwards: while the function exists, it can bring the group back.
  owns: ({ name }) => [
    { type: 'logs:group', id: logGroupOf(name) },
    { type: 'lambda:function', id: name },
  ],
  explain: (input) => [createFunction(input), getFunction(input)],
  awaits: (input) => [{ what: activeText(input), call: getFunction(input), query: "State == 'Active'", withinMs: [readyTimeoutMs] }],
  shows: getFunction,
  async apply(input, context) {
    const { aws } = context;
    if ((await orAbsent(aws.call(getFunction(input)))) === undefined) {
      await advised(orDone(aws.call(createFunction(input))), advice(input));
      await ready(input.name, context);
      return;
    }
    const existing = await ready(input.name, context);
    if (settings(input).some(({ expected, observed }) => phrase(observed(existing)) !== expected)) {
      await advised(orDone(aws.call(updateConfiguration(input))), advice(input));
      await ready(input.name, context);
    }
    if (existing.CodeSha256 !== (await new ZippedFolder(input.code).sha256())) {
      await advised(orDone(aws.call(updateCode(input))), advice(input));
      await ready(input.name, context);
    }
  },
  async check(input, context) {
    const { name } = input;
    const there = await orAbsent(context.aws.call(getFunction(input)));
    if (there === undefined) {
      const hint = `Zip the code and create the function: ${byHand(createFunction(input))}`;
      return [missing(`function ${name}`, 'a function', 'there is none', hint)];
    }
    const found = (await inTime(settled(name, context))) ?? there;
    const state = [found.State, found.StateReason ?? found.LastUpdateStatusReason].filter(Boolean).join(': ');
    const usable = found.State !== 'Failed' && found.State !== 'Pending' && found.LastUpdateStatus !== 'Failed';
    return [
      looked(`state of ${name}`, usable, 'Active', usable ? 'Active' : state, 'Delete the function and create it again.'),
      ...settings(input).map(({ fact, expected, observed, hint }): Finding => {
        const update = `Change it: ${byHand(updateConfiguration(input))}`;
        return compared(`${fact} of ${name}`, expected, phrase(observed(found)), hint === '' ? update : `${hint} ${update}`);
      }),
    ];
  },
  mutations: (input) => [...otherSettings(input), otherRole(input), otherCode(input)],
});

function otherSettings(input: Input): readonly Mutation[] {
  const { name } = input;
  return settings(input).flatMap(({ fact, wrong }): Mutation[] => {
    if (wrong === undefined) return [];
    const update = apiCall('lambda', 'UpdateFunctionConfiguration', { FunctionName: name, ...wrong });
    return [{ name: `the ${fact} of ${name} is changed`, when: 'afterwards', apply: (context) => changed(name, update, context) }];
  });
}

function otherRole({ name }: Input): Mutation {
  const role = `${name.slice(0, 58)}-other`;
  return {
    name: `${name} acts as another role`,
    when: 'afterwards',
    async apply(context) {
      const trust = trustPolicy('lambda.amazonaws.com');
      const { Role } = await context.aws.call(apiCall('iam', 'CreateRole', { RoleName: role, AssumeRolePolicyDocument: trust }));
      await changed(name, apiCall('lambda', 'UpdateFunctionConfiguration', { FunctionName: name, Role: Role?.Arn }), context);
    },
  };
}

/** The code itself is not compared, because a learner's may be another; what it does is seen by later steps. */
function otherCode(input: Input): Mutation {
  return {
    name: `the code of ${input.name} does nothing`,
    when: 'instead',
    async apply(context) {
      const { input: members } = createFunction(input);
      await changed(
        input.name,
        { service: 'lambda', operation: 'CreateFunction', input: { ...members, Code: { ZipFile: await idleCode(input) } } },
        context,
      );
    },
  };
}

async function changed(name: string, call: ApiCall, context: ResourceContext): Promise<void> {
  await context.aws.call(call);
  await ready(name, context);
}

/** What Lambda refuses about a function, and what to do (Lambda runtimes). */
function advice({ name, role, runtime }: Input): readonly Advice[] {
  return [
    {
      code: 'InvalidParameterValueException',
      text: 'The role defined for the function cannot be assumed by Lambda',
      hint: `The trust policy of ${role} has to allow lambda.amazonaws.com the action sts:AssumeRole. A role that was created a moment ago may take a minute to be known everywhere.`,
    },
    {
      code: 'InvalidParameterValueException',
      text: 'no longer supported',
      hint: `The runtime ${runtime} has been retired. Choose a current one, like nodejs22.x.`,
    },
    {
      code: 'InvalidParameterValueException',
      text: "at 'runtime' failed to satisfy constraint",
      hint: `There is no runtime ${runtime}. Choose one of the list, like nodejs22.x.`,
    },
    { code: 'ResourceConflictException', hint: `Something else is changing the function ${name} at this moment. Run the step again.` },
  ];
}

/** Waits until nothing is in progress any more, well or not. */
async function settled(name: string, { aws, wait }: ResourceContext): Promise<Configuration> {
  return wait({ what: activeText({ name }), timeoutMs: readyTimeoutMs }, async () => {
    const found = await aws.call(getFunction({ name }));
    return found.State === 'Pending' || found.LastUpdateStatus === 'InProgress' ? undefined : found;
  });
}

/** Waits until the function can be invoked. */
async function ready(name: string, context: ResourceContext): Promise<Configuration> {
  const found = await settled(name, context);
  if (found.State !== 'Failed' && found.LastUpdateStatus !== 'Failed') return found;
  throw cannotBecome(
    `The function ${name} is in the state ${found.State}: ${found.StateReason ?? found.LastUpdateStatusReason ?? 'AWS gives no reason'}.`,
    'Delete it, and run the step again.',
  );
}
