import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { openSession } from '../../../src/aws/session.ts';
import { createWait } from '../../../src/aws/wait.ts';
import { bucket } from '../../../src/steps/s3/bucket.ts';
import { type Bench, failed, openBench } from '../../support/step-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

const resource = bucket.resources[0];

describe('a bucket', () => {
  it.each(['Telemetry', 'a', 'two..dots', '10.0.0.1', '-lead', 'a'.repeat(64)])('cannot be called %s', (name) => {
    expect(() => bucket.bind({ name })).toThrow();
  });

  it('is emptied before it is deleted, over all pages of its objects', async () => {
    const { context } = bench.visit();
    await bucket.bind({ name: 'full' }).apply(context);
    const keys = Array.from({ length: 1_001 }, (_, n) => `a b/${n}`);
    await Promise.all(keys.map((Key) => context.aws.call(apiCall('s3', 'PutObject', { Bucket: 'full', Key, Body: 'x' }))));
    await resource?.remove('full', context);
    expect(await resource?.exists('full', context)).toBe(false);
  });

  it('is told from one whose name only begins like it', async () => {
    await bucket.bind({ name: 'orders-2' }).apply(bench.visit().context);
    expect(failed(await bucket.bind({ name: 'orders' }).check(bench.visit({ readOnly: true }).context))).toMatchObject([
      { fact: 'bucket orders', observed: 'there is none', hint: expect.stringContaining('aws s3api create-bucket --bucket orders') },
    ]);
  });

  it('that is in another region than us-east-1 is created there', async () => {
    const { sandbox, target } = bench;
    const wait = createWait({ clock: sandbox.clock });
    const aws = openSession({ target: { ...target, region: 'eu-central-1' }, clock: sandbox.clock, wait });
    await bucket.bind({ name: 'in-frankfurt' }).apply({ ...bench.visit().context, aws, wait });
    expect(await aws.call(apiCall('s3', 'GetBucketLocation', { Bucket: 'in-frankfurt' }))).toEqual({ LocationConstraint: 'eu-central-1' });
    aws.destroy();
  });
});
