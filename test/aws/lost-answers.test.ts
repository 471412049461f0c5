import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { AnswerLost, ApiError, orDone } from '../../src/aws/aws.ts';
import { openSession } from '../../src/aws/session.ts';
import { createWait } from '../../src/aws/wait.ts';
import { swiftClock } from '../support/swift-clock.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const listStreams = apiCall('kinesis', 'ListStreams', {});
const createStream = apiCall('kinesis', 'CreateStream', { StreamName: 's', ShardCount: 1 });
const putRecord = apiCall('kinesis', 'PutRecord', { StreamName: 's', PartitionKey: '1', Data: new Uint8Array([1]) });

type Reply = (response: ServerResponse) => void;

const refused =
  (status: number, code: string, message = 'Said by AWS.'): Reply =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify({ __type: code, message }));
const answered: Reply = (response) => response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{}');
const cut: Reply = (response) => response.destroy();

/** A session on a clock of its own with an AWS that replies so, one reply after the other; the last one stays. */
async function talkingTo(replies: readonly Reply[], options: { readonly reached?: boolean } = { reached: true }) {
  let requests = 0;
  const listener: RequestListener = (request, response) => {
    const reply = replies[Math.min(requests, replies.length - 1)];
    requests += 1;
    request.resume().on('end', () => reply?.(response));
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = swiftClock();
  const waits: string[] = [];
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const aws = openSession({
    target: { label: endpoint, endpoint, region: 'us-east-1', credentials, propagationMs: 0, billed: false },
    clock,
    wait: createWait({ clock, onWaiting: (what) => waits.push(what) }),
    ...options,
  });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  closing.push(() => aws.destroy(), close);
  return { aws, clock, waits, close, requests: () => requests, waited: () => clock.slept.reduce((sum, ms) => sum + ms, 0) };
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
}

describe('what stands in the way of a call', () => {
  it.each<[string, Reply, string]>([
    [
      'is throttled',
      refused(400, 'LimitExceededException', 'Rate exceeded'),
      'kinesis:ListStreams to be let through (LimitExceededException)',
    ],
    ['meets a service that fails', refused(500, 'InternalFailure'), 'kinesis:ListStreams to be answered (InternalFailure)'],
    ['loses its connection', cut, 'kinesis:ListStreams to be answered (the connection was closed)'],
  ])('is waited for by name, and then it is made again: a call that %s', async (_, reply, what) => {
    const { aws, waits, requests } = await talkingTo([reply, reply, answered]);
    expect(await aws.call(listStreams)).toEqual({});
    expect(waits).toEqual([what]);
    expect(requests()).toBe(3);
  });

  it('is told anew when something else stands in the way', async () => {
    const { aws, waits } = await talkingTo([
      refused(500, 'InternalFailure'),
      refused(400, 'LimitExceededException', 'Rate exceeded'),
      cut,
      answered,
    ]);
    await aws.call(listStreams);
    expect(waits).toEqual([
      'kinesis:ListStreams to be answered (InternalFailure)',
      'kinesis:ListStreams to be let through (LimitExceededException)',
      'kinesis:ListStreams to be answered (the connection was closed)',
    ]);
  });

  it.each<[string, Reply, number, string | RegExp]>([
    ['throttled', refused(400, 'LimitExceededException', 'Rate exceeded'), 60_000, 'Rate exceeded'],
    ['failing', refused(503, 'ServiceUnavailable'), 30_000, 'Said by AWS.'],
    ['cut off', cut, 30_000, /did not answer kinesis:ListStreams: the connection was closed\.$/],
  ])('is given up after a while, with what was said last: a call that goes on being %s', async (_, reply, ms, message) => {
    const { aws, waited, clock } = await talkingTo([reply]);
    await expect(aws.call(listStreams)).rejects.toThrow(message);
    expect(waited()).toBeGreaterThanOrEqual(ms);
    expect(waited()).toBeLessThan(ms + 1_000);
    // Back-off: the pauses grow, to four times the first.
    expect(Math.max(...clock.slept)).toBeGreaterThan(2 * (clock.slept[0] ?? 0) - 1);
    expect(Math.max(...clock.slept)).toBeLessThanOrEqual(4_000);
  });

  it.each([
    ['a quota', 'LimitExceededException', 'This request would exceed the shard limit for the account 1 in us-east-1.'],
    ['a mistake', 'ValidationException', 'Said by AWS.'],
    ['no permission', 'AccessDeniedException', 'User: arn:aws:iam::1:user/x is not authorized to perform: kinesis:ListStreams'],
  ])('is not waited for where it does not pass: %s', async (_, code, message) => {
    const { aws, requests, waits } = await talkingTo([refused(400, code, message)]);
    await expect(aws.call(listStreams)).rejects.toMatchObject({ code });
    expect({ requests: requests(), waits }).toEqual({ requests: 1, waits: [] });
  });

  it('is an operation that the endpoint does not have', async () => {
    const { aws, requests } = await talkingTo([refused(501, 'NotImplemented')]);
    await expect(aws.call(listStreams)).rejects.toMatchObject({ code: 'NotImplemented' });
    expect(requests()).toBe(1);
  });
});

describe('a machine whose clock is an hour ahead of that of AWS', () => {
  const hour = 3_600_000;
  const says =
    (reply: Reply): Reply =>
    (response) => {
      response.setHeader('date', new Date(Date.now() - hour).toUTCString());
      reply(response);
    };
  const looksAtTime = says((response) => {
    const [, ...parts] = /^(....)(..)(..)T(..)(..)(..)Z$/.exec(String(response.req.headers['x-amz-date'])) ?? [];
    const [year = 0, month = 0, ...rest] = parts.map(Number);
    const signedAt = Date.UTC(year, month - 1, ...rest);
    const right = Math.abs(Date.now() - hour - signedAt) < hour / 12;
    (right ? answered : refused(403, 'InvalidSignatureException', 'Signature not yet current'))(response);
  });

  it('signs with the time that AWS has told, a write as well', async () => {
    const { aws, requests, waits } = await talkingTo([looksAtTime]);
    await aws.call(putRecord);
    expect(requests()).toBe(2);
    await aws.call(putRecord);
    expect(requests()).toBe(3);
    expect(waits).toEqual(['kinesis:PutRecord to be signed with the time of AWS (the clock of this machine is wrong)']);
  });

  it.each(['ResourceNotFoundException', 'AccessDeniedException'])('makes no other call again for that: %s', async (code) => {
    const { aws, requests, waits } = await talkingTo([says(refused(400, code))]);
    await expect(aws.call(listStreams)).rejects.toMatchObject({ code });
    expect({ requests: requests(), waits }).toEqual({ requests: 1, waits: [] });
  });

  it('does not wait for a signature that is wrong all the same', async () => {
    const { aws, waited } = await talkingTo([says(refused(403, 'InvalidSignatureException', 'The signatures do not match.'))]);
    await expect(aws.call(listStreams)).rejects.toThrow(/^The credentials were not accepted by .*: The signatures do not match\.$/);
    expect(waited()).toBeLessThan(2_000);
  });

  it('has no write done twice because a service failed', async () => {
    const { aws } = await talkingTo([says(refused(500, 'InternalFailure')), answered]);
    expect(await failureOf(aws.call(putRecord))).toBeInstanceOf(AnswerLost);
  });
});

describe('an endpoint that cannot be reached', () => {
  it.each([
    ['soon, where nobody ever answered', undefined, 3_000],
    ['later, where somebody did: networks come back', true, 30_000],
  ])('is given up %s', async (_, reached, ms) => {
    const { aws, close, waited, waits } = await talkingTo([answered], reached === undefined ? {} : { reached });
    close();
    await expect(aws.call(listStreams)).rejects.toThrow('nothing listens there (connection refused)');
    expect(waited()).toBeGreaterThanOrEqual(ms);
    expect(waited()).toBeLessThan(ms + 1_000);
    expect(waits).toEqual(['kinesis:ListStreams to be answered (nothing listens there (connection refused))']);
  });
});

describe('a write whose answer was lost', () => {
  it('is done when AWS says at the second attempt that it is done already', async () => {
    const { aws, requests } = await talkingTo([cut, refused(400, 'ResourceInUseException', 'Stream s under account 1 already exists.')]);
    expect(await orDone(aws.call(createStream))).toBeUndefined();
    expect(requests()).toBe(2);
  });

  it('may have been done by a service that failed', async () => {
    const { aws } = await talkingTo([refused(500, 'InternalFailure'), refused(400, 'ResourceInUseException')]);
    expect(await orDone(aws.call(createStream))).toBeUndefined();
  });

  it.each<[string, readonly Reply[]]>([
    ['it is the first attempt that was refused', [refused(400, 'ResourceInUseException')]],
    [
      'the attempt before was throttled, and did nothing',
      [refused(400, 'LimitExceededException', 'Rate exceeded'), refused(400, 'ResourceInUseException')],
    ],
    ['it was refused for something else', [cut, refused(400, 'ValidationException')]],
  ])('is not taken for done when %s', async (_, replies) => {
    const { aws } = await talkingTo(replies);
    expect(await failureOf(orDone(aws.call(createStream)))).toBeInstanceOf(ApiError);
  });

  it.each<[string, Reply]>([
    ['the connection was cut', cut],
    ['the service failed', refused(500, 'InternalFailure')],
  ])('is not made again by itself where it would do its thing twice: %s', async (_, reply) => {
    const { aws, requests } = await talkingTo([reply]);
    const failure = await failureOf(aws.call(putRecord));
    expect(failure).toBeInstanceOf(AnswerLost);
    expect(failure).toMatchObject({ exitCode: 3, call: putRecord, hint: expect.stringContaining('Nobody knows whether it took effect.') });
    expect(requests()).toBe(1);
  });

  it('is made again where it surely did nothing', async () => {
    const { aws, requests } = await talkingTo([
      refused(400, 'ProvisionedThroughputExceededException', 'Rate exceeded for shard …'),
      answered,
    ]);
    await aws.call(putRecord);
    expect(requests()).toBe(2);
  });
});
