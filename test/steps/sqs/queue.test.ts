import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { allFound } from '../../../src/aws/query.ts';
import { queue } from '../../../src/steps/sqs/queue.ts';
import { urlOf } from '../../../src/steps/sqs/queue-call.ts';
import { account, type Bench, failed, openBench } from '../../support/step-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

const setVisibility = (name: string, seconds: string) =>
  apiCall('sqs', 'SetQueueAttributes', { QueueUrl: urlOf(name), Attributes: { VisibilityTimeout: seconds } });

describe('the check of a queue', () => {
  it('says of a queue that is missing only that, and how to create it', async () => {
    const [finding, ...more] = await queue.bind({ name: 'missing', retention: 60 }).check(bench.visit({ readOnly: true }).context);
    expect(finding).toMatchObject({ fact: 'queue missing', expected: 'a queue', observed: 'there is none', ok: false });
    expect(finding?.hint).toContain('aws sqs create-queue --queue-name missing');
    expect(more).toEqual([]);
  });

  it('looks at no attribute that is not asked for', async () => {
    const { context } = bench.visit();
    const step = queue.bind({ name: 'plain' });
    await step.apply(context);
    await context.aws.call(setVisibility('plain', '77'));
    expect(failed(await step.check(context))).toEqual([]);
  });

  it('tells attributes that are not as asked for, and how to change them', async () => {
    const { context } = bench.visit();
    await queue.bind({ name: 'other' }).apply(context);
    const findings = failed(await queue.bind({ name: 'other', 'visibility-timeout': 60, retention: 120 }).check(context));
    expect(findings.map(({ fact, expected, observed }) => [fact, expected, observed])).toEqual([
      ['visibility timeout in seconds of other', '60', '30'],
      ['retention in seconds of other', '120', '345600'],
    ]);
    expect(findings[0]?.hint).toContain('aws sqs set-queue-attributes');
  });
});

describe('doing a queue', () => {
  it('changes only what differs of one that is there', async () => {
    const { context } = bench.visit();
    await queue.bind({ name: 'drifted', retention: 120 }).apply(context);
    const again = bench.visit();
    const step = queue.bind({ name: 'drifted', retention: 120, 'visibility-timeout': 60 });
    await step.apply(again.context);
    expect(again.writes).toEqual([setVisibility('drifted', '60')]);
    expect(failed(await step.check(context))).toEqual([]);
  });

  it('waits until the name of a queue that was deleted is free again', async () => {
    const { context, waits } = bench.visit();
    const step = queue.bind({ name: 'phoenix' });
    await step.apply(context);
    await queue.resources[0]?.remove('phoenix', context);
    await step.apply(context);
    expect(waits).toEqual(['the name phoenix to be free again']);
    expect(failed(await step.check(context))).toEqual([]);
  });
});

describe('the queues of an account', () => {
  it('can be listed by name, and read as ARN and URL', async () => {
    const { context } = bench.visit();
    const step = queue.bind({ name: 'named' });
    await step.apply(context);
    const { Attributes } = await context.aws.call(
      apiCall('sqs', 'GetQueueAttributes', { QueueUrl: urlOf('named'), AttributeNames: ['QueueArn'] }),
    );
    expect(Attributes?.QueueArn).toBe(`arn:aws:sqs:us-east-1:${account}:named`);
    const all = queue.resources[0]?.all;
    expect(all && (await allFound(context.aws, all))).toContain('named');
  });
});

describe('what can be wrong about a queue', () => {
  it('is noticed by the check, attribute by attribute', async () => {
    const { context } = bench.visit();
    const step = queue.bind({ name: 'mutated', 'visibility-timeout': 31, retention: 120 });
    await step.apply(context);
    expect(step.mutations()).toHaveLength(2);
    for (const mutation of step.mutations()) {
      await mutation.apply(context);
      expect(failed(await step.check(context)), mutation.name).toHaveLength(1);
      await step.apply(context);
      expect(failed(await step.check(context))).toEqual([]);
    }
  });
});
