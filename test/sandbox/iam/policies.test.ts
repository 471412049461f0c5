import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lambdaTrust, policyText } from '../../support/policies.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const kinesisExecution = 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole';

let aws: SandboxUnderTest;
let made = 0;
let RoleName = '';

beforeAll(async () => {
  aws = await sandboxUnderTest();
});
afterAll(() => aws.stop());

beforeEach(async () => {
  made += 1;
  RoleName = `role-${made}`;
  await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: lambdaTrust });
});

/** A new managed policy of the account; its ARN. */
async function createPolicy(over: Readonly<Record<string, unknown>> = {}): Promise<string> {
  made += 1;
  const { Policy } = await aws.iam.createPolicy({ PolicyName: `policy-${made}`, PolicyDocument: policyText(), ...over });
  return Policy?.Arn ?? '';
}

describe('inline policies', () => {
  it('are given back URL-encoded, as they were written', async () => {
    const PolicyDocument = `${policyText({ Action: 's3:*' })}\n`;
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument });
    const answer = await aws.iam.getRolePolicy({ RoleName, PolicyName: 'p' });
    expect(answer).toMatchObject({ RoleName, PolicyName: 'p' });
    expect(answer.PolicyDocument).toContain('s3%3A%2A');
    expect(decodeURIComponent(answer.PolicyDocument ?? '')).toBe(PolicyDocument);
  });

  it('are replaced by a policy of the same name, and listed by name', async () => {
    for (const PolicyName of ['b', 'a', 'b']) await aws.iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: policyText() });
    expect((await aws.iam.listRolePolicies({ RoleName })).PolicyNames).toEqual(['a', 'b']);
  });

  it('that are not there cannot be read or deleted', async () => {
    const missing = { name: 'NoSuchEntityException', message: 'The role policy with name p cannot be found.', status: 404 };
    expect(await refusal(aws.iam.getRolePolicy({ RoleName, PolicyName: 'p' }))).toEqual(missing);
    expect(await refusal(aws.iam.deleteRolePolicy({ RoleName, PolicyName: 'p' }))).toEqual(missing);
  });

  it('have 10 240 characters together at the most', async () => {
    const long = (length: number) => policyText({ Resource: `arn:aws:s3:::${'x'.repeat(length)}` });
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'a', PolicyDocument: long(6000) });
    expect(await refusal(aws.iam.putRolePolicy({ RoleName, PolicyName: 'b', PolicyDocument: long(6000) }))).toMatchObject({
      name: 'LimitExceededException',
      message: `Maximum policy size of 10240 bytes exceeded for role ${RoleName}`,
    });
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'a', PolicyDocument: long(9000) });
  });

  it('have to be valid, or nothing changes', async () => {
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument: policyText() });
    expect(await refusal(aws.iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument: lambdaTrust }))).toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    expect(decodeURIComponent((await aws.iam.getRolePolicy({ RoleName, PolicyName: 'p' })).PolicyDocument ?? '')).toBe(policyText());
  });
});

