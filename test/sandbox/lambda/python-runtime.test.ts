import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { lambdaSandbox } from '../../support/lambda.ts';

const lambda = lambdaSandbox();
const hasPython = spawnSync('python3', ['--version']).status === 0;
const python = { Runtime: 'python3.13' } as const;

function run(code: string) {
  return lambda.run({ 'index.py': code }, python);
}

describe.skipIf(!hasPython)('A Python function (skipped without python3)', () => {
  it('is given its event and a context, and answers', async () => {
    const code = [
      'def handler(event, context):',
      '  left = context.get_remaining_time_in_millis()',
      '  return [event, context.function_name, context.memory_limit_in_mb, context.log_group_name, left > 2000, context.invoked_function_arn]',
    ].join('\n');
    const name = await lambda.deploy({ 'index.py': code }, python);
    expect((await lambda.invoke(name, { a: 'ü' })).answer).toEqual([
      { a: 'ü' },
      name,
      '128',
      `/aws/lambda/${name}`,
      true,
      `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    ]);
  });

  it('finds its handler in a folder, and imports what lies beside it', async () => {
    const code = { 'src/app.py': 'from names import NAME\ndef main(event, context):\n  return NAME', 'names.py': "NAME = 'beside'" };
    expect((await lambda.run(code, { ...python, Handler: 'src/app.main' })).answer).toBe('beside');
  });

  it('logs what it prints as it is, and what it logs with level, time and request, in order', async () => {
    const code = [
      'import logging',
      'def handler(event, context):',
      "  print('printed')",
      "  logging.warning('careful: %s', 1)",
      "  logging.info('not shown')",
      "  print('two\\nlines')",
    ].join('\n');
    const { log } = await run(code);
    expect(log.split('\n').slice(1, 5)).toEqual([
      'printed',
      expect.stringMatching(/^\[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t[0-9a-f-]{36}\tcareful: 1$/),
      'two',
      'lines',
    ]);
  });

  it('answers with what it raises, which is in the log as one event', async () => {
    const { error, answer, log } = await run("def handler(event, context):\n  raise ValueError('bad')");
    expect(error).toBe('Unhandled');
    expect(answer).toEqual({
      errorMessage: 'bad',
      errorType: 'ValueError',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      stackTrace: [expect.stringMatching(/^ {2}File ".*index\.py", line 2, in handler\n {4}raise ValueError\('bad'\)\n$/)],
    });
    expect(log).toMatch(/\n\[ERROR\] ValueError: bad\nTraceback \(most recent call last\):\n\u00a0\u00a0File ".*index\.py", line 2/);
  });

  it('answers that a module, the handler or a colon is missing', async () => {
    expect((await run('import nope')).answer).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: "Unable to import module 'index': No module named 'nope'",
      requestId: '',
    });
    expect((await run('def other(event, context): pass')).answer).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: "Handler 'handler' missing on module 'index'",
    });
    expect((await run('def handler(event, context)\n  pass')).answer).toMatchObject({
      errorType: 'Runtime.UserCodeSyntaxError',
      errorMessage: expect.stringMatching(/^Syntax error in module 'index': /),
    });
    expect((await lambda.run({ 'index.py': '' }, { ...python, Handler: 'index' })).answer).toMatchObject({
      errorType: 'Runtime.MalformedHandlerName',
      errorMessage: expect.stringMatching(/^Bad handler 'index': /),
    });
  });

  it('answers with an error where its result is no JSON', async () => {
    expect((await run('def handler(event, context):\n  return {1, 2}')).answer).toMatchObject({
      errorType: 'Runtime.MarshalError',
      errorMessage: 'Unable to marshal response: Object of type set is not JSON serializable',
    });
  });

  it('ends with its process when it exits', async () => {
    expect((await run('import sys\ndef handler(event, context):\n  sys.exit(3)')).answer).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Error: Runtime exited with error: exit status 3$/),
    });
  });

  it('keeps its state between invocations', async () => {
    const code = 'calls = 0\ndef handler(event, context):\n  global calls\n  calls += 1\n  return calls';
    const name = await lambda.deploy({ 'index.py': code }, python);
    expect([(await lambda.invoke(name)).answer, (await lambda.invoke(name)).answer]).toEqual([1, 2]);
  });
});
