import { z } from 'zod';
import { type ApiCall, apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent, orDone } from '../../aws/aws.ts';
import { pages } from '../../aws/pages.ts';
import { queryText } from '../../aws/query.ts';
import { type Advice, advised } from '../advice.ts';
import { byHand, compared, looked, missing } from '../finding.ts';
import { defineResource } from '../resource.ts';
import { defineStep, type Finding, type Mutation } from '../step.ts';
import { parsePolicy, samePolicy, trustedServices, trustPolicy } from './policy-document.ts';

const existsTimeoutMs = 30_000;
const goneTimeoutMs = 60_000;

export const roleSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/, 'has to be 1 to 64 letters, digits and any of + = , . @ _ -')
    .describe('Name of the role.'),
  service: z.string().default('lambda.amazonaws.com').describe('The service that may assume the role.'),
  'managed-policies': z
    .array(z.string().regex(/^arn:[\w-]+:iam::(aws|\d{12}):policy\/.+$/, 'has to be the ARN of a policy'))
    .default([])
    .describe('ARNs of the managed policies that are attached to the role.'),
  policy: z
    .strictObject({
      name: z.string().min(1).describe('Name of the policy, unique in the role.'),
      document: z.record(z.string(), z.unknown()).describe('The policy document: Version and Statement.'),
    })
    .optional()
    .describe('A policy of the role itself (inline policy).'),
});
type Input = z.output<typeof roleSchema>;

/** What IAM refuses about policies, and what to do (IAM API reference). */
const advice: readonly Advice[] = [
  {
    code: 'NoSuchEntityException',
    text: 'is not attachable',
    hint: 'There is no such managed policy. Those of AWS are called arn:aws:iam::aws:policy/…, with the path service-role/ for execution roles: compare every letter.',
  },
  {
    code: 'MalformedPolicyDocumentException',
    hint: 'A policy document has a Version, 2012-10-17, and statements with Effect, Action and Resource.',
  },
];

const existsText = ({ name }: Input): string => `the role ${name} to exist`;
export const getRole = ({ name }: Pick<Input, 'name'>) => apiCall('iam', 'GetRole', { RoleName: name });
const createRole = ({ name, service }: Input) =>
  apiCall('iam', 'CreateRole', { RoleName: name, AssumeRolePolicyDocument: trustPolicy(service) });
const trustService = ({ name, service }: Input) =>
  apiCall('iam', 'UpdateAssumeRolePolicy', { RoleName: name, PolicyDocument: trustPolicy(service) });
const attachPolicy = ({ name }: Input, arn: string) => apiCall('iam', 'AttachRolePolicy', { RoleName: name, PolicyArn: arn });
const putPolicy = ({ name }: Input, policy: NonNullable<Input['policy']>) =>
  apiCall('iam', 'PutRolePolicy', { RoleName: name, PolicyName: policy.name, PolicyDocument: JSON.stringify(policy.document) });
const detachPolicy = (role: string, arn: string) => apiCall('iam', 'DetachRolePolicy', { RoleName: role, PolicyArn: arn });
const deletePolicy = (role: string, policy: string) => apiCall('iam', 'DeleteRolePolicy', { RoleName: role, PolicyName: policy });

const getPolicy = (role: string, policy: string) => apiCall('iam', 'GetRolePolicy', { RoleName: role, PolicyName: policy });
const listAttachedPolicies = (name: string) => apiCall('iam', 'ListAttachedRolePolicies', { RoleName: name });
const marked = { request: 'Marker', answer: 'Marker' } as const;

/** A role can be deleted only when it has no policies (IAM API reference). */
const roleResource = defineResource({
  type: 'iam:role',
  noun: 'role',
  all: { call: apiCall('iam', 'ListRoles', {}), query: 'Roles[].RoleName', pages: marked },
  tags: (name) => ({ call: apiCall('iam', 'ListRoleTags', { RoleName: name }), query: 'Tags', pages: marked }),
  removal: (name) => ({
    calls: [
      {
        each: { call: listAttachedPolicies(name), query: 'AttachedPolicies[].PolicyArn', pages: marked },
        call: (arn) => detachPolicy(name, arn),
      },
      {
        each: { call: apiCall('iam', 'ListRolePolicies', { RoleName: name }), query: 'PolicyNames', pages: marked },
        call: (policy) => deletePolicy(name, policy),
      },
      { call: () => apiCall('iam', 'DeleteRole', { RoleName: name }) },
    ],
    left: { call: getRole({ name }), query: 'Role.RoleName' },
    timeoutMs: goneTimeoutMs,
  }),
});

/** What a role tells, wherever it comes from. */
export function roleOutputs(
  call: typeof getRole,
  example = { arn: 'arn:aws:iam::123456789012:role/lambda-cli-role', name: 'lambda-cli-role' },
) {
  return {
    arn: { what: 'ARN of the role', example: example.arn, call, query: 'Role.Arn' },
    name: { what: 'name of the role', example: example.name, call, query: 'Role.RoleName' },
  };
}

