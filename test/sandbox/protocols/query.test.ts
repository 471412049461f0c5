import * as iam from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/sandbox/error.ts';
import { query } from '../../../src/sandbox/protocols/query.ts';
import { operationShapes } from '../../../src/sandbox/protocols/schema.ts';
import type { WireRequest } from '../../../src/sandbox/wire.ts';

const operations = operationShapes(iam);
const protocol = query({ version: '2010-05-08', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/', operations });

function post(form: string): WireRequest {
  return { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.from(form) };
}

function read(form: string): unknown {
  const route = protocol.route(post(form));
  if (!route) throw new Error('not recognised');
  return protocol.readInput(route, post(form));
}

describe('the query protocol', () => {
  it('reads members and lists from a form, in the order of their numbers', () => {
    expect(
      read(
        'Action=CreateRole&Version=2010-05-08&RoleName=r&MaxSessionDuration=3600&Tags.member.2.Key=b&Tags.member.2.Value=2&Tags.member.1.Key=a&Tags.member.1.Value=1',
      ),
    ).toEqual({
      RoleName: 'r',
      MaxSessionDuration: 3600,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
  });

  it('does not let a key reach the prototype of anything', () => {
    read('Action=CreateRole&__proto__.polluted=1&Tags.member.__proto__.polluted=1&constructor.prototype.polluted=1');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('refuses a number that is none', () => {
    expect(() => read('Action=CreateRole&MaxSessionDuration=soon')).toThrow(AwsError);
  });

  it('wraps an output in its result and response, with the request id', async () => {
    const operation = operations.get('CreateRole');
    if (!operation) throw new Error('no CreateRole');
    const { body, headers } = await protocol.writeOutput(
      operation,
      { Role: { Path: '/', RoleName: 'a<b', RoleId: 'AROA', Arn: 'arn', CreateDate: new Date(1700000000000) } },
      'id-1',
    );
    expect(headers['content-type']).toBe('text/xml');
    expect(body).toBe(
      '<CreateRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateRoleResult><Role><Path>/</Path><RoleName>a&lt;b</RoleName>' +
        '<RoleId>AROA</RoleId><Arn>arn</Arn><CreateDate>2023-11-14T22:13:20Z</CreateDate></Role></CreateRoleResult>' +
        '<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></CreateRoleResponse>',
    );
  });

  it('answers an operation without output with the metadata alone', async () => {
    const operation = operations.get('DeleteRole');
    if (!operation) throw new Error('no DeleteRole');
    expect((await protocol.writeOutput(operation, {}, 'id-1')).body).toBe(
      '<DeleteRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></DeleteRoleResponse>',
    );
  });

  it('writes errors as AWS does', () => {
    const { status, body } = protocol.writeError(
      new AwsError('NoSuchEntity', 'The role with name r cannot be found.', { status: 404 }),
      'id-1',
    );
    expect(status).toBe(404);
    expect(body).toBe(
      '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code>' +
        '<Message>The role with name r cannot be found.</Message></Error><RequestId>id-1</RequestId></ErrorResponse>',
    );
  });

  it('quotes what was sent so that every parser reads it', () => {
    const { body } = protocol.writeError(new AwsError('ValidationError', "Value '\u001b]0;t\u0007' at 'pathPrefix'"), 'id-1');
    expect(body).toContain('<Message>Value &apos;\ufffd]0;t\ufffd&apos; at &apos;pathPrefix&apos;</Message>');
  });
});
