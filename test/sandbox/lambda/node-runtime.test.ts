import { describe, expect, it } from 'vitest';
import { withVariables } from '../../support/environment.ts';
import { lambdaSandbox } from '../../support/lambda.ts';

const lambda = lambdaSandbox();
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('A Node.js handler is found', () => {
  it('in a CommonJS file', async () => {
    expect((await lambda.run("exports.handler = async () => 'cjs'")).answer).toBe('cjs');
  });

  it('in an ES module', async () => {
    const code = { 'index.mjs': "import { sep } from 'node:path';\nexport const handler = async () => sep;" };
    expect((await lambda.run(code)).answer).toBe('/');
  });

  it('in a .js file below a package.json that makes it an ES module', async () => {
    const code = { 'package.json': '{"type":"module"}', 'index.js': "export const handler = async () => 'esm';" };
    expect((await lambda.run(code)).answer).toBe('esm');
  });

  it('in a folder, in a .cjs file, and below other exports', async () => {
    const code = {
      'src/app.cjs': "exports.api = { handlers: { main: async () => require('./name.cjs') } };",
      'src/name.cjs': "module.exports = 'nested';",
    };
    expect((await lambda.run(code, { Handler: 'src/app.api.handlers.main' })).answer).toBe('nested');
  });
});

describe('A Node.js handler is given', () => {
  it('its event and a context', async () => {
    const name = await lambda.deploy(
      'exports.handler = async (event, context) => ({ event, context, remaining: context.getRemainingTimeInMillis() });',
      { Timeout: 7, MemorySize: 256 },
    );
    const { answer, status } = await lambda.invoke(name, { greeting: 'hello', list: [1, 2] });
    expect(status).toBe(200);
    expect(answer).toEqual({
      event: { greeting: 'hello', list: [1, 2] },
      context: {
        awsRequestId: expect.stringMatching(uuid),
        callbackWaitsForEmptyEventLoop: true,
        functionName: name,
        functionVersion: '$LATEST',
        invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
        logGroupName: `/aws/lambda/${name}`,
        logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
        memoryLimitInMB: '256',
      },
      remaining: expect.closeTo(7000, -3),
    });
  });

  it('the client context of the caller', async () => {
    const name = await lambda.deploy('exports.handler = async (event, context) => context.clientContext;');
    const ClientContext = Buffer.from(JSON.stringify({ custom: { device: 'd1' } })).toString('base64');
    expect((await lambda.invoke(name, {}, { ClientContext })).answer).toEqual({ custom: { device: 'd1' } });
  });

  it("the variables of Lambda and its own, and nothing of the sandbox's environment", async () => {
    const { answer } = await withVariables({ KINESIS_LABS_TEST_SECRET: 'nobody may see this' }, () =>
      lambda.run('exports.handler = async () => process.env;', { Environment: { Variables: { STAGE: 'test' } } }),
    );
    const variables = answer as Record<string, string>;
    expect(Object.keys(variables).sort()).toEqual(
      [
        '_HANDLER',
        'AWS_ACCESS_KEY_ID',
        'AWS_DEFAULT_REGION',
        'AWS_ENDPOINT_URL',
        'AWS_EXECUTION_ENV',
        'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
        'AWS_LAMBDA_FUNCTION_NAME',
        'AWS_LAMBDA_FUNCTION_VERSION',
        'AWS_LAMBDA_INITIALIZATION_TYPE',
        'AWS_LAMBDA_LOG_GROUP_NAME',
        'AWS_LAMBDA_LOG_STREAM_NAME',
        'AWS_LAMBDA_RUNTIME_API',
        'AWS_REGION',
        'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED',
        'AWS_SECRET_ACCESS_KEY',
        'AWS_SESSION_TOKEN',
        'AWS_XRAY_CONTEXT_MISSING',
        'HOME',
        'LAMBDA_RUNTIME_DIR',
        'LAMBDA_TASK_ROOT',
        'LANG',
        'NODE_PATH',
        'PATH',
        'PWD',
        'SHLVL',
        'STAGE',
        'TMPDIR',
        'TZ',
      ].sort(),
    );
    expect(variables).toMatchObject({
      _HANDLER: 'index.handler',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: lambda.sandbox.endpoint,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_REGION: 'us-east-1',
      STAGE: 'test',
      TZ: ':UTC',
    });
  });

  it('the AWS SDK, with the credentials of its role, in CommonJS and in ES modules', async () => {
    const call = 'const handler = async () => (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn;';
    const names = '{ STSClient, GetCallerIdentityCommand }';
    const required = await lambda.deploy(`const ${names} = require('@aws-sdk/client-sts'); ${call} exports.handler = handler;`);
    const imported = await lambda.deploy({ 'index.mjs': `import ${names} from '@aws-sdk/client-sts'; ${call} export { handler };` });
    for (const name of [required, imported]) {
      const { answer, log } = await lambda.invoke(name);
      expect(answer).toBe(`arn:aws:sts::000000000000:assumed-role/runner/${name}`);
      expect(log).not.toContain('Warning');
    }
  });

  it('nothing else that the sandbox is made of', async () => {
    const { answer } = await lambda.run("require('zod')");
    expect(answer).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  });

  it('the memory of its function, and no more', async () => {
    const { answer } = await lambda.run("exports.handler = async () => require('node:v8').getHeapStatistics().heap_size_limit / 2 ** 20;", {
      MemorySize: 512,
    });
    expect(answer).toBeGreaterThan(500);
    expect(answer).toBeLessThan(700);
  });
});

