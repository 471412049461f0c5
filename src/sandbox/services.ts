import { type ServiceName, serviceNames } from '../util/sdk.ts';
import { jsonRefusals, queryRefusals, type Refusals, restRefusals, s3Refusals } from './auth/refusals.ts';
import { onQuotedResource } from './iam/access.ts';
import { knowTags, type ResourceTags } from './iam/resource-tags.ts';
import { notImplemented } from './not-implemented.ts';
import type { Operation, Operations } from './operation.ts';
import type { CalledService } from './operation-call.ts';
import { jsonRpc } from './protocols/json-rpc.ts';
import { kinesisProtocol } from './protocols/kinesis-protocol.ts';
import type { Protocol } from './protocols/protocol.ts';
import { queryErrors } from './protocols/query-errors.ts';
import { type OperationShape, operationShapes, queryErrorCodes } from './protocols/schema.ts';
import { loadShapes } from './service-shapes.ts';
import type { WireRequest } from './wire.ts';

/** What is known of a service before anything of it is loaded. */
interface ServiceDefinition<Name extends ServiceName> extends Omit<CalledService, 'name'> {
  /** The service's name in the scope of a signature. */
  readonly signingName: string;
  /** What stands before the operation in `X-Amz-Target`, where the service has one. */
  readonly target?: string;
  /**
   * What is slow to load and not needed by all is loaded here.
   * @param shapes all that the service's package exports, for a protocol that needs more than the operations
   */
  protocol(operations: ReadonlyMap<string, OperationShape>, shapes: object): Protocol | Promise<Protocol>;
  operations(): Promise<Operations<Name>>;
  /** Finds the tags that conditions can ask for, of the resources that have any (Service Authorization Reference). */
  tags?(): Promise<ResourceTags>;
  readonly refusals: Refusals;
}

/** A service that is ready to answer. */
export interface Service extends CalledService, Pick<ServiceDefinition<ServiceName>, 'signingName' | 'refusals'> {
  readonly protocol: Protocol;
  /** The names of those that the sandbox has. */
  readonly operations: readonly string[];
  /** @throws {AwsError} for an operation that AWS has and the sandbox does not. */
  operation(name: string): Operation<Record<string, unknown>, Record<string, unknown> | undefined>;
}

