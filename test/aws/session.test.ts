import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiCall, apiCall } from '../../src/aws/api-call.ts';
import { ApiError, WriteRefused } from '../../src/aws/aws.ts';
import { createClient, createCommand } from '../../src/aws/client.ts';
import { type AwsSession, type CallEvent, openSession, type SessionOptions } from '../../src/aws/session.ts';
import type { Target } from '../../src/aws/target.ts';
import { createWait } from '../../src/aws/wait.ts';
import { UserError } from '../../src/util/user-error.ts';
import { swiftClock } from '../support/swift-clock.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const listStreams = apiCall('kinesis', 'ListStreams', {});
const listRoles = apiCall('iam', 'ListRoles', {});
const createStream = apiCall('kinesis', 'CreateStream', { StreamName: 's', ShardCount: 1 });

function target(endpoint: string, more: Partial<Target> = {}): Target {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  return { label: endpoint, endpoint, region: 'us-east-1', credentials, propagationMs: 0, billed: false, ...more };
}

function session(options: Partial<SessionOptions> & Pick<SessionOptions, 'target'>): AwsSession {
  const { signal } = options;
  const clock = swiftClock(Date.now());
  const opened = openSession({ clock, wait: createWait({ clock, ...(signal ? { signal } : {}) }), ...options });
  closing.push(() => opened.destroy());
  return opened;
}

/** A server that is not AWS, or AWS in a bad state. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The address of a server that is gone. */
async function nowhere(): Promise<string> {
  const endpoint = await serve(() => undefined);
  closing.pop()?.();
  return endpoint;
}

describe('a call that gets no answer', () => {
  it.each<ApiCall>([listStreams, listRoles])('says which endpoint does not listen ($service)', async (call) => {
    const endpoint = await nowhere();
    const calling = session({ target: target(endpoint) }).call(call);
    await expect(calling).rejects.toThrow(
      `${endpoint} did not answer ${call.service}:${call.operation}: nothing listens there (connection refused).`,
    );
    await expect(calling).rejects.toMatchObject({ exitCode: 3, hint: 'Check that the server is running and that the URL is right.' });
    await expect(calling).rejects.toBeInstanceOf(UserError);
  });

  it('says that a name is not known', async () => {
    await expect(session({ target: target('http://aws.invalid') }).call(listStreams)).rejects.toThrow(/\(DNS\)\.$/);
  });

  it('says what to do about credentials that could not be loaded', async () => {
    const credentials = async () => {
      throw Object.assign(new Error('Could not load credentials from any providers'), { name: 'CredentialsProviderError' });
    };
    const calling = session({ target: target(await nowhere(), { credentials }) }).call(listStreams);
    await expect(calling).rejects.toThrow('No AWS credentials could be loaded: Could not load credentials from any providers');
    await expect(calling).rejects.toMatchObject({ exitCode: 3, hint: expect.stringContaining('aws sso login') });
  });

  it('ends with the reason of the signal when the run is interrupted', async () => {
    const interruption = new AbortController();
    const endpoint = await serve(() => interruption.abort(new Error('Ctrl-C')));
    await expect(session({ target: target(endpoint), signal: interruption.signal }).call(listStreams)).rejects.toThrow('Ctrl-C');
  });
});

