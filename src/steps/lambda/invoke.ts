import { z } from 'zod';
import { apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent } from '../../aws/aws.ts';
import { refusedRole } from '../../aws/transient.ts';
import type { OutputOf } from '../../util/sdk.ts';
import { bothEnds, short } from '../../util/text.ts';
import { type Advice, advised, inTime } from '../advice.ts';
import { examined, expectation } from '../expectation.ts';
import { looked, missing } from '../finding.ts';
import { errorText } from '../logs/function-error.ts';
import { containing, filterLogEvents, logEvents, showsText } from '../logs/log-events.ts';
import { failureHint, watchLog } from '../logs/log-watch.ts';
import { once } from '../once.ts';
import { defineStep, type Finding, type StepContext } from '../step.ts';

// Log lines take 1 to 10 seconds on AWS. What has not come by then was not written.
const logDelayMs = 12_000;

const schema = z
  .strictObject({
    function: z.string().min(1).describe('Name of the function.'),
    payload: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .default({})
      .describe('The event that the function gets: a mapping that is sent as JSON, or JSON as text.'),
    type: z
      .enum(['RequestResponse', 'Event'])
      .default('RequestResponse')
      .describe('Whether Lambda answers with what the function returns, or at once, and invokes it later.'),
    expect: z.array(expectation).default([]).describe('What the answer of the function has to hold.'),
    'expects-error': z.string().min(1).optional().describe('The function has to fail, with this text in its error: Task timed out.'),
    log: z.array(z.string().min(1)).default([]).describe('Texts that the last 4 KB of the log of the invocation have to contain.'),
    evidence: z
      .strictObject({
        text: z.string().min(1).describe('What the log shows only when the function was invoked as it should be.'),
        group: z.string().min(1).optional().describe('Name of the log group; that of the function when this is left out.'),
      })
      .optional()
      .describe(
        'What the invocation leaves in a log. Where the log shows it, the function is not invoked again. Without evidence it is invoked each time, and nobody can check it later.',
      ),
    within: z.int().min(1).max(900).default(60).describe('For how many seconds the log is watched for the evidence.'),
  })
  .superRefine((input, context) => {
    if (input.type !== 'Event') return;
    for (const key of ['expect', 'expects-error', 'log'] as const) {
      if (input[key] === undefined || input[key].length === 0) continue;
      const message = 'an invocation of the type Event is answered before the function runs; give `evidence` of what it does';
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });
type Input = z.output<typeof schema>;

const invokeFunction = ({ function: name, payload, type }: Input) =>
  apiCall('lambda', 'Invoke', {
    FunctionName: name,
    ...(type === 'Event' ? { InvocationType: type } : { LogType: 'Tail' }),
    Payload: new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload)),
  });
const getFunction = ({ function: name }: Input) => apiCall('lambda', 'GetFunctionConfiguration', { FunctionName: name });

/** What Lambda answered, with the payload and the log as a person reads them. */
interface Answer {
  readonly StatusCode?: number | undefined;
  readonly FunctionError?: string | undefined;
  readonly ExecutedVersion?: string | undefined;
  readonly Payload: unknown;
  readonly LogResult?: string | undefined;
}

