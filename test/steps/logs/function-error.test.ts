import { describe, expect, it } from 'vitest';
import { errorText, loggedErrorText } from '../../../src/steps/logs/function-error.ts';

describe('the error of a function', () => {
  it('is its type, its message, and the place in its own code', () => {
    const stack = [
      'AccessDeniedException: not authorized',
      '    at de_CommandError (/var/runtime/node_modules/@aws-sdk/client-kinesis/dist-cjs/index.js:1:2)',
      '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
      '    at async putAll (file:///var/task/src/put.mjs:12:5)',
      '    at async Runtime.handler (file:///var/task/index.mjs:4:3)',
    ];
    const error = { errorType: 'AccessDeniedException', errorMessage: 'not authorized' };
    const text = 'AccessDeniedException: not authorized (put.mjs:12:5)';
    expect(errorText({ ...error, trace: stack })).toBe(text);
    expect(loggedErrorText(`2026-11-21T09:00:00.000Z\tid-1\tERROR\tInvoke Error \t${JSON.stringify({ ...error, stack })}\n`)).toBe(text);
  });

  it('is told in the same way where the function is one in Python', () => {
    const frames = [
      '  File "/var/task/index.py", line 9, in handler\n    parse(event)\n',
      '  File "/var/task/parsing.py", line 3, in parse\n    json.loads(text)\n',
      '  File "/var/lang/lib/python3.13/json/decoder.py", line 355, in raw_decode\n    raise JSONDecodeError("Expecting value", s, err.value) from None\n',
    ];
    const text = 'JSONDecodeError: Expecting value: line 1 column 1 (char 0) (parsing.py:3)';
    expect(errorText({ errorType: 'JSONDecodeError', errorMessage: 'Expecting value: line 1 column 1 (char 0)', stackTrace: frames })).toBe(
      text,
    );
    const logged = frames.join('').replace(/^ +/gm, (spaces) => '\u00a0'.repeat(spaces.length));
    expect(
      loggedErrorText(`[ERROR] JSONDecodeError: Expecting value: line 1 column 1 (char 0)\nTraceback (most recent call last):\n${logged}`),
    ).toBe(text);
  });

  it('names the file with a mistake in its syntax', () => {
    const stack = ["Runtime.UserCodeSyntaxError: SyntaxError: Unexpected token ';'", '/var/task/other.js:1', 'const a = ;', '          ^'];
    expect(errorText({ errorType: 'Runtime.UserCodeSyntaxError', errorMessage: "SyntaxError: Unexpected token ';'", trace: stack })).toBe(
      "Runtime.UserCodeSyntaxError: SyntaxError: Unexpected token ';' (other.js:1)",
    );
    const errorMessage = "Syntax error in module 'index': '(' was never closed (other.py, line 1)";
    const stackTrace = ['  File "/var/task/other.py" Line 1\n    def x(\n'];
    expect(errorText({ errorType: 'Runtime.UserCodeSyntaxError', errorMessage, stackTrace })).toBe(
      `Runtime.UserCodeSyntaxError: ${errorMessage}`,
    );
  });

  it('leaves out which files of the runtime asked for a module', () => {
    const errorMessage = "Error: Cannot find module 'left-pad'\nRequire stack:\n- /var/task/index.js\n- /var/runtime/index.mjs";
    expect(errorText({ errorType: 'Runtime.ImportModuleError', errorMessage })).toBe(
      "Runtime.ImportModuleError: Error: Cannot find module 'left-pad'",
    );
  });

  it.each([
    ['a payload of another shape', { problem: 1 }, 'an error: {"problem":1}'],
    ['a message alone', { errorMessage: 'one\n  two' }, 'one two'],
    ['text', 'broken', 'an error: broken'],
  ])('is what there is of %s', (_, payload, text) => expect(errorText(payload)).toBe(text));

  it.each([
    [
      '2026-11-21T09:00:03.010Z id-1 Task timed out after 3.00 seconds\n\n',
      '2026-11-21T09:00:03.010Z id-1 Task timed out after 3.00 seconds',
    ],
    ['2026-11-21T09:00:00.000Z\tid-1\tERROR\tsaid { braces }\n', '2026-11-21T09:00:00.000Z\tid-1\tERROR\tsaid { braces }'],
  ])('is a line of the log as it is where that holds nothing else: %j', (line, text) => expect(loggedErrorText(line)).toBe(text));
});
