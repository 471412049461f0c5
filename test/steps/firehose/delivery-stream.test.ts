import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { deliveryStream } from '../../../src/steps/firehose/delivery-stream.ts';
import { role } from '../../../src/steps/iam/role.ts';
import { stream } from '../../../src/steps/kinesis/stream.ts';
import { bucket } from '../../../src/steps/s3/bucket.ts';
import { object } from '../../../src/steps/s3/object.ts';
import { account, type Bench, failed, openBench } from '../../support/step-bench.ts';

const arn = {
  role: (name: string) => `arn:aws:iam::${account}:role/${name}`,
  stream: (name: string) => `arn:aws:kinesis:us-east-1:${account}:stream/${name}`,
};
const allow = (...actions: string[]) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
const input = { name: 'delivery', stream: arn.stream('orders'), role: arn.role('deliverer'), bucket: 'arn:aws:s3:::delivered' };

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  const { context } = bench.visit();
  await stream.bind({ name: 'orders', shards: 1 }).apply(context);
  await stream.bind({ name: 'others', shards: 1 }).apply(context);
  await bucket.bind({ name: 'delivered' }).apply(context);
  const policy = { name: 'deliver', document: allow('kinesis:*', 's3:*') };
  await role.bind({ name: 'deliverer', service: 'firehose.amazonaws.com', policy }).apply(context);
  await role.bind({ name: 'for-lambda' }).apply(context);
  const blind = { name: 'deliver', document: allow('kinesis:DescribeStreamSummary', 's3:*') };
  await role.bind({ name: 'blind', service: 'firehose.amazonaws.com', policy: blind }).apply(context);
});
afterAll(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

const check = (given: object) => deliveryStream.bind(given).check(bench.visit({ readOnly: true }).context);

describe('a delivery stream', () => {
  it.each([
    ['for-lambda', 'Firehose is unable to assume role', 'The trust policy of arn:aws:iam::123456789012:role/for-lambda'],
    ['blind', 'is not authorized to perform: kinesis:DescribeStream', 'DescribeStreamSummary is not enough'],
  ])('is not made in the name of a role that will not do (%s), and says what to do', async (name, says, hint) => {
    const making = deliveryStream.bind({ ...input, name: `as-${name}`, role: arn.role(name) }).apply(bench.visit().context);
    await expect(making).rejects.toThrow(says);
    await expect(making).rejects.toMatchObject({ exitCode: 1, hint: expect.stringContaining(hint) });
  });

  it('delivers what is put after it was created, packed and below its prefix, and nothing from before', async () => {
    const { context } = bench.visit();
    const put = (text: string) =>
      context.aws.call(apiCall('kinesis', 'PutRecord', { StreamName: 'orders', PartitionKey: 'k', Data: Buffer.from(`${text}\n`) }));
    await put('too early');
    const step = { ...input, prefix: 'in/', buffering: { seconds: 60, megabytes: 1 }, compression: 'GZIP' };
    await deliveryStream.bind(step).apply(context);
    expect(failed(await check(step))).toEqual([]);
    await put('in time');
    const delivered = object.bind({ bucket: 'delivered', prefix: 'in/', expect: { contains: ['in time'], lines: 1 } });
    expect(failed(await delivered.check(context))).toEqual([]);
  });

  it('is changed where it can be, and says what is other than it should be', async () => {
    const step = { ...input, prefix: 'out/', buffering: { seconds: 120, megabytes: 2 }, compression: 'UNCOMPRESSED' };
    expect(failed(await check(step)).map(({ fact, expected, observed }) => [fact, expected, observed])).toEqual([
      ['prefix of delivery', 'out/', 'in/'],
      ['buffering of delivery', '{"SizeInMBs":2,"IntervalInSeconds":120}', '{"SizeInMBs":1,"IntervalInSeconds":60}'],
      ['compression of delivery', 'UNCOMPRESSED', 'GZIP'],
    ]);
    const { context, writes } = bench.visit();
    await deliveryStream.bind(step).apply(context);
    expect(writes.map(({ operation }) => operation)).toEqual(['UpdateDestination']);
    expect(failed(await check(step))).toEqual([]);
  });

  it('that reads another stream cannot become one that reads this', async () => {
    const step = { ...input, stream: arn.stream('others') };
    expect(failed(await check(step))).toMatchObject([{ fact: 'source of delivery', expected: step.stream, observed: input.stream }]);
    const making = deliveryStream.bind(step).apply(bench.visit().context);
    await expect(making).rejects.toThrow(`reads ${input.stream} as ${input.role}, which cannot be changed.`);
    await expect(making).rejects.toMatchObject({ hint: expect.stringContaining('aws firehose delete-delivery-stream') });
  });

  it('that is missing is said to be, with how to create it', async () => {
    expect(await check({ ...input, name: 'none' })).toMatchObject([
      { ok: false, observed: 'there is none', hint: expect.stringContaining('aws firehose create-delivery-stream') },
    ]);
  });
});