describe('A Node.js handler answers', () => {
  it('with null where it returns nothing', async () => {
    expect(await lambda.run('exports.handler = async () => {};')).toMatchObject({ error: undefined, answer: null });
  });

  it('with the error that it throws, which is in the log as well', async () => {
    const { status, error, answer, log } = await lambda.run("exports.handler = async () => { throw new RangeError('too far'); };");
    expect({ status, error, answer }).toEqual({
      status: 200,
      error: 'Unhandled',
      answer: { errorType: 'RangeError', errorMessage: 'too far', trace: expect.arrayContaining(['RangeError: too far']) },
    });
    expect(log).toMatch(/\tERROR\tInvoke Error \t\{"errorType":"RangeError","errorMessage":"too far","stack":\["RangeError: too far",/);
  });

  it('with what it throws where that is no error', async () => {
    const { answer } = await lambda.run("exports.handler = async () => { throw 'just text'; };");
    expect(answer).toEqual({ errorType: 'string', errorMessage: 'just text', trace: [] });
  });

  it('with an error where its result is no JSON', async () => {
    const { answer } = await lambda.run('exports.handler = async () => 10n;');
    expect(answer).toMatchObject({ errorType: 'Error', errorMessage: 'Unable to stringify response body' });
  });

  it('with an error where its result has more than 6 MB', async () => {
    const { error, answer } = await lambda.run("exports.handler = async () => 'x'.repeat(6_300_000);", { MemorySize: 512 });
    expect(error).toBe('Unhandled');
    expect(answer).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  });

  it('with an error thrown outside of it, or a promise that nobody catches, and starts anew the next time', async () => {
    const wait = 'new Promise((resolve) => setTimeout(resolve, 5_000))';
    const thrown = await lambda.deploy(`let calls = 0;
      exports.handler = async () => { calls += 1; setTimeout(() => { throw new Error('late ' + calls); }); await ${wait}; };`);
    expect((await lambda.invoke(thrown)).answer).toMatchObject({ errorType: 'Error', errorMessage: 'late 1' });
    expect((await lambda.invoke(thrown)).answer).toMatchObject({ errorType: 'Error', errorMessage: 'late 1' });
    const rejected = await lambda.run(`exports.handler = async () => { Promise.reject(new Error('nobody')); await ${wait}; };`);
    expect(rejected.answer).toMatchObject({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: nobody' });
    expect(rejected.log).toContain('\tERROR\tUnhandled Promise Rejection \t');
  });
});

describe('A Node.js function that cannot be loaded answers', () => {
  it('that a module is missing', async () => {
    const { error, answer, log } = await lambda.run("require('aws-sdk');");
    expect(error).toBe('Unhandled');
    expect(answer).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringMatching(/^Error: Cannot find module 'aws-sdk'\nRequire stack:\n- .*index\.js/),
    });
    expect(log).toMatch(/Z\tundefined\tERROR\tUncaught Exception \t\{"errorType":"Runtime\.ImportModuleError"/);
  });

  it('that its file is missing', async () => {
    const { answer } = await lambda.run('exports.handler = async () => 1;', { Handler: 'app.handler' });
    expect(answer).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringContaining("Cannot find module 'app'"),
    });
  });

  it('where its syntax is wrong', async () => {
    const { answer } = await lambda.run('exports.handler = async () => {\n  return 1 +;\n};');
    expect(answer).toMatchObject({ errorType: 'Runtime.UserCodeSyntaxError', errorMessage: "SyntaxError: Unexpected token ';'" });
    expect((answer as { trace: string[] }).trace).toContainEqual(expect.stringMatching(/index\.js:2$/));
  });

  it('that the handler is not exported, is no function, or has no proper name', async () => {
    const code = 'exports.other = async () => 1; exports.text = "x";';
    expect((await lambda.run(code)).answer).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.handler is undefined or not exported',
    });
    expect((await lambda.run(code, { Handler: 'index.text' })).answer).toMatchObject({ errorMessage: 'index.text is not a function' });
    expect((await lambda.run(code, { Handler: 'index' })).answer).toMatchObject({ errorType: 'Runtime.MalformedHandlerName' });
    expect((await lambda.run(code, { Handler: '../index.other' })).answer).toMatchObject({ errorType: 'Runtime.MalformedHandlerName' });
  });

  it('with what its module throws', async () => {
    expect((await lambda.run("throw new TypeError('at the top');")).answer).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'at the top',
    });
  });
});

