import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, type Ended, temporaryFolder } from '../support/cli.ts';

// Labs that go wrong, each in its own way: one clear message, an exit code that says what kind of wrong, nothing left.

const roleStep = (policy: string) => `
\`\`\`yaml step
id: role
uses: iam/role
with:
  name: \${{ names.role }}
  managed-policies:
    - arn:aws:iam::aws:policy/service-role/${policy}
\`\`\`
`;

const pipelineSteps = `
\`\`\`yaml step
id: stream
uses: kinesis/stream
with:
  name: \${{ names.stream }}
  shards: 1
\`\`\`

\`\`\`yaml step
id: logger
uses: lambda/function
with:
  name: \${{ names.function }}
  role: \${{ steps.role.arn }}
  handler: index.handler
  code: handler
\`\`\`

\`\`\`yaml step
id: mapping
uses: lambda/event-source-mapping
with:
  function: \${{ names.function }}
  stream: \${{ steps.stream.arn }}
  batch-size: 1
  starting-position: TRIM_HORIZON
\`\`\`
`;

const helloSteps = `
\`\`\`yaml step
id: hello
uses: kinesis/put-record
with:
  stream: \${{ names.stream }}
  partition-key: "1"
  data: Hello (run \${{ learner.nonce }})
\`\`\`

\`\`\`yaml step
id: log
uses: logs/contains
with:
  group: /aws/lambda/\${{ names.function }}
  text: Hello (run \${{ learner.nonce }})
  within: 5
\`\`\`
`;

function frontMatter(names: string): string {
  return `---\nid: "09"\ntitle: Wrong\nsummary: Goes wrong.\nminutes: 1\nformat: 1\nnames:\n${names}---\n\n# Wrong\n`;
}

const allNames = '  role: wrong-role\n  stream: wrong-stream\n  function: wrong-function\n';

/** Writes a lab with a handler beside it and runs it in test mode. */
async function runLab(text: string, handler = 'exports.handler = async () => {};'): Promise<Ended & { readonly home: string }> {
  const home = temporaryFolder();
  mkdirSync(join(home, 'assets/handler'), { recursive: true });
  writeFileSync(join(home, 'assets/handler/index.js'), handler);
  writeFileSync(join(home, '09-wrong.md'), text);
  return { ...(await cli(['test', '09-wrong.md'], { home })), home };
}

async function aliveAfter(home: string): Promise<string> {
  return (await cli(['status'], { home })).stdout;
}

/** Everything that was printed, in one line, as words are not broken the same way at every width. */
function words({ stdout, stderr }: Ended): string {
  return `${stdout} ${stderr}`.replace(/\s+/g, ' ');
}

describe('a lab whose handler throws', () => {
  it('quotes the error of the function beside what was expected, and exits with 1', async () => {
    const handler = "exports.handler = async () => { throw new TypeError('the cup is empty'); };";
    const ended = await runLab(frontMatter(allNames) + roleStep('AWSLambdaKinesisExecutionRole') + pipelineSteps + helloSteps, handler);
    expect(words(ended)).toContain('the function fails: TypeError: the cup is empty (index.js:1:');
    expect(words(ended)).toMatch(/✗ .*expected: .*Hello \(run [0-9a-f]+\).*observed: /);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect(ended.code).toBe(1);
    expect(await aliveAfter(ended.home)).toContain('Nothing is alive');
  });
});

describe('a lab whose handler cannot be loaded', () => {
  it.each([
    [
      'does not export what it is asked for',
      'exports.handlr = async () => {};',
      'Runtime.HandlerNotFound: index.handler is undefined or not exported',
      'Its handler has to name a file and what that file exports',
    ],
    [
      'imports what is not there',
      "require('left-pad');\nexports.handler = async () => {};",
      "Runtime.ImportModuleError: Error: Cannot find module 'left-pad' (index.js:1:1)",
      'The zip has no left-pad.',
    ],
  ])('as it %s, shows the error of Lambda in one line with what to do, and exits with 1', async (_, handler, error, hint) => {
    const ended = await runLab(frontMatter(allNames) + roleStep('AWSLambdaKinesisExecutionRole') + pipelineSteps + helloSteps, handler);
    expect(ended.stdout).toContain(`      observed: the function fails: ${error}\n`);
    expect(words(ended)).toContain(hint);
    expect(ended.code).toBe(1);
    expect(await aliveAfter(ended.home)).toContain('Nothing is alive');
  });
});

describe('a lab whose role lacks a permission', () => {
  it("shows AWS's own refusal and what to do, and exits with 1", async () => {
    const ended = await runLab(frontMatter(allNames) + roleStep('AWSLambdaBasicExecutionRole') + pipelineSteps);
    expect(words(ended)).toContain(
      'Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions',
    );
    expect(words(ended)).toContain('AWSLambdaKinesisExecutionRole');
    expect(ended.code).toBe(1);
    expect(await aliveAfter(ended.home)).toContain('Nothing is alive');
  });
});

describe('a lab that refers to something unknown', () => {
  it('points at the place, suggests what was meant, creates nothing, and exits with 2', async () => {
    const names = '  role: wrong-role\n';
    const ended = await runLab(`${frontMatter(names)}${roleStep('AWSLambdaKinesisExecutionRole')}
\`\`\`yaml step
id: who
uses: aws/call
with:
  service: iam
  operation: GetRole
  input:
    RoleName: \${{ steps.roel.name }}
\`\`\`
`);
    expect(words(ended)).toMatch(/09-wrong\.md:29:15 error: .*"roel"/);
    expect(ended.stderr + ended.stdout).toContain('~~~');
    expect(words(ended)).toMatch(/Did you mean "?role"?\?/i);
    expect(ended.code).toBe(2);
    expect(await aliveAfter(ended.home)).toContain('Nothing is alive');
  });
});

describe('a lab that shows an answer which AWS does not give', () => {
  it('names the place in the answer with what the page shows and what came, and exits with 1', async () => {
    const ended = await runLab(`${frontMatter('  stream: wrong-stream\n')}
\`\`\`yaml step
id: stream
uses: kinesis/stream
with:
  name: \${{ names.stream }}
  shards: 1
\`\`\`

\`\`\`json output
{ "StreamDescription": { "RetentionPeriodHours": 48 } }
\`\`\`
`);
    expect(words(ended)).toMatch(/StreamDescription\.RetentionPeriodHours.*48.*24/);
    expect(ended.code).toBe(1);
    expect(await aliveAfter(ended.home)).toContain('Nothing is alive');
  });
});
