import { isMapping } from '../../util/json.ts';
import { phrase } from '../finding.ts';

/** The error of a function in one line: what Lambda answered to its invocation, and where in the code that came about. */
export function errorText(payload: unknown): string {
  const error = isMapping(payload) ? payload : {};
  const { errorType, errorMessage } = error;
  // Who asked for a module that is missing stands in files of the runtime.
  const message = typeof errorMessage === 'string' ? errorMessage.replace(/\s*Require stack:.*/s, '') : errorMessage;
  const parts = [errorType, message].filter((part) => typeof part === 'string' && part !== '');
  if (parts.length === 0) return inOneLine(`an error: ${phrase(payload)}`);
  const stack = ['stack', 'trace', 'stackTrace'].flatMap((key) => error[key] ?? []).filter((frame) => typeof frame === 'string');
  return withPlace(parts.join(': '), stack);
}

/** The same from an event of the function's log, as Lambda's runtimes for Node.js and Python write it (logs recorded from Lambda). */
export function loggedErrorText(message: string): string {
  const json = /\tERROR\t[^{]*(\{.*\})\s*$/s.exec(message)?.[1];
  if (json !== undefined) {
    try {
      return errorText(JSON.parse(json));
    } catch {
      // The function itself logged something in braces.
    }
  }
  const [, error, trace] = /^\[ERROR\] (.*?)\n?Traceback \(most recent call last\):(.*)$/s.exec(message) ?? [];
  if (error !== undefined && trace !== undefined) return withPlace(error, trace.split('\n'));
  return inOneLine(message.trim());
}

/** With ` (index.js:3:9)` behind it, the place in the function's own code that the stack tells, where it tells one. */
function withPlace(text: string, stack: readonly string[]): string {
  const own = stack.filter((frame) => !/\/(?:runtime|node_modules|lib(?:64)?\/python\d[^/]*)\/|\bnode:/.test(frame));
  // The newest call stands first in Node.js, and last in Python.
  const node = own.map((frame) => /([^/\s()]+\.[cm]?js:\d+(?::\d+)?)/.exec(frame)?.[1]).find((found) => found !== undefined);
  const python = own.map((frame) => /File "(?:[^"]*\/)?([^"/]+)",? [Ll]ine (\d+)/.exec(frame)).findLast((found) => found !== null);
  const found = node ?? (python && `${python[1]}:${python[2]}`);
  // Python says where a mistake of the syntax is by itself.
  return inOneLine(found === undefined || /, line \d+\)$/.test(text) ? text : `${text} (${found})`);
}

function inOneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
