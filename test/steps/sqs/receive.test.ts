import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { queue } from '../../../src/steps/sqs/queue.ts';
import { urlOf } from '../../../src/steps/sqs/queue-call.ts';
import { receive } from '../../../src/steps/sqs/receive.ts';
import { type Bench, failed, openBench } from '../../support/step-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

/** A queue with these messages. */
async function filled(name: string, bodies: readonly string[]): Promise<void> {
  const { context } = bench.visit();
  await queue.bind({ name }).apply(context);
  for (const MessageBody of bodies) await context.aws.call(apiCall('sqs', 'SendMessage', { QueueUrl: urlOf(name), MessageBody }));
}

const look = () => bench.visit({ readOnly: true });

describe('looking at a queue', () => {
  it('is possible for somebody who may only read, and leaves the messages to others', async () => {
    await filled('left-alone', ['{"order":1}']);
    const step = receive.bind({ queue: 'left-alone', expect: [{ query: 'order', equals: 1 }] });
    for (let time = 0; time < 3; time++) expect(failed(await step.check(look().context))).toEqual([]);
    const received = apiCall('sqs', 'ReceiveMessage', { QueueUrl: urlOf('left-alone') });
    expect((await bench.visit().context.aws.call(received)).Messages?.map(({ Body }) => Body)).toEqual(['{"order":1}']);
  });

  it('finds a message behind more than one answer holds, and notes it with its body as JSON', async () => {
    await filled(
      'long',
      Array.from({ length: 25 }, (_, number) => JSON.stringify({ number })),
    );
    const { context, found } = look();
    expect(failed(await receive.bind({ queue: 'long', expect: [{ query: 'number', equals: 24 }] }).check(context))).toEqual([]);
    expect(found.map(({ answer }) => answer)).toEqual([{ Messages: [{ MessageId: expect.any(String), Body: { number: 24 } }] }]);
  });

  it('counts each message once', async () => {
    await filled('two', ['{"a":1}', '{"a":1}']);
    const step = (count: number) => receive.bind({ queue: 'two', expect: [{ query: 'a', equals: 1 }], count, within: 5 });
    expect(failed(await step(2).check(look().context))).toEqual([]);
    expect(failed(await step(3).check(look().context))).toMatchObject([
      { expected: '3 messages that hold what is expected', observed: '2 messages' },
    ]);
  });

  it('waits for a message that is still to come', async () => {
    const { context } = bench.visit();
    await queue.bind({ name: 'late' }).apply(context);
    await context.aws.call(apiCall('sqs', 'SendMessage', { QueueUrl: urlOf('late'), MessageBody: 'here', DelaySeconds: 20 }));
    const { context: looking, waits } = look();
    expect(failed(await receive.bind({ queue: 'late', expect: [{ query: '@', equals: 'here' }] }).check(looking))).toEqual([]);
    expect(waits).toEqual(['late to hold 1 message']);
  });
});

describe('looking at a queue that does not hold what is expected', () => {
  it('says that there is no such queue', async () => {
    const findings = await receive.bind({ queue: 'missing' }).check(look().context);
    expect(findings).toMatchObject([{ observed: 'there is no queue missing', hint: 'Create the queue first.', ok: false }]);
  });

  it('says that nothing is in it', async () => {
    await filled('empty', []);
    const findings = await receive.bind({ queue: 'empty', within: 2 }).check(look().context);
    expect(findings).toMatchObject([{ fact: 'messages in empty', expected: '1 message', observed: '0 messages', ok: false }]);
    expect(findings[0]?.hint).toContain('Nothing has been sent to it');
  });

  it('compares the message that is nearest to it', async () => {
    await filled('near', ['no JSON', '{"a":1,"b":2}', '{"a":0}']);
    const expected = [
      { query: 'a', equals: 1 },
      { query: 'b', equals: 3 },
    ];
    const findings = failed(await receive.bind({ queue: 'near', expect: expected, within: 2 }).check(look().context));
    expect(findings.map((finding) => [finding.fact, finding.expected, finding.observed])).toEqual([
      ['messages in near', '1 message that holds what is expected', '0 of 3 messages'],
      ['b in a message of near', '3', '2'],
    ]);
  });

  it('refuses an expectation that cannot be read', () => {
    expect(() => receive.bind({ queue: 'q', expect: [{ query: 'a[', equals: 1 }] })).toThrow('is not a JMESPath expression');
  });
});
