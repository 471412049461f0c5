import { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { bodies, newQueue, receive } from '../../support/queues.ts';

let sandbox: Sandbox;
let sqs: SQS;

beforeAll(async () => {
  sandbox = await startSandbox({ virtualTime: true });
  sqs = new SQS({ endpoint: sandbox.endpoint, region: sandbox.region, credentials: sandbox.credentials });
});
afterAll(async () => {
  sqs.destroy();
  await sandbox.stop();
});

describe('waiting for a message on a clock that jumps over idle time', () => {
  it('takes no time, though the clock says that it did', async () => {
    const QueueUrl = await newQueue(sqs);
    const [start, virtualStart] = [performance.now(), sandbox.clock.now()];
    await sqs.sendMessage({ QueueUrl, MessageBody: 'later', DelaySeconds: 15 });
    expect(bodies(await receive(sqs, QueueUrl, { WaitTimeSeconds: 20 }))).toEqual(['later']);
    expect(bodies(await receive(sqs, QueueUrl, { WaitTimeSeconds: 20 }))).toEqual([]);
    expect(sandbox.clock.now() - virtualStart).toBeGreaterThanOrEqual(35_000);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
