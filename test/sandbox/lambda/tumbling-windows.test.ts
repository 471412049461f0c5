import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { mappingSandbox, type Received, receiver } from '../../support/mapping.ts';

const sandbox = mappingSandbox();
const { lambda } = sandbox;
const length = 20_000;

/** Adds up the numbers that records say. */
const summing = receiver('return { state: { sum: (event.state.sum ?? 0) + texts.reduce((sum, text) => sum + Number(text), 0) } };');

async function mapped(code: string, settings: Parameters<typeof sandbox.map>[2] = {}) {
  const stream = await sandbox.stream();
  const name = await lambda.deploy(code);
  const uuid = await sandbox.map(stream, name, { TumblingWindowInSeconds: 20, ...settings });
  await sandbox.pass(1_000);
  return { stream, name, uuid };
}

/** Waits until a window has just begun, so that nothing that a test does at once falls into two of them. */
async function windowBegins(): Promise<number> {
  await sandbox.pass(length - (lambda.sandbox.clock.now() % length));
  return Math.floor(lambda.sandbox.clock.now() / length) * length;
}

/** The calls of a function, as soon as there are so many. */
async function calls(name: string, count: number): Promise<readonly Received[]> {
  await sandbox.until(async () => (await sandbox.received(name)).length >= count);
  return sandbox.received(name);
}

/** What of each call a test looks at: its data, its state, whether it is the last one of a window. */
function outline(received: readonly Received[]) {
  return received.map(({ data, rest }) => [data, rest['state'], rest['isFinalInvokeForWindow']]);
}

function time(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

describe('A mapping with a tumbling window', () => {
  it('hands the state from call to call, and ends with a call that has no records', async () => {
    const { stream, name } = await mapped(summing);
    const start = await windowBegins();
    for (const [index, text] of ['1', '20', '300'].entries()) {
      await sandbox.put(stream, text);
      await calls(name, index + 1);
    }
    const received = await calls(name, 4);
    expect(outline(received)).toEqual([
      [['1'], {}, false],
      [['20'], { sum: 1 }, false],
      [['300'], { sum: 21 }, false],
      [[], { sum: 321 }, true],
    ]);
    for (const { rest } of received) {
      expect(rest).toEqual({
        window: { start: time(start), end: time(start + length) },
        state: expect.any(Object),
        shardId: 'shardId-000000000000',
        eventSourceARN: sandbox.arn(stream),
        isFinalInvokeForWindow: expect.any(Boolean),
        isWindowTerminatedEarly: false,
      });
    }
    expect(received[3]?.at ?? 0).toBeGreaterThanOrEqual(start + length);
  });

  it('begins anew with each window, and calls nobody for one without records', async () => {
    const { stream, name } = await mapped(summing);
    await windowBegins();
    await sandbox.put(stream, '1');
    await calls(name, 2);
    await sandbox.pass(10 * length);
    await sandbox.put(stream, '2');
    expect(outline(await calls(name, 4))).toEqual([
      [['1'], {}, false],
      [[], { sum: 1 }, true],
      [['2'], {}, false],
      [[], { sum: 2 }, true],
    ]);
  });

  it('sends records of one window only together, even when they were read together', async () => {
    const stream = await sandbox.stream();
    const name = await lambda.deploy(summing);
    await windowBegins();
    await sandbox.putAll(stream, ['1', '2']);
    await windowBegins();
    await sandbox.putAll(stream, ['3', '4']);
    await sandbox.map(stream, name, { TumblingWindowInSeconds: 20 });
    expect(outline(await calls(name, 4))).toEqual([
      [['1', '2'], {}, false],
      [[], { sum: 3 }, true],
      [['3', '4'], {}, false],
      [[], { sum: 7 }, true],
    ]);
  });

  it('does not let a batching window hold records back beyond their window', async () => {
    const { stream, name } = await mapped(summing, { MaximumBatchingWindowInSeconds: 300 });
    const start = await windowBegins();
    await sandbox.put(stream, '1');
    const [first] = await calls(name, 2);
    expect(first?.data).toEqual(['1']);
    expect(first?.at ?? 0).toBeLessThan(start + 2 * length);
  });

  it('has a state for each shard', async () => {
    const stream = await sandbox.stream(2);
    const name = await lambda.deploy(summing);
    await windowBegins();
    await sandbox.putAll(stream, ['1', '2', '3'], (text) => (text === '2' ? 'test' : '1'));
    await sandbox.map(stream, name, { TumblingWindowInSeconds: 20 });
    const last = (await calls(name, 4))
      .filter(({ rest }) => rest['isFinalInvokeForWindow'])
      .map(({ rest }) => [rest['shardId'], rest['state']]);
    expect(last.sort()).toEqual([
      ['shardId-000000000000', { sum: 2 }],
      ['shardId-000000000001', { sum: 4 }],
    ]);
  });

  it('ends the window when the shard ends', async () => {
    const { stream, name } = await mapped(summing);
    const start = await windowBegins();
    await sandbox.put(stream, '1');
    await calls(name, 1);
    await sandbox.split(stream);
    await sandbox.put(stream, '2');
    const received = await calls(name, 3);
    expect(outline(received.slice(0, 2))).toEqual([
      [['1'], {}, false],
      [[], { sum: 1 }, true],
    ]);
    expect(received[1]?.at ?? 0).toBeLessThan(start + length);
    expect(outline(received.slice(2))).toEqual([[['2'], {}, false]]);
  });

  it('goes on with the state after it was changed in the middle of a window', async () => {
    const { stream, name, uuid: UUID } = await mapped(summing);
    await windowBegins();
    await sandbox.put(stream, '1');
    await calls(name, 1);
    await sandbox.client.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 10 }));
    await sandbox.untilEnabled(UUID);
    await sandbox.put(stream, '2');
    expect(outline(await calls(name, 3))).toEqual([
      [['1'], {}, false],
      [['2'], { sum: 1 }, false],
      [[], { sum: 3 }, true],
    ]);
  });
});

