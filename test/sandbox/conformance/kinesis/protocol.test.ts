import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { sendBody } from '../../../support/kinesis-access.ts';

const kinesis = conformance();

const failure = (operation: string, body: string) => failureOf(sendBody(kinesis.client, operation, body));

describe('the body of a request', () => {
  it.each(['', 'x', '{', '{"StreamName":"a"', '{}}'])('is not %j', async (body) => {
    expect((await failure('DescribeStream', body)).name).toBe('SerializationException');
  });

  it.each([
    ['[]', 'Start of list found where not expected'],
    ['"x"', 'Expected null'],
    ['1', 'Expected null'],
  ])('is an object, and not %s', async (body, message) => {
    expect(await failure('DescribeStream', body)).toEqual({ name: 'SerializationException', message });
  });

  it('may have members that the operation does not know, and null for those that it does not have', async () => {
    const StreamName = await kinesis.shared();
    const body = JSON.stringify({ StreamName, StreamARN: null, Limit: null, Colour: ['red'] });
    expect(await sendBody(kinesis.client, 'DescribeStream', body)).toMatchObject({ StreamDescription: { StreamName } });
  });

  it('is read before the values in it are looked at', async () => {
    expect((await failure('DescribeStream', '{"StreamName":"","Limit":"0"}')).name).toBe('SerializationException');
  });
});

describe('an answer', () => {
  it('has an id by which AWS can be asked about it', async () => {
    const { $metadata } = (await sendBody(kinesis.client, 'ListStreams', '{}')) as { $metadata: object };
    expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });
});