describe('A handler with a callback', () => {
  it('answers through it, on Node.js 22', async () => {
    expect((await lambda.run("exports.handler = (event, context, callback) => callback(null, 'called back');")).answer).toBe('called back');
    const failing = await lambda.run("exports.handler = (event, context, callback) => callback(new Error('no'));");
    expect(failing).toMatchObject({ error: 'Unhandled', answer: { errorType: 'Error', errorMessage: 'no' } });
  });

  it('is waited for until nothing is left to do, unless it says otherwise', async () => {
    const code = (wait: boolean) => `let finished = false;
      exports.handler = (event, context, callback) => {
        context.callbackWaitsForEmptyEventLoop = ${wait};
        setTimeout(() => { console.log('timer ran'); }, 50);
        callback(null, 'answer');
      };`;
    expect((await lambda.run(code(true))).log).toContain('timer ran');
    expect((await lambda.run(code(false))).log).not.toContain('timer ran');
  });

  it('answers with null when it never calls back', async () => {
    expect(await lambda.run('exports.handler = () => "ignored";')).toMatchObject({ error: undefined, answer: null });
    expect(await lambda.run('exports.handler = () => new Promise(() => {});')).toMatchObject({ error: undefined, answer: null });
  });

  it('is called back on runtimes that are deprecated, as long as AWS creates functions of them', async () => {
    const Runtime = 'nodejs18.x';
    expect((await lambda.run('exports.handler = (event, context, callback) => callback(null, 18);', { Runtime })).answer).toBe(18);
  });

  it('fails on Node.js 24, even if it is async', async () => {
    const { error, answer } = await lambda.run('exports.handler = async (event, context, callback) => 1;', { Runtime: 'nodejs24.x' });
    expect(error).toBe('Unhandled');
    expect(answer).toMatchObject({
      errorType: 'Runtime.CallbackHandlerDeprecated',
      errorMessage: expect.stringMatching(
        /^ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node\.js 24\. /,
      ),
    });
  });

  it('is not needed on Node.js 24, where whatever a handler returns is its answer', async () => {
    expect((await lambda.run('exports.handler = () => "returned";', { Runtime: 'nodejs24.x' })).answer).toBe('returned');
  });
});

describe('The log of a Node.js function', () => {
  it('has the lines of Lambda around those of console', async () => {
    const name = await lambda.deploy(`exports.handler = async () => {
      console.log('Hello, %s', 'World', { a: 1 });
      console.warn('two\\nlines');
      process.stdout.write('raw\\n');
      console.error('last');
    };`);
    const { log } = await lambda.invoke(name);
    const lines = await lambda.logged(name);
    const id = '[0-9a-f-]{36}';
    const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
    const expected = [
      `INIT_START Runtime Version: nodejs:22\\.v${process.versions.node.replaceAll('.', '\\.')}\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}\n`,
      `START RequestId: ${id} Version: \\$LATEST\n`,
      `${time}\t${id}\tINFO\tHello, World \\{ a: 1 \\}\n`,
      `${time}\t${id}\tWARN\ttwo\nlines\n`,
      'raw\n',
      `${time}\t${id}\tERROR\tlast\n`,
      `END RequestId: ${id}\n`,
      `REPORT RequestId: ${id}\tDuration: \\d+\\.\\d\\d ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\tMax Memory Used: \\d+ MB\tInit Duration: \\d+\\.\\d\\d ms\t\n`,
    ];
    expect(lines).toEqual(expected.map((line) => expect.stringMatching(new RegExp(`^${line}$`))));
    expect(log).toBe(lines.slice(1).join(''));
  });

  it('has no Init Duration for a warm start, which goes to the same stream', async () => {
    const name = await lambda.deploy('exports.handler = async (event, context) => context.logStreamName;');
    const cold = await lambda.invoke(name);
    const warm = await lambda.invoke(name);
    expect(warm.answer).toBe(cold.answer);
    expect(warm.log).toMatch(/Max Memory Used: \d+ MB\t\n$/);
    expect(await lambda.logged(name)).toHaveLength(7);
  });
});
