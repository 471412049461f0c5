import type { ServiceName } from '../util/sdk.ts';
import { AnswerOf, type ApiCall } from './api-call.ts';

/** Where resources are: what their ARNs have in common. */
export interface Place {
  /** `aws`, or what stands in its place in China and in the government's regions. */
  readonly partition: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
}

/** What a caller has to be allowed: an action of IAM on one resource. */
export interface Permission {
  /** `kinesis:CreateStream` */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  /** What conditions of policies can ask about the request, as far as it is known. */
  readonly keys?: Readonly<Record<string, string>>;
}

/**
 * What the caller of an API call has to be allowed (Service Authorization Reference): the action itself, those for the tags
 * that it puts on what it creates, and to pass a role to a service. Calls that it takes answers from count in.
 */
export function permissionsFor(call: ApiCall, place: Place): readonly Permission[] {
  if (call.service === 'sts' && call.operation === 'GetCallerIdentity') return [];
  const resource = resourceOf(call, place);
  const asked = Object.values(call.input).flatMap((value) => (value instanceof AnswerOf ? permissionsFor(value.call, place) : []));
  const tags = tagActions[`${call.service}:${call.operation}`];
  return [
    ...asked,
    { action: actionOf(call), resource, ...aboutPolicy(call) },
    ...(tags !== undefined && asksForTags(call.input) ? [{ action: tags, resource }] : []),
    ...passedRoles(call).map((role) => ({
      action: 'iam:PassRole',
      resource: role,
      keys: { 'iam:PassedToService': principals[call.service] ?? '' },
    })),
  ];
}

/** Which managed policy a role gets, so that nobody can give it more than a lab does (Service Authorization Reference). */
function aboutPolicy({ operation, input }: ApiCall): Pick<Permission, 'keys'> {
  const { PolicyArn } = input;
  return operation === 'AttachRolePolicy' && typeof PolicyArn === 'string' ? { keys: { 'iam:PolicyARN': PolicyArn } } : {};
}

// Actions that are not called like their operations.
const actions: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:ListObjects': 's3:ListBucket',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:ListBuckets': 's3:ListAllMyBuckets',
};

function actionOf({ service, operation }: ApiCall): string {
  return actions[`${service}:${operation}`] ?? `${service}:${operation}`;
}

/**
 * What else has to be allowed to who creates something with tags. Kinesis: API reference, CreateStream; others: "Controlling
 * access to AWS resources using tags". That of S3 is unverified.
 */
const tagActions: Readonly<Record<string, string>> = {
  'kinesis:CreateStream': 'kinesis:AddTagsToStream',
  'iam:CreateRole': 'iam:TagRole',
  'iam:CreatePolicy': 'iam:TagPolicy',
  'lambda:CreateFunction': 'lambda:TagResource',
  'lambda:CreateEventSourceMapping': 'lambda:TagResource',
  'logs:CreateLogGroup': 'logs:TagResource',
  'sqs:CreateQueue': 'sqs:TagQueue',
  'firehose:CreateDeliveryStream': 'firehose:TagDeliveryStream',
  'events:PutRule': 'events:TagResource',
  's3:CreateBucket': 's3:TagResource',
};

function asksForTags(input: ApiCall['input']): boolean {
  const { Tags, tags, CreateBucketConfiguration } = input as Readonly<Record<string, object | undefined>>;
  return [Tags, tags, CreateBucketConfiguration && 'Tags' in CreateBucketConfiguration].some(Boolean);
}

// The services that roles are passed to.
const principals: Readonly<Record<string, string>> = {
  lambda: 'lambda.amazonaws.com',
  firehose: 'firehose.amazonaws.com',
  events: 'events.amazonaws.com',
};

/** The ARNs of roles anywhere in the input of a call to a service that acts in their name. */
function passedRoles({ service, input }: ApiCall): readonly string[] {
  return principals[service] === undefined ? [] : [...new Set(rolesIn(input))];
}

function rolesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof AnswerOf) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' ? (/^Role(A(rn|RN))?$/.test(name) ? [member] : []) : rolesIn(member),
  );
}

/** The ARN that IAM is asked about. */
function resourceOf(call: ApiCall, place: Place): string {
  return resources[call.service](call, place);
}

const resources: Readonly<Record<ServiceName, (call: ApiCall, place: Place) => string>> = {
  kinesis: (call, place) => {
    const given = member(call, 'StreamARN', 'ConsumerARN', 'ResourceARN', 'StreamName');
    return given === undefined ? behind(call, place) : arn(place, 'kinesis', 'stream/', given);
  },
  lambda(call, place) {
    // A mapping is found by its id, and created or listed by nothing.
    if (/EventSourceMappings?$/.test(call.operation)) return arn(place, 'lambda', 'event-source-mapping:', member(call, 'UUID'));
    return arn(place, 'lambda', 'function:', member(call, 'FunctionName', 'Resource'));
  },
  iam: (call, place) => arn({ ...place, region: '' }, 'iam', 'role/', member(call, 'RoleName', 'PolicyArn', 'PolicySourceArn')),
  sts: (call) => member(call, 'RoleArn') ?? '*',
  logs(call, place) {
    // In this form in refusals of AWS, also for a whole group, which is why a policy that names a group has to end in `:*`.
    const group = call.operation === 'DescribeLogGroups' ? '' : (member(call, 'logGroupName') ?? '');
    return arn(place, 'logs', 'log-group:', `${group}:log-stream:${member(call, 'logStreamName') ?? ''}`);
  },
  sqs(call, place) {
    const given = member(call, 'QueueName') ?? member(call, 'QueueUrl')?.split('/').at(-1);
    return given === undefined ? behind(call, place) : arn(place, 'sqs', '', given);
  },
  s3(call, { partition }) {
    const bucket = member(call, 'Bucket');
    const key = /^(Get|Put|Head|Delete|Copy)Objects?/.test(call.operation) ? `/${member(call, 'Key') ?? '*'}` : '';
    return bucket === undefined ? '*' : `arn:${partition}:s3:::${bucket}${key}`;
  },
  firehose: (call, place) => arn(place, 'firehose', 'deliverystream/', member(call, 'DeliveryStreamName')),
  events: (call, place) => arn(place, 'events', 'rule/', member(call, 'Name', 'Rule', 'ResourceARN')),
  scheduler(call, place) {
    const name = member(call, 'Name', 'ResourceArn');
    if (/ScheduleGroup/.test(call.operation)) return arn(place, 'scheduler', 'schedule-group/', name);
    return arn(place, 'scheduler', `schedule/${member(call, 'GroupName') ?? 'default'}/`, name);
  },
};

/** The first of some members of the input that is given as text. */
function member({ input }: ApiCall, ...names: readonly string[]): string | undefined {
  return names.map((name) => input[name]).find((value) => typeof value === 'string' && value !== '') as string | undefined;
}

/** The ARN of what has a name, which may be an ARN already; `*` for what has none. */
function arn({ partition, region, account }: Place, service: string, type: string, name: string | undefined): string {
  if (name === undefined) return '*';
  return name.startsWith('arn:') ? name : `arn:${partition}:${service}:${region}:${account}:${type}${name}`;
}

/** The resource of the call that an answer is taken from: the stream of an iterator, the queue of a URL. */
function behind({ input }: ApiCall, place: Place): string {
  const answer = Object.values(input).find((value) => value instanceof AnswerOf);
  return answer === undefined ? '*' : resourceOf(answer.call, place);
}
