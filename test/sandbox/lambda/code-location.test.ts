import { CreateFunctionCommand, DeleteFunctionCommand, GetFunctionCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { lambdaSandbox, zipped } from '../../support/lambda.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { patience } from '../../support/patience.ts';

const clock = manualClock();
const lambda = lambdaSandbox({ clock });

const [first, second] = [1, 2].map((answer) => zipped({ 'index.js': `exports.handler = async () => ${answer};` })) as [
  Uint8Array,
  Uint8Array,
];

/** Creates a function, whose versions become active as time goes by. */
async function created(ZipFile: Uint8Array): Promise<string> {
  const { FunctionName = '' } = await lambda.client.send(
    new CreateFunctionCommand({ ...lambda.input(''), Code: { ZipFile }, Publish: true }),
  );
  await clock.advance(1_000);
  return FunctionName;
}

async function location(FunctionName: string, Qualifier?: string): Promise<string> {
  const { Code } = await lambda.client.send(new GetFunctionCommand({ FunctionName, Qualifier }));
  expect(Code?.RepositoryType).toBe('S3');
  return Code?.Location ?? '';
}

/** What anybody gets by a link, without credentials. */
async function fetched(url: string): Promise<{ readonly status: number; readonly bytes: Buffer }> {
  const answer = await fetch(url);
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
}

describe('The link in an answer of GetFunction', () => {
  it('gives the package back as it came, of $LATEST and of each version', async () => {
    const name = await created(first);
    await lambda.client.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: second }));
    await clock.advance(1_000);
    expect(await fetched(await location(name))).toEqual({ status: 200, bytes: Buffer.from(second) });
    expect(await fetched(await location(name, '1'))).toEqual({ status: 200, bytes: Buffer.from(first) });
  });

  it('is good for ten minutes', async () => {
    const url = await location(await created(first));
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('600');
    await clock.advance(599_000);
    expect((await fetched(url)).status).toBe(200);
    await clock.advance(2_000);
    const late = await fetched(url);
    expect(late.status).toBe(403);
    expect(late.bytes.toString()).toContain('<Message>Request has expired</Message>');
  });

  it('is good for nothing else', async () => {
    const [one, other] = [await location(await created(first)), await location(await created(second))];
    const moved = `${new URL(other).origin}${new URL(other).pathname}${new URL(one).search}`;
    expect((await fetched(moved)).bytes.toString()).toContain('<Code>SignatureDoesNotMatch</Code>');
    expect((await fetch(one, { method: 'DELETE' })).status).toBe(403);
    expect((await fetched(one.replace(/\?.*/, ''))).status).toBe(403);
    expect((await fetched(one)).status).toBe(200);
  });

  it('leads nowhere when the function is gone', async () => {
    const name = await created(first);
    const url = await location(name);
    await lambda.client.send(new DeleteFunctionCommand({ FunctionName: name }));
    await expect.poll(async () => (await fetched(url)).status, patience).toBe(404);
  });
});
