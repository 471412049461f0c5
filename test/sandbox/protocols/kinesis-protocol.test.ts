import { cbor, tag } from '@smithy/core/cbor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { briefDelays } from '../../support/kinesis.ts';
import { patience } from '../../support/patience.ts';

const json = 'application/x-amz-json-1.1';
const cborType = 'application/x-amz-cbor-1.1';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ account: '111122223333', anyCredentials: true, delays: briefDelays });
});
afterAll(() => sandbox.stop());

interface Request {
  readonly method?: string;
  readonly type?: string;
  readonly target?: string;
  readonly body?: string | Uint8Array;
  readonly signed?: boolean;
}

const scope = 'AKIAIOSFODNN7EXAMPLE/20261121/us-east-1/kinesis/aws4_request';
const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;

async function ask({ method = 'POST', type, target, body, signed = true }: Request) {
  const headers = {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(target === undefined ? {} : { 'x-amz-target': target }),
    ...(signed ? { authorization, 'x-amz-date': '20261121T090000Z' } : {}),
  };
  // A body of text would get a type of its own.
  const bytes = body === undefined ? null : Buffer.from(body);
  const answer = await fetch(sandbox.endpoint, { method, headers, body: bytes });
  return { status: answer.status, type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
}

const list = 'Kinesis_20131202.ListStreams';

describe('a request to Kinesis that is neither JSON nor CBOR', () => {
  const xml = async (request: Request) => {
    const { status, type, bytes } = await ask(request);
    return { status, type, body: bytes.toString() };
  };
  const undetermined =
    '<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>\n';

  it.each(['GET', 'PUT', 'DELETE'])('gets no further with %s', async (method) => {
    expect(await xml({ method })).toEqual({ status: 403, type: null, body: undetermined });
  });

  it('gets no further with a body of another type', async () => {
    expect(await xml({ body: '{}' })).toEqual({ status: 403, type: null, body: undetermined });
    expect(await xml({ body: '{}', type: 'application/x-amz-json-1.0', target: list })).toEqual({
      status: 404,
      type: null,
      body: '<UnknownOperationException/>\n',
    });
  });

  it('is told that it is not signed before that', async () => {
    const body =
      '<MissingAuthenticationTokenException>\n  <Message>Missing Authentication Token</Message>\n</MissingAuthenticationTokenException>\n';
    expect(await xml({ body: '{}', target: list, signed: false })).toEqual({ status: 403, type: null, body });
  });

  it('has no operations in the protocol before', async () => {
    const type = 'application/json';
    const said = (code: string) => JSON.stringify({ Output: { __type: `com.amazon.coral.service#${code}` }, Version: '1.0' });
    expect(await xml({ type: `  ${type} ; charset=utf-8`, target: list, body: '{}' })).toEqual({
      status: 404,
      type,
      body: said('UnknownOperationException'),
    });
    expect(await xml({ type, target: list, body: 'x', signed: false })).toEqual({
      status: 400,
      type,
      body: said('SerializationException'),
    });
  });

  it.each([
    [json, 'UnknownOperationException', 'Kinesis_20131202.ListStream'],
    [json, 'SerializationException', list],
    [cborType, 'UnknownOperationException', 'Whatever.Whatever'],
    [cborType, 'SerializationException', list],
    [undefined, 'UnknownOperationException', 'Kinesis_20131202.'],
    ['application/json', 'SerializationException', list],
  ])('of type %s and without a body gets %s for %s', async (type, code, target) => {
    const answer = await ask({ target, ...(type === undefined ? {} : { type }) });
    const written = type === json ? JSON.parse(answer.bytes.toString()) : cbor.deserialize(answer.bytes);
    expect({ ...answer, bytes: written }).toEqual({ status: 400, type: type === json ? json : cborType, bytes: { __type: code } });
  });

  it.each([
    ['x', list, 'SerializationException'],
    ['{}', 'Kinesis_20131202.MakeCoffee', 'UnknownOperationException'],
    ['{}', list, 'MissingAuthenticationTokenException'],
  ])('is read before it is asked who sent it: %s to %s', async (body, target, code) => {
    const { bytes } = await ask({ type: json, target, body, signed: false });
    expect(JSON.parse(bytes.toString()).__type).toBe(code);
  });
});

describe('a request to Kinesis in CBOR', () => {
  async function call(operation: string, input: object) {
    const answer = await ask({ type: cborType, target: `Kinesis_20131202.${operation}`, body: cbor.serialize(input) });
    expect(answer.type).toBe(cborType);
    return { status: answer.status, bytes: answer.bytes, output: answer.bytes.length === 0 ? undefined : cbor.deserialize(answer.bytes) };
  }

  it('puts bytes as bytes and gets them as such, with times in whole milliseconds', async () => {
    const StreamName = 'bytes';
    const before = Date.now();
    expect(await call('CreateStream', { StreamName, ShardCount: 1 })).toMatchObject({ status: 200, output: undefined });
    const described = () => call('DescribeStreamSummary', { StreamName });
    await expect.poll(async () => (await described()).output.StreamDescriptionSummary.StreamStatus, patience).toBe('ACTIVE');
    const { bytes, output } = await described();
    expect(output.StreamDescriptionSummary.StreamCreationTimestamp.value).toBeGreaterThanOrEqual(before - 1000);
    // A tag for a time, and an integer of eight bytes.
    expect(bytes.includes(Buffer.from('StreamCreationTimestamp\xc1\x1b', 'latin1'))).toBe(true);
    const Data = Uint8Array.of(0, 255, 10);
    expect((await call('PutRecord', { StreamName, PartitionKey: 'a', Data })).output.ShardId).toBe('shardId-000000000000');
    const start = { StreamName, ShardId: '0', ShardIteratorType: 'AT_TIMESTAMP', Timestamp: tag({ tag: 1, value: before - 1000 }) };
    const { ShardIterator } = (await call('GetShardIterator', start)).output;
    const { Records } = (await call('GetRecords', { ShardIterator })).output;
    expect(Records).toMatchObject([{ PartitionKey: 'a' }]);
    expect(Buffer.compare(Records[0].Data, Data)).toBe(0);
    expect(Records[0].ApproximateArrivalTimestamp.value).toBeGreaterThanOrEqual(before);
  });

  it('gets errors in CBOR', async () => {
    expect(await call('DescribeStream', { StreamName: 'missing' })).toMatchObject({
      status: 400,
      output: { __type: 'ResourceNotFoundException', message: 'Stream missing under account 111122223333 not found.' },
    });
    expect((await call('PutRecord', { StreamName: 'missing', PartitionKey: 7, Data: 1 })).output.__type).toBe('SerializationException');
    const { bytes } = await ask({ type: cborType, target: list, body: 'no CBOR' });
    expect(cbor.deserialize(bytes)).toEqual({ __type: 'SerializationException' });
  });

  it('may have maps and lists of unknown length, as Java writes them', async () => {
    const body = Buffer.concat([Buffer.of(0xbf), Buffer.from('\x65Limit', 'latin1'), Buffer.of(0x01, 0xff)]);
    const { bytes } = await ask({ type: cborType, target: list, body });
    expect(cbor.deserialize(bytes)).toMatchObject({ HasMoreStreams: false });
  });
});
