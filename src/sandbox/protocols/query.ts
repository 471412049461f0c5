import type { NormalizedSchema } from '@smithy/core/schema';
import { commonJs } from '../../util/commonjs.ts';
import { AwsError } from '../error.ts';
import type { WireRequest } from '../wire.ts';
import type { Protocol } from './protocol.ts';
import { type OperationShape, structure } from './schema.ts';
import { wellFormed } from './xml-text.ts';

const { XmlShapeSerializer } = commonJs<typeof import('@aws-sdk/core/protocols')>('@aws-sdk/core/protocols');

/**
 * AWS Query, as IAM and STS speak it (AWS Query protocol): the request is a form (`Action=CreateRole&Tags.member.1.Key=…`),
 * the answer is XML.
 */
export function query(options: {
  /** `2010-05-08` for IAM. */
  readonly version: string;
  /** `https://iam.amazonaws.com/doc/2010-05-08/` */
  readonly namespace: string;
  readonly operations: ReadonlyMap<string, OperationShape>;
}): Protocol {
  const serializer = new XmlShapeSerializer({
    xmlNamespace: options.namespace,
    serviceNamespace: options.namespace,
    timestampFormat: { useTrait: true, default: 5 },
  });
  const metadata = structure('ResponseMetadata', { RequestId: 0 });
  const detail = structure('ErrorDetail', { Type: 0, Code: 0, Message: 0 });
  const errorResponse = structure('ErrorResponse', { Error: detail, RequestId: 0 });
  const xml = (status: number, requestId: string, shape: NormalizedSchema, value: unknown) => {
    serializer.write(shape, value);
    const body = wellFormed(String(serializer.flush()));
    return {
      status,
      headers: { 'content-type': 'text/xml', 'content-length': String(Buffer.byteLength(body)), 'x-amzn-requestid': requestId },
      body,
    };
  };
  return {
    route(request) {
      const operation = options.operations.get(form(request).get('Action') ?? '');
      return operation && { operation, labels: {} };
    },
    readInput({ operation }, request) {
      return (readMembers(operation.input, tree(form(request))) ?? {}) as Record<string, unknown>;
    },
    writeOutput(operation, output, requestId) {
      const result = operation.output.isUnitSchema() ? {} : { [`${operation.name}Result`]: operation.output };
      const shape = structure(`${operation.name}Response`, { ...result, ResponseMetadata: metadata });
      return xml(200, requestId, shape, { [`${operation.name}Result`]: output, ResponseMetadata: { RequestId: requestId } });
    },
    writeError(error, requestId) {
      const type = error.status >= 500 ? 'Receiver' : 'Sender';
      return xml(error.status, requestId, errorResponse, {
        Error: { Type: type, Code: error.code, Message: error.message },
        RequestId: requestId,
      });
    },
    unknownOperation: (request) =>
      new AwsError('InvalidAction', `Could not find operation ${form(request).get('Action') ?? ''} for version ${options.version}`),
  };
}

function form(request: WireRequest): URLSearchParams {
  return new URLSearchParams(request.method === 'GET' ? request.query : request.body.toString('utf8'));
}

/** The form as a tree: `Tags.member.1.Key=a` is `{ Tags: { member: { 1: { Key: 'a' } } } }`. */
interface Branch {
  value?: string;
  readonly children: Map<string, Branch>;
}

function tree(parameters: URLSearchParams): Branch {
  const root: Branch = { children: new Map() };
  for (const [key, value] of parameters) {
    let branch = root;
    // Deeper than any input shape of AWS; keeps a hostile key from making a deep tree.
    for (const part of key.split('.', 32)) {
      const child: Branch = branch.children.get(part) ?? { children: new Map() };
      branch.children.set(part, child);
      branch = child;
    }
    branch.value = value;
  }
  return root;
}

function readMembers(shape: NormalizedSchema, branch: Branch): unknown {
  if (shape.isStructSchema()) {
    const read: Record<string, unknown> = {};
    for (const [name, member] of shape.structIterator()) {
      const child = branch.children.get(member.getMergedTraits().xmlName ?? name);
      if (child) read[name] = readMembers(member, child);
    }
    return read;
  }
  if (shape.isListSchema()) {
    const container = shape.getMergedTraits().xmlFlattened ? branch : (branch.children.get('member') ?? branch);
    return inOrder(container).map((child) => readMembers(shape.getValueSchema(), child));
  }
  if (shape.isMapSchema()) {
    const container = branch.children.get('entry') ?? branch;
    return Object.fromEntries(
      inOrder(container).map((entry) => [
        entry.children.get('key')?.value ?? '',
        readMembers(shape.getValueSchema(), entry.children.get('value') ?? { children: new Map() }),
      ]),
    );
  }
  return readScalar(shape, branch.value ?? '');
}

function inOrder(container: Branch): Branch[] {
  return [...container.children]
    .filter(([key]) => /^\d+$/.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

function readScalar(shape: NormalizedSchema, text: string): unknown {
  if (shape.isNumericSchema()) {
    const number = Number(text);
    if (text === '' || Number.isNaN(number)) throw new AwsError('MalformedInput', `'${text}' is not a number`);
    return number;
  }
  if (shape.isBooleanSchema()) return text === 'true';
  if (shape.isTimestampSchema()) return new Date(text);
  if (shape.isBlobSchema()) return Buffer.from(text, 'base64');
  return text;
}
