import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mappingSandbox } from '../../support/mapping.ts';

const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
/** Fails for good on records that say `bad`, and twice on those that say `flaky`. */
const handler = `
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';

const processor = new BatchProcessor(EventType.KinesisDataStreams);
const attempts = new Map();

async function processRecord({ kinesis }) {
  const text = Buffer.from(kinesis.data, 'base64').toString();
  const count = (attempts.get(text) ?? 0) + 1;
  attempts.set(text, count);
  if (text.startsWith('bad') || (text === 'flaky' && count < 3)) throw new Error('Attempt ' + count + ' at ' + text);
}

export async function handler(event, context) {
  console.log('GOT ' + JSON.stringify(event));
  return processPartialResponse(event, processRecord, processor, { context });
}
`;

const sandbox = mappingSandbox();

/** The files of a package and of everything that it needs, where a function's ZIP file has them. */
function packaged(name: string): Record<string, string> {
  const folder = join(modules, name);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && /\.(c|m)?js(on)?$/.test(file.name))
    .map((file) => join(file.parentPath, file.name))
    .map((path) => [join('node_modules', relative(modules, path)), readFileSync(path, 'utf8')]);
  return Object.assign(Object.fromEntries(files), ...Object.keys(dependencies).map(packaged));
}

async function mapped(texts: readonly string[], settings: Parameters<typeof sandbox.map>[2]) {
  const stream = await sandbox.stream();
  await sandbox.putAll(stream, texts);
  const name = await sandbox.lambda.deploy({ 'index.mjs': handler, ...packaged('@aws-lambda-powertools/batch') }, { Timeout: 10 });
  const uuid = await sandbox.map(stream, name, { FunctionResponseTypes: ['ReportBatchItemFailures'], ...settings });
  return { name, uuid };
}

describe("A handler made with AWS's own batch processor", () => {
  it('gets again from the record on that failed, until it has been through all', async () => {
    const { name, uuid } = await mapped(['a', 'b', 'flaky', 'c', 'd'], { BatchSize: 4, MaximumRetryAttempts: 5 });
    expect(await sandbox.batches(name, 4)).toEqual([['a', 'b', 'flaky', 'c'], ['flaky', 'c'], ['flaky', 'c'], ['d']]);
    await sandbox.until(async () => (await sandbox.mapping(uuid)).LastProcessingResult === 'OK');
    await sandbox.pass(3_600_000);
    expect(await sandbox.received(name)).toHaveLength(4);
  });

  it('throws when no record of a batch could be processed, and gets all of it again', async () => {
    const { name } = await mapped(['bad 1', 'bad 2', 'good'], { BatchSize: 2, MaximumRetryAttempts: 1 });
    expect(await sandbox.batches(name, 3)).toEqual([['bad 1', 'bad 2'], ['bad 1', 'bad 2'], ['good']]);
    const log = (await sandbox.lambda.logged(name)).join('');
    expect(log.match(/"errorType":"FullBatchFailureError"/g)).toHaveLength(2);
  });
});
