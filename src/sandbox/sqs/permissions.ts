import { AwsError } from '../error.ts';
import type { OperationOf } from '../operation.ts';
import { invalidValue, missingParameter } from './errors.ts';
import type { Queue } from './queue.ts';
import { onOwnQueue, requestedQueue } from './request.ts';

/** How many actions one label can have (SQS API reference, AddPermission). */
const mostActions = 7;

/** What only the owner of a queue may do, whatever its policy says (SQS Developer Guide, "Basic examples of Amazon SQS policies"). */
const ofOwner: readonly string[] = [
  'AddPermission',
  'CreateQueue',
  'DeleteQueue',
  'ListQueues',
  'RemovePermission',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
];

interface Statement {
  readonly Sid?: string;
}

interface PolicyText {
  readonly Statement: readonly Statement[];
}

/** AddPermission (as recorded): a statement of the queue's policy, whose Sid is the label. All texts but that for a label are unverified. */
export const addPermission: OperationOf<'sqs', 'AddPermission'> = {
  ...onOwnQueue('addpermission'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    const { Label: label = '', AWSAccountIds: accounts = [], Actions: actions = [] } = input;
    if (label === '') throw missingParameter('Label');
    if (actions.length === 0) throw missingParameter('Actions');
    if (accounts.length === 0 || accounts.some((account) => !/^\d{12}$/.test(account))) {
      throw invalidValue(`[${accounts.join(', ')}]`, 'PrincipalId', 'Unable to verify.');
    }
    if (actions.length > mostActions) {
      throw new AwsError('OverLimit', `${actions.length} Actions were found, maximum allowed is ${mostActions}.`, { status: 403 });
    }
    const reserved = actions.find((action) => ofOwner.includes(action));
    if (reserved !== undefined) {
      throw invalidValue(`SQS:${reserved}`, 'ActionName', 'Only the queue owner is allowed to invoke this action.');
    }
    const policy = policyOf(queue);
    if (policy.Statement.some(({ Sid }) => Sid === label)) throw invalidValue(label, 'Label', 'Already exists.');
    const added = {
      Sid: label,
      Effect: 'Allow',
      Principal: { AWS: oneOrAll(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
      Action: oneOrAll(actions.map((action) => `SQS:${action}`)),
      Resource: queue.arn,
    };
    setPolicy(queue, { ...policy, Statement: [...policy.Statement, added] }, context.cloud.clock.now());
    return {};
  },
};

export const removePermission: OperationOf<'sqs', 'RemovePermission'> = {
  ...onOwnQueue('removepermission'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    const { Label: label = '' } = input;
    if (label === '') throw missingParameter('Label');
    const policy = policyOf(queue);
    const kept = policy.Statement.filter(({ Sid }) => Sid !== label);
    if (kept.length === policy.Statement.length) throw invalidValue(label, 'Label', "can't find label.");
    setPolicy(queue, { ...policy, Statement: kept }, context.cloud.clock.now());
    return {};
  },
};

/** A queue without a policy has one without statements, so to speak. */
function policyOf({ arn, attributes }: Queue): PolicyText {
  const none = { Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy`, Statement: [] };
  if (attributes.policyText === undefined) return none;
  const { Statement: given, ...rest } = JSON.parse(attributes.policyText) as { readonly Statement: Statement | readonly Statement[] };
  return { ...rest, Statement: [given].flat() };
}

/** The policy goes with its last statement. */
function setPolicy(queue: Queue, policy: PolicyText, now: number): void {
  queue.attributes = queue.attributes.with({ Policy: policy.Statement.length === 0 ? '' : JSON.stringify(policy) });
  queue.modified = now;
}

function oneOrAll(texts: readonly string[]): string | readonly string[] {
  const [only = '', ...more] = texts;
  return more.length === 0 ? only : texts;
}
