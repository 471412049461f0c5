import { inTime } from '../advice.ts';
import type { ResourceContext } from '../resource.ts';
import { loggedErrorText } from './function-error.ts';
import { containing, type LogEvent, logEvents, showsText } from './log-events.ts';

// A batch that failed is tried again soon, and may succeed then; longer waiting only delays the news.
const afterFailureMs = 10_000;

/** What a log group showed while it was watched. */
export interface Watched {
  readonly shown: boolean;
  /** `undefined` when there is no such group. */
  readonly events: readonly LogEvent[] | undefined;
  /** The error with which the last invocation ended, in one line. */
  readonly failure: string | undefined;
}

/**
 * Watches a log group until `count` of its events contain `text`, for `timeoutMs` at most; less where the function turns
 * out to fail.
 */
export async function watchLog(
  options: {
    readonly group: string;
    readonly text: string;
    readonly count: number;
    readonly timeoutMs: number;
    /** As AWS counts time, epoch milliseconds: what is older says nothing. */
    readonly since?: number;
  },
  { aws, wait }: ResourceContext,
): Promise<Watched> {
  const { group, text, count, timeoutMs, since } = options;
  const what = showsText(group, count);
  let events: readonly LogEvent[] | undefined;
  const look = async (): Promise<'shown' | 'failed' | undefined> => {
    events = await logEvents(aws, group, since);
    if (containing(events, text).length >= count) return 'shown';
    return lastFailure(events) === undefined ? undefined : 'failed';
  };
  let end = await inTime(wait({ what, timeoutMs }, look));
  if (end === 'failed') {
    const again = async () => ((await look()) === 'shown' ? 'shown' : undefined);
    end = await inTime(wait({ what, timeoutMs: Math.min(afterFailureMs, timeoutMs) }, again));
  }
  return { shown: end === 'shown', events, failure: lastFailure(events) };
}

// How Node.js and Python functions and Lambda itself write that something went wrong (logs recorded from Lambda); the most telling first.
const failurePatterns = [/\tERROR\t/, /^\[ERROR\]/, /Task timed out after/, /\bRuntime\.[A-Z]\w+/, /\bStatus: (timeout|error)\b/];

/** The error of the last invocation, or `undefined` when that did not fail. */
function lastFailure(events: readonly LogEvent[] | undefined): string | undefined {
  const messages = (events ?? []).map(({ message = '' }) => message);
  const lastStart = messages.findLastIndex((message) => message.startsWith('START RequestId:'));
  // What was logged while the function was loaded stands between the invocation before and the START line.
  const before = messages.findLastIndex((message, index) => index < lastStart && message.startsWith('REPORT RequestId:'));
  const invocation = messages.slice(before + 1);
  for (const pattern of failurePatterns) {
    const failure = invocation.findLast((message) => pattern.test(message));
    if (failure !== undefined) return loggedErrorText(failure);
  }
  return undefined;
}

/** What an error line of a function means, and what to do. @param by what invoked the function: its mapping to a stream, or a call. */
export function failureHint(failure: string, by: 'stream' | 'call' = 'stream'): string {
  const retry = by === 'stream' ? 'put the record again' : 'invoke it again';
  const again = `send the code again (aws lambda update-function-code), and ${retry}`;
  const module = /(?:Cannot find (?:module|package)|No module named) '([^']+)'/.exec(failure)?.[1];
  if (module !== undefined || /Runtime\.ImportModule/.test(failure)) {
    const missing = module === undefined ? 'Something that the function is loaded from is not in the zip.' : `The zip has no ${module}.`;
    return `Lambda could not load the function. ${missing} The file that the handler names has to lie at the top, with all that it imports: Lambda itself has only the AWS SDK. Put it there, ${again}.`;
  }
  if (/Runtime\.UserCodeSyntax/.test(failure))
    return `Lambda could not load the function, whose code has a mistake. Put it right, ${again}.`;
  if (/Runtime\.(HandlerNotFound|MalformedHandlerName|CallbackHandlerDeprecated)/.test(failure)) {
    return `Lambda could not load the function. Its handler has to name a file and what that file exports, as in index.handler. Put it right, ${again}.`;
  }
  if (/timed out/i.test(failure)) {
    return 'The function took longer than its timeout. Find out what it waits for, or give it more time: aws lambda update-function-configuration --function-name … --timeout 30';
  }
  if (/AccessDenied|not authorized/.test(failure)) {
    return `The execution role of the function does not allow what the function does. Attach a policy that does, and ${retry}.`;
  }
  const waiting = by === 'stream' ? ' Lambda tries the batch again, and the records behind it wait.' : '';
  return `The function was invoked, and failed.${waiting} Put the handler right, ${again}.`;
}
