import { AwsError } from '../error.ts';
import type { PolicyDocument } from '../iam/entity.ts';
import type { Policy } from '../iam/policy.ts';
import { parsePolicy } from '../iam/policy-document.ts';
import type { Constraint, OperationOf, RequestContext } from '../operation.ts';
import { resourceArn, streamId } from './constraints.ts';
import { requestedConsumer } from './consumer-request.ts';
import { consumerNotActive, invalidArgument, notActive, resourceNotFound } from './errors.ts';
import { findStream } from './request.ts';

/** A stream or a consumer, as far as its policy is concerned. */
interface Shared {
  readonly arn: string;
  /** Who else may use it. */
  resourcePolicy: PolicyDocument | undefined;
}

const requiredArn = { required: true, ...resourceArn } satisfies Constraint;

const onResource = (input: { readonly ResourceARN?: string | undefined }) => [input.ResourceARN ?? '*'];

/**
 * PutResourcePolicy (Kinesis API reference): who may use a stream or a consumer besides those whose own policies let them,
 * other accounts above all. The policy counts at once.
 */
export const putResourcePolicy: OperationOf<'kinesis', 'PutResourcePolicy'> = {
  constraints: { ResourceARN: requiredArn, Policy: { required: true }, StreamId: streamId },
  resources: onResource,
  handle({ ResourceARN = '', Policy: text = '' }, context) {
    const shared = sharedResource(ResourceARN, context, 'change');
    shared.resourcePolicy = { text, policy: parseStreamPolicy(text) };
    return {};
  },
};

/** GetResourcePolicy (Kinesis API reference). A resource without a policy has an empty one (as a third party's test has it). */
export const getResourcePolicy: OperationOf<'kinesis', 'GetResourcePolicy'> = {
  constraints: { ResourceARN: requiredArn, StreamId: streamId },
  resources: onResource,
  handle: ({ ResourceARN = '' }, context) => ({ Policy: sharedResource(ResourceARN, context, 'look').resourcePolicy?.text ?? '{}' }),
};

/** DeleteResourcePolicy (Kinesis API reference). The text of its error is that of a third party's test. */
export const deleteResourcePolicy: OperationOf<'kinesis', 'DeleteResourcePolicy'> = {
  constraints: { ResourceARN: requiredArn, StreamId: streamId },
  resources: onResource,
  handle({ ResourceARN = '' }, context) {
    const shared = sharedResource(ResourceARN, context, 'change');
    if (shared.resourcePolicy === undefined) throw resourceNotFound(`No resource policy found for resource ARN ${ResourceARN}.`);
    shared.resourcePolicy = undefined;
    return {};
  },
};

/**
 * The stream or the consumer with an ARN, which has to be ACTIVE where its policy is to be changed.
 * @throws {AwsError} ResourceNotFoundException, which names a stream by its ARN here (as a third party's test has it)
 */
function sharedResource(arn: string, context: RequestContext, purpose: 'look' | 'change'): Shared {
  if (arn.includes('/consumer/')) {
    const { consumer, stream } = requestedConsumer({ ConsumerARN: arn }, context);
    if (purpose === 'change' && consumer.status !== 'ACTIVE') {
      throw consumerNotActive(consumer, `stream ${stream.name} and account ${stream.account}`);
    }
    return consumer;
  }
  const stream = findStream(arn, context);
  if (stream === undefined) throw resourceNotFound(`Stream ${arn} under account ${arn.split(':')[4]} not found.`);
  if (purpose === 'change' && stream.status !== 'ACTIVE') throw notActive(stream);
  return stream;
}

/** The texts about a policy are unverified; what is wrong with it is said in the words of IAM. */
function parseStreamPolicy(text: string): Policy {
  try {
    return parsePolicy(text, 'resource');
  } catch (error) {
    throw error instanceof AwsError ? invalidArgument(`Invalid policy: ${error.message}`) : error;
  }
}