describe('a call that is answered by something else than AWS', () => {
  it.each<ApiCall>([listStreams, listRoles])('asks whether it is AWS ($service)', async (call) => {
    const endpoint = await serve((_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>'));
    const calling = session({ target: target(endpoint) }).call(call);
    await expect(calling).rejects.toBeInstanceOf(ApiError);
    await expect(calling).rejects.toThrow(endpoint);
    await expect(calling).rejects.toMatchObject({ status: 404 });
  });
});

describe('a call that AWS refuses', () => {
  const answer =
    (status: number, code: string, message: string): RequestListener =>
    (_, response) =>
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'id-1' })
        .end(JSON.stringify({ __type: code, message }));

  it('throws the code, the text and the request id of AWS, with the call', async () => {
    const endpoint = await serve(answer(400, 'ResourceInUseException', 'Stream s under account 1 already exists.'));
    const calling = session({ target: target(endpoint) }).call(createStream);
    await expect(calling).rejects.toThrow('Stream s under account 1 already exists.');
    await expect(calling).rejects.toMatchObject({ code: 'ResourceInUseException', status: 400, requestId: 'id-1', call: createStream });
  });

  it('says what to do when the credentials are expired', async () => {
    const endpoint = await serve(answer(400, 'ExpiredTokenException', 'The security token included in the request is expired'));
    const calling = session({ target: target(endpoint) }).call(listStreams);
    await expect(calling).rejects.toThrow(`The credentials have expired: ${endpoint} answered ExpiredTokenException (The security token`);
    await expect(calling).rejects.toMatchObject({ exitCode: 3, hint: expect.stringContaining('Get new ones') });
  });

  it('says what to do when nobody has such credentials', async () => {
    const endpoint = await serve(answer(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.'));
    const calling = session({ target: target(endpoint) }).call(listStreams);
    await expect(calling).rejects.toThrow(`The credentials were not accepted by ${endpoint}: The security token`);
    await expect(calling).rejects.toMatchObject({ exitCode: 3 });
  });

  it('is repeated when it was throttled, and recorded once', async () => {
    let requests = 0;
    const endpoint = await serve((request, response) => {
      if (requests++ === 0) answer(400, 'LimitExceededException', 'Rate exceeded')(request, response);
      else response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'id-2' }).end('{"StreamNames":[]}');
    });
    const events: CallEvent[] = [];
    const aws = session({ target: target(endpoint), onCall: (event) => events.push(event) });
    expect(await aws.call(listStreams)).toEqual({ StreamNames: [] });
    expect(requests).toBe(2);
    expect(events).toEqual([
      { call: listStreams, at: expect.any(Number), durationMs: expect.any(Number), requestId: 'id-2', answer: { StreamNames: [] } },
    ]);
  });

  it('is recorded with its error', async () => {
    const endpoint = await serve(answer(400, 'ResourceInUseException', 'Stream s under account 1 already exists.'));
    const events: CallEvent[] = [];
    await expect(session({ target: target(endpoint), onCall: (event) => events.push(event) }).call(createStream)).rejects.toThrow();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ call: createStream, requestId: 'id-1', error: { code: 'ResourceInUseException' } });
  });
});

describe('an answer with a body of its own', () => {
  it('has the bytes of it, so that it can be recorded, shown and read again', async () => {
    const seen: string[] = [];
    const endpoint = await serve((request, response) => {
      seen.push(`${request.headers.host} ${request.url}`);
      response.setHeader('content-type', 'text/plain').end('telemetry\n');
    });
    const events: CallEvent[] = [];
    const aws = session({ target: target(endpoint), onCall: (event) => events.push(event) });
    const { Body } = await aws.call(apiCall('s3', 'GetObject', { Bucket: 'bucket', Key: 'a/b.json' }));
    expect(Buffer.from(Body ?? []).toString()).toBe('telemetry\n');
    expect(events).toMatchObject([{ answer: { Body, ContentType: 'text/plain' } }]);
    // A name in front of the host leads to AWS only.
    expect(seen).toEqual([`${new URL(endpoint).host} /bucket/a/b.json?x-id=GetObject`]);
  });
});

describe('an operation that does not exist', () => {
  it('is named, with the one that was probably meant', async () => {
    const calling = session({ target: target(await nowhere()) }).call({ service: 'kinesis', operation: 'ListStream', input: {} });
    await expect(calling).rejects.toThrow('The service kinesis has no operation ListStream.');
    await expect(calling).rejects.toMatchObject({ hint: 'Did you mean "ListStreams"?' });
  });
});

describe('a read-only session', () => {
  it('refuses a write before anything is sent, and does not record it', async () => {
    const events: CallEvent[] = [];
    const endpoint = await serve(() => expect.unreachable());
    const calling = session({ target: target(endpoint), readOnly: true, onCall: (event) => events.push(event) }).call(createStream);
    await expect(calling).rejects.toBeInstanceOf(WriteRefused);
    await expect(calling).rejects.toThrow('kinesis:CreateStream is a write, and this session only reads.');
    expect(events).toEqual([]);
  });

  it('lets one write through that it was told of, with just this input', async () => {
    const seen: string[] = [];
    const endpoint = await serve((request, response) => {
      seen.push(String(request.headers['x-amz-target']));
      response.end('{}');
    });
    const aws = session({
      target: target(endpoint),
      readOnly: true,
      except: { ...createStream, input: { ...createStream.input } },
    });
    await aws.call(createStream);
    await expect(aws.call({ ...createStream, input: { ...createStream.input, ShardCount: 2 } })).rejects.toBeInstanceOf(WriteRefused);
    await expect(aws.call({ ...createStream, operation: 'DeleteStream' })).rejects.toBeInstanceOf(WriteRefused);
    expect(seen).toEqual(['Kinesis_20131202.CreateStream']);
  });

  it('has clients that refuse a write themselves', async () => {
    const endpoint = await serve(() => expect.unreachable());
    const client = await createClient('kinesis', target(endpoint), { readOnly: true });
    closing.push(() => client.destroy());
    await expect(client.send(await createCommand(createStream), {})).rejects.toThrow(
      'kinesis:CreateStream is a write, and this session only reads.',
    );
  });
});
