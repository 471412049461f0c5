import { incompleteSignature } from '../auth/incomplete-signature.ts';
import { AwsError } from '../error.ts';
import type { RequestHead, WireRequest, WireResponse } from '../wire.ts';
import { secondId } from './json-rpc.ts';
import { serializationError } from './json-shape.ts';
import { parseJson } from './json-text.ts';
import type { Protocol, Unread } from './protocol.ts';
import { escaped } from './xml-text.ts';

const jsonType = 'application/x-amz-json-1.1';
const cborType = 'application/x-amz-cbor-1.1';
/** Of an older protocol, in which Kinesis has no operations. */
const olderType = 'application/json';

/**
 * What Kinesis has beside AWS JSON 1.1: the same in CBOR, and answers of its front to what is neither. These come before
 * anybody asks who sent a request (recorded from Kinesis).
 */
export function kinesisProtocol(json: Protocol): Protocol {
  return {
    ...json,
    spokenBy: (request) => (typeOf(request) === cborType ? inCbor(json) : undefined),
    refuse(request, unread) {
      const isUsual = unread.signed && request.method === 'POST' && request.body.length > 0 && typeOf(request) === jsonType;
      return isUsual ? undefined : refusal(json, request, unread);
    },
  };
}

async function refusal(json: Protocol, request: WireRequest, { signed, requestId }: Unread): Promise<WireResponse | undefined> {
  if (request.method !== 'POST') return asXml(request, signed, requestId, undetermined);
  const type = typeOf(request);
  const known = json.route(request) !== undefined;
  const unread = known ? serializationError() : unknown;
  if (request.body.length === 0) return (type === jsonType ? json : await inCbor(json)).writeError(unread, requestId);
  if (type === olderType) return olderAnswer(isObject(request.body) ? unknown : serializationError(), requestId);
  if (type !== jsonType && type !== cborType) {
    const [, operation] = (request.headers['x-amz-target'] ?? '').split('.');
    return asXml(request, signed, requestId, operation ? { code: 'UnknownOperationException', status: 404 } : undetermined);
  }
  if (signed || type === cborType) return undefined;
  if (!isObject(request.body)) return json.writeError(serializationError(), requestId);
  return known ? undefined : json.writeError(unknown, requestId);
}

const unknown = new AwsError('UnknownOperationException', '');

async function inCbor(json: Protocol): Promise<Protocol> {
  return (await import('./cbor.ts')).inCbor(json);
}

function typeOf({ headers }: RequestHead): string {
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  return type.trim();
}

function isObject(body: Buffer): boolean {
  try {
    const value = parseJson(body);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

interface FrontError {
  readonly code: string;
  readonly text?: string;
  readonly status?: number;
}

const undetermined: FrontError = {
  code: 'AccessDeniedException',
  text: 'Unable to determine service/operation name to be authorized',
};

/** A missing or incomplete signature is told first. */
function asXml(request: WireRequest, signed: boolean, requestId: string, error: FrontError): WireResponse {
  const { code, text, status = 403 }: FrontError = signed ? error : incompleteSignature(request);
  const body = text === undefined ? `<${code}/>\n` : `<${code}>\n  <Message>${escaped(text)}</Message>\n</${code}>\n`;
  return { status, headers: { 'content-length': String(Buffer.byteLength(body)), ...ids(requestId) }, body };
}

function olderAnswer({ code }: AwsError, requestId: string): WireResponse {
  const body = JSON.stringify({ Output: { __type: `com.amazon.coral.service#${code}` }, Version: '1.0' });
  const headers = { 'content-type': olderType, 'content-length': String(Buffer.byteLength(body)), ...ids(requestId) };
  return { status: code === unknown.code ? 404 : 400, headers, body };
}

function ids(requestId: string) {
  return { 'x-amzn-requestid': requestId, ...secondId() };
}
