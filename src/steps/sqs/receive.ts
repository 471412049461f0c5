import { z } from 'zod';
import { apiCall } from '../../aws/api-call.ts';
import { orAbsent } from '../../aws/aws.ts';
import { counted } from '../../util/text.ts';
import { inTime } from '../advice.ts';
import { examined, expectation } from '../expectation.ts';
import { looked, missing } from '../finding.ts';
import { defineStep, type Finding } from '../step.ts';
import { getQueueUrl, urlOf } from './queue-call.ts';

const schema = z.strictObject({
  queue: z.string().min(1).describe('Name of the queue.'),
  expect: z.array(expectation).default([]).describe('What the body of a message has to hold: JMESPath into the JSON that it is.'),
  count: z.int().min(1).default(1).describe('How many messages have to hold it, at least.'),
  within: z.int().min(0).max(900).default(60).describe('For how many seconds messages that are not there yet are waited for.'),
});
type Input = z.output<typeof schema>;

/** Messages that are looked at with a visibility timeout of 0 can be received by everybody else all the same. */
const receiveMessages = ({ queue }: Pick<Input, 'queue'>) =>
  apiCall('sqs', 'ReceiveMessage', { QueueUrl: urlOf(queue), MaxNumberOfMessages: 10, VisibilityTimeout: 0, WaitTimeSeconds: 1 });

/** A message; its body as JSON where it is JSON, and otherwise as text. */
interface ReadMessage {
  readonly MessageId: string;
  readonly Body: unknown;
}

/** An output that is found in the message that Lambda sends to an on-failure destination. */
function fromBatchInfo(what: string, member: string, example: string) {
  return {
    what: `${what}, from Lambda's message about it`,
    example,
    call: receiveMessages,
    query: `Messages[0].Body.KinesisBatchInfo.${member}`,
    inText: { query: 'Messages[0].Body', pattern: `.*"${member}":"\\([^"]*\\)".*` },
  };
}

export const receive = defineStep({
  summary: 'Looks at the messages of an SQS queue, and leaves them there.',
  input: schema,
  outputs: {
    body: { what: 'body of the first message', example: '{"orderId":1}', call: receiveMessages, query: 'Messages[0].Body' },
    'shard-id': fromBatchInfo('shard of a batch that Lambda gave up', 'shardId', 'shardId-000000000000'),
    'start-sequence-number': fromBatchInfo(
      'first sequence number of a batch that Lambda gave up',
      'startSequenceNumber',
      '49590338271490256608559692538361571095921575989136588898',
    ),
    'end-sequence-number': fromBatchInfo(
      'last sequence number of a batch that Lambda gave up',
      'endSequenceNumber',
      '49590338271490256608559692538361571095921575989136588898',
    ),
  },
  examples: [
    { queue: 'failed-records' },
    {
      queue: 'failed-records',
      expect: [
        { query: 'requestContext.condition', equals: 'RetryAttemptsExhausted' },
        { query: 'KinesisBatchInfo.shardId', matches: '^shardId-' },
      ],
      within: 5,
    },
  ],
  resources: [],
  owns: () => [],
  explain: (input) => [receiveMessages(input)],
  awaits: (input) => [
    {
      what: holds(input),
      call: receiveMessages(input),
      query: `length(not_null(Messages, \`[]\`)) >= \`${Math.min(input.count, 10)}\``,
      withinMs: [input.within * 1_000],
    },
  ],
  shows: receiveMessages,
  // Nothing is to be made; the check reads.
  apply: async () => undefined,
  async check(input, context) {
    const { queue, count, within } = input;
    const { aws } = context;
    const fact = `messages in ${queue}`;
    if ((await orAbsent(aws.call(getQueueUrl(queue)))) === undefined)
      return [missing(fact, 'a queue', `there is no queue ${queue}`, 'Create the queue first.')];
    // Each answer is a sample of what is there, and shows messages again that an earlier one had.
    const seen = new Map<string, SeenMessage>();
    await inTime(
      context.wait({ what: holds(input), timeoutMs: within * 1_000 }, async () => {
        const { Messages = [] } = await aws.call(receiveMessages(input));
        for (const { MessageId = '', Body = '' } of Messages) {
          if (!seen.has(MessageId)) seen.set(MessageId, await examine({ MessageId, Body: jsonOf(Body) }, input));
        }
        return fitting(seen).length >= count ? true : undefined;
      }),
    );
    const messages = fitting(seen);
    const first = messages[0] ?? closest([...seen.values()]);
    if (first !== undefined)
      context.found<unknown>(receiveMessages(input), {
        Messages: (messages.length > 0 ? messages : [first]).map(({ message }) => message),
      });
    const hint =
      seen.size > 0
        ? 'Look at what the messages say, and at what sends them.'
        : 'Nothing has been sent to it, or somebody else has received it. Look at what sends the messages, and whether it may.';
    const expected = `${counted(count, 'message')}${input.expect.length > 0 ? ` that ${count === 1 ? 'holds' : 'hold'} what is expected` : ''}`;
    const observed =
      messages.length === seen.size ? counted(seen.size, 'message') : `${messages.length} of ${counted(seen.size, 'message')}`;
    return [looked(fact, messages.length >= count, expected, observed, hint), ...(first?.findings ?? [])];
  },
});

/** Completes the sentence "waiting for …". */
function holds({ queue, count }: Input): string {
  return `${queue} to hold ${counted(count, 'message')}`;
}

interface SeenMessage {
  readonly message: ReadMessage;
  readonly findings: readonly Finding[];
}

async function examine(message: ReadMessage, { queue, expect }: Input): Promise<SeenMessage> {
  return { message, findings: await Promise.all(expect.map((each) => examined(`a message of ${queue}`, each, message.Body))) };
}

function fitting(seen: ReadonlyMap<string, SeenMessage>): readonly SeenMessage[] {
  return [...seen.values()].filter(({ findings }) => findings.every(({ ok }) => ok));
}

/** Of messages that do not hold what is expected, the one that is least far from it. */
function closest(messages: readonly SeenMessage[]): SeenMessage | undefined {
  const wrong = ({ findings }: SeenMessage) => findings.filter(({ ok }) => !ok).length;
  return messages.toSorted((one, other) => wrong(one) - wrong(other))[0];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
