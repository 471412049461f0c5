import { z } from 'zod';
import { bothEnds, short } from '../../util/text.ts';
import { looked, missing } from '../finding.ts';
import { defineStep, type Finding, type StepContext } from '../step.ts';
import { containing, filterLogEvents, type LogEvent, logShows } from './log-events.ts';
import { failureHint, watchLog } from './log-watch.ts';

const schema = z.strictObject({
  group: z.string().min(1).describe('Name of the log group: /aws/lambda/ and the name of the function.'),
  text: z.string().min(1).describe('What an event of the log has to contain.'),
  count: z.int().min(1).default(1).describe('How many events have to contain it, at least.'),
  within: z.int().min(1).max(900).default(120).describe('For how many seconds the log is watched.'),
});

export const contains = defineStep({
  summary: 'Waits until a log group of CloudWatch Logs shows a text.',
  input: schema,
  outputs: {
    message: { what: 'the first event with the text', example: 'Hello', call: filterLogEvents, query: 'events[0].message' },
    'log-stream': {
      what: 'the log stream that it is in',
      example: '2026/11/21/[$LATEST]0123456789abcdef0123456789abcdef',
      call: filterLogEvents,
      query: 'events[0].logStreamName',
    },
  },
  examples: [{ group: '/aws/lambda/kinesisEventLogger', text: 'Hello, Lambda CLI World' }],
  resources: [],
  owns: () => [],
  explain: (input) => [filterLogEvents(input)],
  awaits: (input) => [logShows({ ...input, withinMs: [input.within * 1_000] })],
  shows: filterLogEvents,
  // Nothing is to be made; the check waits.
  apply: async () => undefined,
  check: look,
  // A log outlives the function that has written it.
  remains: (input) => (context) => look(input, context),
});

async function look(input: z.output<typeof schema>, context: StepContext): Promise<readonly Finding[]> {
  const { group, text, count, within } = input;
  const fact = `log ${group}`;
  const expected = count === 1 ? `an event with ${short(text)}` : `${count} events with ${short(text)}`;
  const { shown, events, failure } = await watchLog({ group, text, count, timeoutMs: within * 1_000 }, context);
  const found = containing(events, text);
  if (shown) {
    context.found(filterLogEvents(input), { events: [...found] });
    return [looked(fact, true, expected, lines(found), '')];
  }
  if (failure !== undefined) return [looked(fact, false, expected, `the function fails: ${bothEnds(failure)}`, failureHint(failure))];
  if (events === undefined) {
    const hint =
      'Lambda creates the group when the function is invoked for the first time. Look whether the event-source mapping is Enabled, whether a record was put after it began to poll, and whether the role may write logs.';
    return [missing(fact, expected, 'there is no such log group', hint)];
  }
  const hint =
    'If the record was put before the mapping began to poll at LATEST, it was missed: put it again. On AWS, log lines take 1 to 10 seconds.';
  return [looked(fact, false, expected, observed(events, found.length), hint)];
}

/** The log line as it stands in the log; of several, how many there are and the last. */
function lines(found: readonly LogEvent[]): string {
  const last = (found.at(-1)?.message ?? '').trimEnd();
  return found.length === 1 ? last : `${found.length} events, the last one: ${last}`;
}

function observed(events: readonly LogEvent[], count: number): string {
  if (count > 0) return `${count} so far`;
  const lines = events.slice(-3).map(({ message = '' }) => short(message.trim()));
  return lines.length > 0 ? `none; the log ends with ${lines.join(' / ')}` : 'none; the log is empty';
}
