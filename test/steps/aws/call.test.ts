import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../../src/steps/aws/call.ts';
import { stream } from '../../../src/steps/kinesis/stream.ts';
import { type Bench, openBench } from '../../support/step-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  await stream.bind({ name: 'orders', shards: 2 }).apply(bench.visit().context);
});
afterAll(() => bench.close());

const describeStream = { service: 'kinesis', operation: 'DescribeStream', input: { StreamName: 'orders' } };

describe('a read-only call', () => {
  it.each([
    ['equals', { query: 'length(StreamDescription.Shards)', equals: 2 }],
    ['equals', { query: 'StreamDescription.StreamModeDetails', equals: { StreamMode: 'PROVISIONED' } }],
    ['equals', { query: 'StreamDescription.KeyId', equals: null }],
    ['contains', { query: 'StreamDescription.Shards[].ShardId', contains: 'shardId-000000000001' }],
    ['contains', { query: 'StreamDescription.StreamARN', contains: ':stream/' }],
    ['matches', { query: 'StreamDescription.StreamCreationTimestamp', matches: '^\\d{4}-\\d\\d-\\d\\dT' }],
  ])('is met when its answer %s %j', async (_, expectation) => {
    expect(await call.bind({ ...describeStream, expect: [expectation] }).check(bench.visit({ readOnly: true }).context)).toMatchObject([
      { ok: true },
    ]);
  });

  it.each([
    [{ query: 'StreamDescription.StreamStatus', equals: 'CREATING' }, 'CREATING', 'ACTIVE'],
    [{ query: 'StreamDescription.Nothing', equals: 1 }, '1', 'nothing'],
    [
      { query: 'StreamDescription.Shards[].ShardId', contains: 'x' },
      'something with x in it',
      '["shardId-000000000000","shardId-000000000001"]',
    ],
    [{ query: 'length(StreamDescription.Shards)', matches: '2' }, 'a text that matches 2', '2'],
  ])('says what it expected and what it saw: %j', async (expectation, expected, observed) => {
    expect(await call.bind({ ...describeStream, expect: [expectation] }).check(bench.visit().context)).toMatchObject([
      { fact: `${expectation.query} in the answer to kinesis:DescribeStream`, expected, observed, ok: false, hint: expect.any(String) },
    ]);
  });

  it('takes a query that the answer does not fit for an answer that is wrong', async () => {
    const step = call.bind({ ...describeStream, expect: [{ query: 'length(StreamDescription.Nothing)', equals: 2 }] });
    expect(await step.check(bench.visit().context)).toMatchObject([
      { expected: '2', observed: expect.stringMatching(/^an answer that the query does not fit: .*length\(\)/), ok: false },
    ]);
  });

  it('finds that what it asks for is not there', async () => {
    const step = call.bind({ ...describeStream, input: { StreamName: 'missing' } });
    expect(await step.check(bench.visit().context)).toMatchObject([
      { ok: false, observed: 'ResourceNotFoundException: Stream missing under account 123456789012 not found.' },
    ]);
  });

  it('says which operation was probably meant', async () => {
    const checking = call.bind({ service: 'kinesis', operation: 'ListStream' }).check(bench.visit().context);
    await expect(checking).rejects.toMatchObject({
      message: 'The service kinesis has no operation ListStream.',
      hint: 'Did you mean "ListStreams"?',
    });
  });
});

describe('the input of a read-only call', () => {
  it.each([
    ['a write', { service: 'kinesis', operation: 'PutRecord' }, 'kinesis:PutRecord changes something; aws/call makes read-only calls only'],
    ['what answers with a secret', { service: 'sts', operation: 'AssumeRole' }, 'sts:AssumeRole answers with a secret'],
    ['a link that works like a secret', { service: 'lambda', operation: 'GetFunction' }, 'lambda:GetFunction answers with a secret'],
    ['an expectation of nothing', { ...describeStream, expect: [{ query: 'a' }] }, 'needs exactly one of equals, contains and matches'],
    ['two expectations in one', { ...describeStream, expect: [{ query: 'a', equals: 1, matches: '1' }] }, 'needs exactly one of'],
    ['what is not JMESPath', { ...describeStream, expect: [{ query: 'a[', equals: 1 }] }, 'is not a JMESPath expression'],
    ['what is not a regular expression', { ...describeStream, expect: [{ query: 'a', matches: '(' }] }, 'is not a regular expression'],
  ])('refuses %s', (_, input, message) => expect(() => call.bind(input)).toThrow(message));
});

describe('a call that nobody can make', () => {
  const flaws = (input: object) => call.bind({ service: 'kinesis', ...input }).flaws();

  it('is of an operation that the service has not', async () => {
    expect(await flaws({ operation: 'ListStreems' })).toEqual([
      { path: ['operation'], message: 'The service kinesis has no operation ListStreems.', hint: 'Did you mean "ListStreams"?' },
    ]);
  });

  it('gives a member that the request has not, at any depth: the SDK would leave it out without a word', async () => {
    const input = { StreamNam: 'orders', ShardFilter: { Typ: 'AT_LATEST' } };
    expect(await flaws({ operation: 'ListShards', input })).toEqual([
      {
        path: ['input', 'StreamNam'],
        about: 'key',
        message: 'The request of kinesis:ListShards has no member StreamNam.',
        hint: 'Did you mean "StreamName"?',
      },
      {
        path: ['input', 'ShardFilter', 'Typ'],
        about: 'key',
        message: '`ShardFilter` in the request of kinesis:ListShards has no member Typ.',
        hint: 'Did you mean "Type"?',
      },
    ]);
    expect(await flaws({ operation: 'ListShards', input: { StreamName: 'orders', ShardFilter: { Type: 'AT_LATEST' } } })).toEqual([]);
    expect(await call.bind({ service: 'sts', operation: 'GetCallerIdentity', input: { Account: '1' } }).flaws()).toMatchObject([
      { hint: 'It has none.' },
    ]);
  });
});