export const role = defineStep({
  summary: 'Creates an IAM role that a service may assume, with the policies that say what it may do.',
  input: roleSchema,
  outputs: roleOutputs(getRole),
  examples: [
    {
      name: 'lambda-cli-role',
      'managed-policies': ['arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole'],
    },
    {
      name: 'log-writer',
      service: 'lambda.amazonaws.com',
      policy: {
        name: 'write-logs',
        document: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }],
        },
      },
    },
  ],
  resources: [roleResource],
  owns: ({ name }) => [{ type: 'iam:role', id: name }],
  explain: (input) => [createRole(input), ...policyCalls(input), getRole(input)],
  reads: (input) => [listAttachedPolicies(input.name), ...(input.policy === undefined ? [] : [getPolicy(input.name, input.policy.name)])],
  awaits: (input) => [
    {
      what: existsText(input),
      call: getRole(input),
      query: `Role.RoleName == ${queryText(input.name)}`,
      withinMs: [existsTimeoutMs],
    },
  ],
  shows: getRole,
  async apply(input, { aws, wait }) {
    const existing = await orAbsent(aws.call(getRole(input)));
    if (existing === undefined) {
      await orDone(aws.call(createRole(input)));
      await wait({ what: existsText(input), timeoutMs: existsTimeoutMs }, () => orAbsent(aws.call(getRole(input))));
    } else if (!trustedServices(parsePolicy(existing.Role?.AssumeRolePolicyDocument)).includes(input.service)) {
      await aws.call(trustService(input));
    }
    const attached = existing === undefined ? [] : await attachedPolicies(aws, input.name);
    for (const arn of input['managed-policies']) {
      if (!attached.includes(arn)) await advised(aws.call(attachPolicy(input, arn)), advice);
    }
    if (input.policy && !samePolicy(await inlinePolicy(aws, input.name, input.policy.name), input.policy.document)) {
      await advised(aws.call(putPolicy(input, input.policy)), advice);
    }
  },
  async check(input, { aws }) {
    const { name, service } = input;
    const found = await orAbsent(aws.call(getRole(input)));
    if (found === undefined) {
      return [missing(`role ${name}`, 'a role', 'there is none', `Create it: ${byHand(createRole(input))}`)];
    }
    const services = trustedServices(parsePolicy(found.Role?.AssumeRolePolicyDocument));
    const attached = await attachedPolicies(aws, name);
    return [
      looked(
        `trust policy of ${name}`,
        services.includes(service),
        `${service} may assume the role`,
        services.length > 0 ? `${services.join(', ')} may assume the role` : 'no service may assume it',
        `Without trust in ${service}, the service cannot act as the role. Replace the trust policy: ${byHand(trustService(input))}`,
      ),
      ...input['managed-policies'].map((arn) =>
        looked(
          `managed policies of ${name}`,
          attached.includes(arn),
          policyName(arn),
          attached.length > 0 ? attached.map(policyName).join(', ') : 'none is attached',
          `A role may do only what its policies allow. Attach this one: ${byHand(attachPolicy(input, arn))}`,
        ),
      ),
      ...(await checkInlinePolicy(input, aws)),
    ];
  },
  mutations: (input) => [otherTrust(input), ...detachments(input), ...otherPolicies(input)],
});

function policyCalls(input: Input): ApiCall[] {
  const attached = input['managed-policies'].map((arn) => attachPolicy(input, arn));
  return input.policy ? [...attached, putPolicy(input, input.policy)] : attached;
}

async function checkInlinePolicy(input: Input, aws: Aws): Promise<Finding[]> {
  const { name, policy } = input;
  if (policy === undefined) return [];
  const fact = `inline policy ${policy.name} of ${name}`;
  const hint = `Put it, which also replaces one of that name: ${byHand(putPolicy(input, policy))}`;
  const document = await inlinePolicy(aws, name, policy.name);
  if (document === undefined) return [looked(fact, false, 'a policy', 'there is none', hint)];
  const same = samePolicy(document, policy.document);
  return [compared(fact, policy.document, same ? policy.document : document, hint)];
}

function otherTrust(input: Input): Mutation {
  const service = input.service === 'ec2.amazonaws.com' ? 'lambda.amazonaws.com' : 'ec2.amazonaws.com';
  return {
    name: `${input.name} trusts ${service} instead of ${input.service}`,
    when: 'afterwards',
    apply: async ({ aws }) => void (await aws.call(trustService({ ...input, service }))),
  };
}

function detachments({ name, 'managed-policies': arns }: Input): readonly Mutation[] {
  return arns.map((arn) => ({
    name: `the policy ${policyName(arn)} is detached from ${name}`,
    when: 'afterwards',
    apply: async ({ aws }) => void (await aws.call(detachPolicy(name, arn))),
  }));
}

function otherPolicies(input: Input): readonly Mutation[] {
  const { name, policy } = input;
  if (policy === undefined) return [];
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] };
  return [
    {
      name: `the inline policy ${policy.name} of ${name} allows nothing`,
      when: 'afterwards',
      apply: async ({ aws }) => void (await aws.call(putPolicy(input, { ...policy, document }))),
    },
    {
      name: `the inline policy ${policy.name} of ${name} is deleted`,
      when: 'afterwards',
      apply: async ({ aws }) => void (await aws.call(deletePolicy(name, policy.name))),
    },
  ];
}

function policyName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

async function attachedPolicies(aws: Aws, role: string): Promise<readonly string[]> {
  const arns: string[] = [];
  for await (const page of pages(aws, listAttachedPolicies(role), marked)) {
    for (const { PolicyArn } of page.AttachedPolicies ?? []) if (PolicyArn) arns.push(PolicyArn);
  }
  return arns;
}

async function inlinePolicy(aws: Aws, role: string, policy: string): Promise<unknown> {
  const found = await orAbsent(aws.call(getPolicy(role, policy)));
  return found && parsePolicy(found.PolicyDocument);
}