/** The services of the sandbox. A new one is an entry here, a line in `util/sdk.ts` and a folder. */
const definitions: { readonly [Name in ServiceName]: ServiceDefinition<Name> } = {
  kinesis: {
    signingName: 'kinesis',
    target: 'Kinesis_20131202',
    protocol: (operations) => kinesisProtocol(jsonRpc({ version: '1.1', target: 'Kinesis_20131202', operations, secondId: true })),
    operations: async () => (await import('./kinesis/operations.ts')).operations,
    tags: async () => (await import('./kinesis/tags.ts')).tagsOfResource,
    invalid: 'ValidationException',
    denied: { code: 'AccessDeniedException', status: 400 },
    refusals: jsonRefusals,
  },
  logs: {
    signingName: 'logs',
    target: 'Logs_20140328',
    protocol: (operations) => jsonRpc({ version: '1.1', target: 'Logs_20140328', operations }),
    operations: async () => (await import('./logs/operations.ts')).operations,
    tags: async () => (await import('./logs/tags.ts')).tagsOfGroup,
    invalid: 'InvalidParameterException',
    // The status is unverified.
    denied: { code: 'AccessDeniedException', status: 400 },
    refusals: jsonRefusals,
  },
  lambda: {
    signingName: 'lambda',
    protocol: async (operations) => (await import('./protocols/rest-json.ts')).restJson({ operations }),
    operations: async () => (await import('./lambda/operations.ts')).operations,
    tags: async () => (await import('./lambda/resource-tags.ts')).tagsOfResource,
    invalid: 'ValidationException',
    // The status is unverified.
    denied: { code: 'AccessDeniedException', status: 403 },
    refusals: restRefusals,
  },
  iam: {
    signingName: 'iam',
    protocol: async (operations) =>
      (await import('./protocols/query.ts')).query({
        version: '2010-05-08',
        namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
        operations,
      }),
    operations: async () => (await import('./iam/operations.ts')).operations,
    tags: async () => (await import('./iam/entity-tags.ts')).tagsOfEntity,
    invalid: 'ValidationError',
    denied: { code: 'AccessDenied', status: 403 },
    refusals: queryRefusals,
  },
  sts: {
    signingName: 'sts',
    protocol: async (operations) =>
      (await import('./protocols/query.ts')).query({
        version: '2011-06-15',
        namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
        operations,
      }),
    operations: async () => (await import('./sts/operations.ts')).operations,
    invalid: 'ValidationError',
    denied: { code: 'AccessDenied', status: 403 },
    refusals: queryRefusals,
  },
  sqs: {
    signingName: 'sqs',
    target: 'AmazonSQS',
    protocol: (operations, shapes) =>
      jsonRpc({
        version: '1.0',
        target: 'AmazonSQS',
        operations,
        queryErrors: queryErrors('com.amazonaws.sqs', queryErrorCodes(shapes)),
      }),
    operations: async () => (await import('./sqs/operations.ts')).operations,
    tags: async () => (await import('./sqs/tags.ts')).tagsOfQueue,
    invalid: 'InvalidParameterValueException',
    denied: { code: 'AccessDeniedException', status: 403 },
    refusals: restRefusals,
  },
  s3: {
    signingName: 's3',
    protocol: async (operations) => (await import('./protocols/rest-xml.ts')).restXml({ operations }),
    operations: async () => (await import('./s3/operations.ts')).operations,
    // Of buckets, they count only where PutBucketAbac has said so, which the sandbox does not have.
    invalid: 'InvalidArgument',
    denied: { code: 'AccessDenied', status: 403, resource: onQuotedResource },
    refusals: s3Refusals,
  },
  firehose: {
    signingName: 'firehose',
    target: 'Firehose_20150804',
    protocol: (operations) => jsonRpc({ version: '1.1', target: 'Firehose_20150804', operations }),
    operations: async () => (await import('./firehose/operations.ts')).operations,
    tags: async () => (await import('./firehose/tags.ts')).tagsOfDeliveryStream,
    invalid: 'ValidationException',
    denied: { code: 'AccessDeniedException', status: 400 },
    refusals: jsonRefusals,
  },
  events: {
    signingName: 'events',
    target: 'AWSEvents',
    protocol: (operations) => jsonRpc({ version: '1.1', target: 'AWSEvents', operations }),
    operations: async () => (await import('./events/operations.ts')).operations,
    tags: async () => (await import('./events/tags.ts')).tagsOfRule,
    invalid: 'ValidationException',
    denied: { code: 'AccessDeniedException', status: 400 },
    refusals: jsonRefusals,
  },
  scheduler: {
    signingName: 'scheduler',
    protocol: async (operations) =>
      (await import('./protocols/rest-json.ts')).restJson({
        operations,
        errorBody: ({ message, members }) => ({ Message: message, ...members }),
      }),
    operations: async () => (await import('./scheduler/operations.ts')).operations,
    tags: async () => (await import('./scheduler/tags.ts')).tagsOfGroup,
    invalid: 'ValidationException',
    // The status is unverified.
    denied: { code: 'AccessDeniedException', status: 403 },
    refusals: restRefusals,
  },
};

/** Which service a request is for: by its target, or else by the service that its signature names. */
export function serviceOf(request: WireRequest, signingName: string | undefined): ServiceName | undefined {
  const target = request.headers['x-amz-target']?.split('.')[0];
  const aimedAt = target === undefined ? undefined : serviceNames.find((name) => definitions[name].target === target);
  return aimedAt ?? serviceNames.find((name) => definitions[name].signingName === signingName);
}

const loaded = new Map<ServiceName, Promise<Service>>();

/** Loads a service when its first request comes, so that the sandbox starts in the time of an HTTP server. */
export function loadService(name: ServiceName): Promise<Service> {
  const existing = loaded.get(name) ?? load(name);
  loaded.set(name, existing);
  return existing;
}

async function load(name: ServiceName): Promise<Service> {
  const definition = definitions[name];
  const [shapes, operations, tags] = await Promise.all([loadShapes(name), definition.operations(), definition.tags?.()]);
  if (tags !== undefined) knowTags(definition.signingName, tags);
  const table = operations as Readonly<Record<string, Operation<Record<string, unknown>, Record<string, unknown> | undefined>>>;
  return {
    name,
    protocol: await definition.protocol(operationShapes(shapes), shapes),
    operations: Object.keys(table),
    operation(operationName) {
      const operation = Object.hasOwn(table, operationName) ? table[operationName] : undefined;
      if (operation) return operation;
      throw notImplemented(`${name}:${operationName}`);
    },
    signingName: definition.signingName,
    invalid: definition.invalid,
    denied: definition.denied,
    refusals: definition.refusals,
  };
}
