import type { XmlShapeDeserializer, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { commonJs } from '../../util/commonjs.ts';
import { AwsError } from '../error.ts';
import type { WireRequest } from '../wire.ts';
import { readBound, writeBound } from './http-bindings.ts';
import { readPayload } from './payload.ts';
import type { Protocol, Route } from './protocol.ts';
import { restXmlRouter } from './rest-xml-route.ts';
import { type OperationShape, structure } from './schema.ts';
import { wellFormed } from './xml-text.ts';

const xml = commonJs<typeof import('@aws-sdk/core/protocols')>('@aws-sdk/core/protocols');
const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n';
const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Where S3 answers with another status than its model says (recorded). */
const otherStatus: ReadonlyMap<string, number> = new Map([['PutBucketTagging', 204]]);

/** REST with XML bodies, as S3 speaks it (S3 API reference): members travel in the path, the query, headers and the body. */
export function restXml(options: { readonly operations: ReadonlyMap<string, OperationShape> }): Protocol {
  const settings = { xmlNamespace: namespace, serviceNamespace: namespace, timestampFormat: { useTrait: true, default: 5 } } as const;
  const serializer = new xml.XmlShapeSerializer(settings);
  const errorSerializer = new xml.XmlShapeSerializer({ ...settings, xmlNamespace: '' });
  const deserializer = new xml.XmlShapeDeserializer(settings);
  return {
    route: restXmlRouter(options.operations.values()),
    readInput: (route, request) => readInput(deserializer, route, request),
    writeOutput(operation, output, requestId) {
      const bound = writeBound(operation.output, output);
      const body = writeBody(serializer, operation, bound);
      // A part of an object is what was asked for, and not all of it.
      const partial = bound.headers['content-range'] === undefined ? undefined : 206;
      return {
        status: partial ?? bound.status ?? otherStatus.get(operation.name) ?? operation.http?.[2] ?? 200,
        headers: {
          ...(typeof body === 'string' ? { 'content-type': 'application/xml' } : {}),
          'content-length': String(Buffer.byteLength(body)),
          ...identification(requestId),
          ...bound.headers,
        },
        body,
      };
    },
    writeError(error, requestId) {
      const members = { Code: error.code, Message: error.message, ...error.members, RequestId: requestId, HostId: hostId(requestId) };
      errorSerializer.write(structure('Error', Object.fromEntries(Object.keys(members).map((name) => [name, 0]))), members);
      const body = prolog + wellFormed(String(errorSerializer.flush()));
      const headers = { 'content-type': 'application/xml', 'content-length': String(Buffer.byteLength(body)) };
      return { status: error.status, headers: { ...headers, ...identification(requestId) }, body };
    },
    unknownOperation: (request) =>
      new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
        status: 405,
        members: { Method: request.method, ResourceType: 'SERVICE' },
      }),
  };
}

async function readInput(deserializer: XmlShapeDeserializer, route: Route, request: WireRequest): Promise<Record<string, unknown>> {
  const { data, headers } = await readPayload(request);
  const query = new URLSearchParams(request.query);
  const { input, payload } = readBound(route.operation.input, { labels: route.labels, query, headers }, invalidArgument);
  if (payload === undefined) return input;
  if (!payload.shape.isStructSchema()) return { ...input, [payload.name]: data };
  return data.length === 0 ? input : { ...input, [payload.name]: readXml(deserializer, payload.shape, data) };
}

function readXml(deserializer: XmlShapeDeserializer, shape: NormalizedSchema, data: Buffer): unknown {
  try {
    return deserializer.read(shape, data.toString('utf8'));
  } catch {
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  }
}

function writeBody(
  serializer: XmlShapeSerializer,
  { output, http }: OperationShape,
  { payload, unbound }: ReturnType<typeof writeBound>,
): string | Uint8Array {
  if (payload?.shape.isBlobSchema()) return payload.value as Uint8Array;
  const [shape, value] = payload === undefined ? [output, unbound] : [payload.shape, payload.value as Record<string, unknown>];
  const inBody = payload !== undefined || (!output.isUnitSchema() && hasBody(output) && http?.[0] !== 'HEAD');
  if (!inBody) return new Uint8Array();
  const [only, more] = shape.structIterator();
  // GetBucketLocation: the element is the text itself, without an element for the member in it.
  if (only !== undefined && more === undefined && shape.getMergedTraits().xmlName === only[0]) {
    serializer.write(structure(only[0], {}), {});
    const empty = String(serializer.flush());
    const text = value[only[0]];
    return prolog + (text === undefined ? empty : empty.replace(/\s*\/>$/, `>${String(text)}</${only[0]}>`));
  }
  serializer.write(shape, value);
  return prolog + wellFormed(String(serializer.flush()));
}

function hasBody(output: NormalizedSchema): boolean {
  return [...output.structIterator()].some(([, member]) => {
    const { httpHeader, httpPrefixHeaders, httpPayload } = member.getMergedTraits();
    return httpHeader === undefined && httpPrefixHeaders === undefined && httpPayload === undefined;
  });
}

function identification(requestId: string): Record<string, string> {
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId) };
}

/** S3 names the machine that answered. */
function hostId(requestId: string): string {
  return Buffer.from(`sandbox ${requestId}`).toString('base64');
}

function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgument', message);
}