describe('attaching managed policies', () => {
  it('twice is the same as once', async () => {
    await aws.iam.attachRolePolicy({ RoleName, PolicyArn: kinesisExecution });
    await aws.iam.attachRolePolicy({ RoleName, PolicyArn: kinesisExecution });
    expect((await aws.iam.listAttachedRolePolicies({ RoleName })).AttachedPolicies).toEqual([
      { PolicyName: 'AWSLambdaKinesisExecutionRole', PolicyArn: kinesisExecution },
    ]);
  });

  it.each([
    [
      'arn:aws:iam::aws:policy/UnknownPolicy',
      'NoSuchEntityException',
      'Policy arn:aws:iam::aws:policy/UnknownPolicy does not exist or is not attachable.',
    ],
    ['a-long-name-but-no-arn', 'ValidationError', 'Invalid ARN:  Could not be parsed!'],
    [
      'short',
      'ValidationError',
      "1 validation error detected: Value 'short' at 'policyArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
    ],
  ])('refuses %s', async (PolicyArn, name, message) => {
    expect(await refusal(aws.iam.attachRolePolicy({ RoleName, PolicyArn }))).toMatchObject({ name, message });
  });

  it('ends at ten', async () => {
    for (let count = 0; count < 10; count++) await aws.iam.attachRolePolicy({ RoleName, PolicyArn: await createPolicy() });
    expect(await refusal(aws.iam.attachRolePolicy({ RoleName, PolicyArn: kinesisExecution }))).toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for PoliciesPerRole: 10',
    });
  });

  it('is undone by detaching, once', async () => {
    await aws.iam.attachRolePolicy({ RoleName, PolicyArn: kinesisExecution });
    await aws.iam.detachRolePolicy({ RoleName, PolicyArn: kinesisExecution });
    expect(await refusal(aws.iam.detachRolePolicy({ RoleName, PolicyArn: kinesisExecution }))).toMatchObject({
      name: 'NoSuchEntityException',
      message: `Policy ${kinesisExecution} was not found.`,
    });
  });

  it('can be asked from the side of the policy', async () => {
    const PolicyArn = await createPolicy();
    await aws.iam.attachRolePolicy({ RoleName, PolicyArn });
    expect(await aws.iam.listEntitiesForPolicy({ PolicyArn })).toMatchObject({
      PolicyGroups: [],
      PolicyUsers: [],
      PolicyRoles: [{ RoleName, RoleId: expect.stringMatching(/^AROA/) }],
      IsTruncated: false,
    });
    expect((await aws.iam.getPolicy({ PolicyArn })).Policy?.AttachmentCount).toBe(1);
    expect((await aws.iam.listEntitiesForPolicy({ PolicyArn, EntityFilter: 'User' })).PolicyRoles).toEqual([]);
  });
});