export const invoke = defineStep({
  summary: 'Invokes a Lambda function, and looks at what it answers and logs.',
  input: schema,
  outputs: {},
  examples: [
    {
      function: 'kinesisEventLogger',
      payload: { Records: [{ kinesis: { data: 'SGVsbG8=' } }] },
      expect: [{ query: '@', equals: null }],
      log: ['REPORT RequestId'],
    },
    {
      function: 'kinesisEventLogger',
      payload: { Records: [{ kinesis: { data: 'SGVsbG8=' } }] },
      type: 'Event',
      evidence: { text: 'Hello' },
    },
    {
      function: 'kinesisEventLogger',
      payload: { Records: 'none' },
      'expects-error': 'TypeError',
      evidence: { group: '/aws/lambda/kinesisEventLogger', text: 'TypeError' },
    },
  ],
  resources: [],
  owns: () => [],
  explain: (input) => [invokeFunction(input)],
  reads: (input) => {
    const { evidence } = input;
    return [getFunction(input), ...(evidence === undefined ? [] : [filterLogEvents({ group: logGroupOf(input), text: evidence.text })])];
  },
  shows: invokeFunction,
  leavesTrace: ({ evidence }) => evidence !== undefined,
  async apply(input, context) {
    const earlier = answered(input, context);
    // What was answered wrongly is not made good by what was logged.
    const good = earlier === undefined || (await compareAnswer(input, earlier)).every(({ ok }) => ok);
    if (good && (await isEvident(input, context.aws))) return;
    const call = invokeFunction(input);
    // Where no log tells, a function that was invoked and whose answer was lost is invoked again.
    const effect = {
      what: 'the invocation',
      shows: () => isEvident(input, context.aws),
      withinMs: input.evidence ? input.within * 1_000 : 2_000,
    };
    const attempt = async () => {
      const answer = await once(() => advised(context.aws.call(call), advice(input)), effect, context);
      return answer && readable(answer);
    };
    const answer = await settled(await attempt(), input, attempt, context);
    if (answer !== undefined) context.found<unknown>(call, answer);
  },
  async check(input, context) {
    const { function: name, evidence } = input;
    const fact = `invocation of ${name}`;
    if ((await orAbsent(context.aws.call(getFunction(input)))) === undefined)
      return [missing(fact, 'a function', `there is no function ${name}`, 'Create the function first.')];
    const answer = answered(input, context);
    const answerFindings = answer === undefined ? [] : await compareAnswer(input, answer);
    if (evidence !== undefined) return [...answerFindings, await evidenceFinding(input, context)];
    if (answer !== undefined) return answerFindings;
    const hint = 'An invocation that was made elsewhere leaves nothing that could be told from others. Let it be done from here.';
    return [looked(fact, false, 'an answer', 'nothing that can be seen from here', hint)];
  },
  remains: (input) => (input.evidence === undefined ? undefined : async (context) => [await evidenceFinding(input, context)]),
});

/**
 * Invokes again as long as the role of the function, which was written seconds ago, may not be allowed yet what it is going to be
 * (IAM User Guide, "Changes that I make are not always immediately visible"): then the function is refused what it does, or does
 * it and is refused to log it.
 * @returns the last answer
 */
async function settled(
  first: Answer | undefined,
  input: Input,
  attempt: () => Promise<Answer | undefined>,
  { aws, wait }: StepContext,
): Promise<Answer | undefined> {
  const { Role = '' } = await aws.call(getFunction(input));
  const role = Role.slice(Role.lastIndexOf('/') + 1);
  const settling = aws.settling(role);
  if (settling === undefined) return first;
  let answer = first;
  const look = async () => {
    if (isRefused(input, answer, role)) return undefined;
    const good = answer === undefined || (await compareAnswer(input, answer)).every(({ ok }) => ok);
    if (!good || input.evidence === undefined) return true;
    const shows = async () => ((await isEvident(input, aws)) ? true : undefined);
    return await inTime(wait({ what: showsText(logGroupOf(input), 1), timeoutMs: logDelayMs }, shows));
  };
  const again = async () => {
    answer = await attempt();
    return look();
  };
  if (await look()) return answer;
  await inTime(wait({ what: settling.what, timeoutMs: settling.patienceMs, intervalMs: 1_000, looked: true }, again));
  return answer;
}

/** Whether a function fails because its role is refused something, and not because it is meant to. */
function isRefused({ 'expects-error': error }: Input, answer: Answer | undefined, role: string): boolean {
  if (answer?.FunctionError === undefined) return false;
  const failure = errorText(answer.Payload);
  return refusedRole(failure) === role && (error === undefined || !failure.includes(error));
}

function answered(input: Input, context: StepContext): Answer | undefined {
  return context.answered(invokeFunction(input)) as Answer | undefined;
}