describe('A function that is called for a tumbling window', () => {
  it('fails when it returns no state, and is called again with the state from before', async () => {
    const code = `let calls = 0; ${receiver(
      "calls += 1; return calls === 2 ? undefined : calls === 3 ? { state: 'none' } : { state: { calls } };",
    )}`;
    const { stream, name, uuid } = await mapped(code);
    await windowBegins();
    await sandbox.put(stream, 'a');
    await calls(name, 1);
    await sandbox.put(stream, 'b');
    expect(outline(await calls(name, 4)).slice(0, 4)).toEqual([
      [['a'], {}, false],
      [['b'], { calls: 1 }, false],
      [['b'], { calls: 1 }, false],
      [['b'], { calls: 1 }, false],
    ]);
    await sandbox.until(async () => (await sandbox.mapping(uuid)).LastProcessingResult === 'OK');
  });

  it('loses a batch that it fails on for good, and keeps the state', async () => {
    const code = receiver(
      "if (texts.includes('bad')) throw new Error('bad'); return { state: { seen: (event.state.seen ?? 0) + texts.length } };",
    );
    const { stream, name } = await mapped(code, { MaximumRetryAttempts: 1, BatchSize: 1 });
    await windowBegins();
    await sandbox.putAll(stream, ['good', 'bad', 'good']);
    expect(outline(await calls(name, 5))).toEqual([
      [['good'], {}, false],
      [['bad'], { seen: 1 }, false],
      [['bad'], { seen: 1 }, false],
      [['good'], { seen: 1 }, false],
      [[], { seen: 2 }, true],
    ]);
  });

  it('is called for the end of a window as often as its retries allow, and then never again for it', async () => {
    const code = receiver("if (event.isFinalInvokeForWindow) throw new Error('bad'); return { state: {} };");
    const { stream, name } = await mapped(code, { MaximumRetryAttempts: 2 });
    await windowBegins();
    await sandbox.put(stream, 'a');
    await calls(name, 4);
    await sandbox.pass(10 * length);
    expect((await sandbox.received(name)).map(({ rest }) => rest['isFinalInvokeForWindow'])).toEqual([false, true, true, true]);
  });

  it('can report batch item failures; its state is kept unless the whole batch failed', async () => {
    const code = `let calls = 0; ${receiver(`calls += 1;
      const failed = { 1: event.Records[1], 2: event.Records[0] }[calls];
      return { state: { calls }, batchItemFailures: failed ? [{ itemIdentifier: failed.kinesis.sequenceNumber }] : [] };`)}`;
    const { stream, name } = await mapped(code, { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await windowBegins();
    await sandbox.putAll(stream, ['a', 'b']);
    expect(outline(await calls(name, 4))).toEqual([
      [['a', 'b'], {}, false],
      [['b'], { calls: 1 }, false],
      [['b'], { calls: 1 }, false],
      [[], { calls: 3 }, true],
    ]);
  });

  it('ends a window early by a state of more than 1 MB, and what comes then begins anew', async () => {
    const code = `exports.handler = async (event) => {
      const { size } = event.state.text ? { size: event.state.text.length } : { size: 0 };
      console.log('GOT ' + JSON.stringify({ ...event, state: { size } }));
      return { state: { text: 'x'.repeat(size + 600_000) } };
    };`;
    const { stream, name } = await mapped(code);
    const start = await windowBegins();
    for (let count = 1; count <= 2; count += 1) {
      await sandbox.put(stream, `${count}`);
      await calls(name, count);
    }
    await calls(name, 3);
    await sandbox.put(stream, '3');
    const received = await calls(name, 4);
    expect(outline(received.slice(0, 4))).toEqual([
      [['1'], { size: 0 }, false],
      [['2'], { size: 600_000 }, false],
      [[], { size: 1_200_000 }, true],
      [['3'], { size: 0 }, false],
    ]);
    expect(received.slice(0, 4).map(({ rest }) => rest['isWindowTerminatedEarly'])).toEqual([false, false, true, false]);
    expect(received[2]?.at ?? 0).toBeLessThan(start + length);
  });
});