describe('the managed policies of AWS', () => {
  it('have their documents: the execution role of a Kinesis consumer reads streams, writes logs and nothing else', async () => {
    const { Policy } = await aws.iam.getPolicy({ PolicyArn: kinesisExecution });
    expect(Policy).toMatchObject({ PolicyName: 'AWSLambdaKinesisExecutionRole', Path: '/service-role/', DefaultVersionId: 'v2' });
    const { PolicyVersion } = await aws.iam.getPolicyVersion({ PolicyArn: kinesisExecution, VersionId: 'v2' });
    const document = JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')) as { Statement: { Action: string[] }[] };
    expect(document.Statement[0]?.Action).toEqual([
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
      'kinesis:ListStreams',
      'kinesis:SubscribeToShard',
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });

  it('are listed by scope', async () => {
    const own = await createPolicy();
    const arns = async (Scope: 'All' | 'AWS' | 'Local') => (await aws.iam.listPolicies({ Scope })).Policies?.map(({ Arn }) => Arn);
    expect(await arns('AWS')).toContain(kinesisExecution);
    expect(await arns('AWS')).not.toContain(own);
    expect(await arns('Local')).toContain(own);
    expect(await arns('Local')).not.toContain(kinesisExecution);
    expect(await arns('All')).toEqual(expect.arrayContaining([own, kinesisExecution]));
  });

  it('cannot be deleted or changed', async () => {
    expect(await refusal(aws.iam.deletePolicy({ PolicyArn: kinesisExecution }))).toMatchObject({ name: 'InvalidInputException' });
    expect(await refusal(aws.iam.createPolicyVersion({ PolicyArn: kinesisExecution, PolicyDocument: policyText() }))).toMatchObject({
      name: 'InvalidInputException',
    });
  });
});

describe('the managed policies of an account', () => {
  it('are created with one version', async () => {
    const PolicyArn = await createPolicy({ PolicyName: 'reader', Path: '/labs/', Description: 'reads' });
    expect(PolicyArn).toBe('arn:aws:iam::000000000000:policy/labs/reader');
    expect((await aws.iam.getPolicy({ PolicyArn })).Policy).toMatchObject({
      PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
      DefaultVersionId: 'v1',
      AttachmentCount: 0,
      Description: 'reads',
      IsAttachable: true,
    });
    expect(await refusal(createPolicy({ PolicyName: 'Reader' }))).toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'A policy called Reader already exists. Duplicate names are not allowed.',
    });
  });

  it('that are not there cannot be found', async () => {
    expect(await refusal(aws.iam.getPolicy({ PolicyArn: 'arn:aws:iam::000000000000:policy/nothing' }))).toEqual({
      name: 'NoSuchEntityException',
      message: 'Policy arn:aws:iam::000000000000:policy/nothing was not found.',
      status: 404,
    });
  });

  it('have up to five versions, of which the default decides', async () => {
    const PolicyArn = await createPolicy({ PolicyDocument: policyText({ Action: 's3:*' }) });
    for (let count = 0; count < 4; count++) {
      await aws.iam.createPolicyVersion({ PolicyArn, PolicyDocument: policyText({ Action: 'kinesis:*' }), SetAsDefault: count === 0 });
    }
    expect(await refusal(aws.iam.createPolicyVersion({ PolicyArn, PolicyDocument: policyText() }))).toMatchObject({
      name: 'LimitExceededException',
    });
    const { Versions } = await aws.iam.listPolicyVersions({ PolicyArn });
    expect(Versions?.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
      ['v1', false],
      ['v2', true],
      ['v3', false],
      ['v4', false],
      ['v5', false],
    ]);
    await aws.iam.attachRolePolicy({ RoleName, PolicyArn });
    const ask = async () =>
      (
        await aws.iam.simulatePrincipalPolicy({
          PolicySourceArn: `arn:aws:iam::000000000000:role/${RoleName}`,
          ActionNames: ['s3:GetObject'],
        })
      ).EvaluationResults?.[0]?.EvalDecision;
    expect(await ask()).toBe('implicitDeny');
    await aws.iam.setDefaultPolicyVersion({ PolicyArn, VersionId: 'v1' });
    expect(await ask()).toBe('allowed');
  });

  it('lose versions, but not the default one', async () => {
    const PolicyArn = await createPolicy();
    await aws.iam.createPolicyVersion({ PolicyArn, PolicyDocument: policyText() });
    expect(await refusal(aws.iam.deletePolicyVersion({ PolicyArn, VersionId: 'v1' }))).toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete the default version of a policy.',
    });
    expect(await refusal(aws.iam.deletePolicy({ PolicyArn }))).toMatchObject({ name: 'DeleteConflictException' });
    await aws.iam.deletePolicyVersion({ PolicyArn, VersionId: 'v2' });
    await aws.iam.deletePolicy({ PolicyArn });
    expect(await refusal(aws.iam.getPolicy({ PolicyArn }))).toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('cannot be deleted while they are attached', async () => {
    const PolicyArn = await createPolicy();
    await aws.iam.attachRolePolicy({ RoleName, PolicyArn });
    expect(await refusal(aws.iam.deletePolicy({ PolicyArn }))).toEqual({
      name: 'DeleteConflictException',
      message: 'Cannot delete a policy attached to entities.',
      status: 409,
    });
    await aws.iam.detachRolePolicy({ RoleName, PolicyArn });
    await aws.iam.deletePolicy({ PolicyArn });
  });

  it('have 6144 characters at the most, white space not counted', async () => {
    const document = policyText({ Resource: `arn:aws:s3:::${'x'.repeat(5990)}` });
    await createPolicy({ PolicyDocument: document.replaceAll(',', `,${' '.repeat(200)}`) });
    expect(await refusal(createPolicy({ PolicyDocument: document.replace('xxx', 'x'.repeat(200)) }))).toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for PolicySize: 6144',
    });
  });
});