function readable({ StatusCode, FunctionError, ExecutedVersion, Payload, LogResult }: OutputOf<'lambda', 'Invoke'>): Answer {
  return {
    StatusCode,
    FunctionError,
    ExecutedVersion,
    // Where the answer has no body, the SDK gives something else than bytes.
    Payload: jsonOf(Payload instanceof Uint8Array ? new TextDecoder().decode(Payload) : ''),
    LogResult: LogResult === undefined ? undefined : Buffer.from(LogResult, 'base64').toString(),
  };
}

/** An Event is answered with nothing at all. */
function jsonOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

async function compareAnswer(input: Input, { FunctionError, Payload, LogResult = '' }: Answer): Promise<readonly Finding[]> {
  const { function: name, 'expects-error': error, expect, log } = input;
  const fact = `invocation of ${name}`;
  const failure = errorText(Payload);
  if (FunctionError !== undefined && (error === undefined || !failure.includes(error))) {
    const expected = error === undefined ? 'an answer without an error' : `an error with ${error}`;
    return [looked(fact, false, expected, bothEnds(failure), failureHint(failure, 'call'))];
  }
  if (FunctionError === undefined && error !== undefined) {
    const hint = 'The function has to fail here. Look at what it is given, and at its timeout.';
    return [looked(fact, false, `an error with ${error}`, answerText(Payload), hint)];
  }
  const seen = FunctionError === undefined ? answerText(Payload) : bothEnds(failure);
  return [
    looked(fact, true, seen, seen, ''),
    ...(await Promise.all(expect.map((each) => examined(`the answer of ${name}`, each, Payload)))),
    ...log.map((text) => {
      const hint = 'The last 4 KB of the log come with the answer. The function has to log this, and nothing long after it.';
      const tail = short(LogResult.trim().slice(-300), 300);
      return looked(`log of the ${fact}`, LogResult.includes(text), text, LogResult.includes(text) ? text : `… ${tail}`, hint);
    }),
  ];
}

function answerText(payload: unknown): string {
  return payload === undefined ? 'no answer' : `the answer ${short(JSON.stringify(payload), 300)}`;
}

function logGroupOf({ function: name, evidence }: Input): string {
  return evidence?.group ?? `/aws/lambda/${name}`;
}

async function isEvident(input: Input, aws: Aws): Promise<boolean> {
  const { evidence } = input;
  return evidence !== undefined && containing(await logEvents(aws, logGroupOf(input)), evidence.text).length > 0;
}

async function evidenceFinding(input: Input, context: StepContext): Promise<Finding> {
  const group = logGroupOf(input);
  const text = input.evidence?.text ?? '';
  const { shown, events, failure } = await watchLog({ group, text, count: 1, timeoutMs: input.within * 1_000 }, context);
  const expected = `an event with ${short(text)}`;
  if (events === undefined)
    return missing(
      `log ${group}`,
      expected,
      'there is no such log group',
      'Invoke the function. Its first invocation makes the log group.',
    );
  const observed = failure === undefined ? 'no event with it' : `the function fails: ${bothEnds(failure)}`;
  const hint =
    failure === undefined
      ? 'Invoke the function. On AWS, log lines take 1 to 10 seconds, and only a role that may write logs has any.'
      : failureHint(failure, 'call');
  return looked(`log ${group}`, shown, expected, shown ? expected : observed, hint);
}

/** What Lambda refuses about an invocation, and what to do (texts recorded from Lambda). */
function advice({ function: name }: Input): readonly Advice[] {
  return [
    { code: 'ResourceNotFoundException', hint: `Create the function ${name} first.` },
    { code: 'ResourceConflictException', hint: `The function ${name} is being created or changed. Run the step again in a moment.` },
    { code: 'InvalidRequestContentException', hint: 'The payload has to be JSON. A text on its own stands in double quotes: "hello".' },
    { code: 'RequestTooLargeException', hint: 'A payload has 6 MB at most, and 1 MB when the function is invoked with the type Event.' },
  ];
}
