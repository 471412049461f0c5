import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountTrust, lambdaTrust, policyText, trustText } from '../../support/policies.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

let aws: SandboxUnderTest;
let made = 0;

beforeAll(async () => {
  aws = await sandboxUnderTest();
});
afterAll(() => aws.stop());

/** A new role; the answer of CreateRole. */
async function createRole(over: Readonly<Record<string, unknown>> = {}) {
  made += 1;
  const { Role } = await aws.iam.createRole({ RoleName: `role-${made}`, AssumeRolePolicyDocument: lambdaTrust, ...over });
  if (!Role?.RoleName) throw new Error('No role was answered.');
  return { ...Role, RoleName: Role.RoleName };
}

describe('CreateRole', () => {
  it('answers the role with its trust policy URL-encoded', async () => {
    const role = await createRole({ Path: '/labs/', Description: 'for a test', Tags: [{ Key: 'lab', Value: '01' }] });
    expect(role).toEqual({
      Path: '/labs/',
      RoleName: role.RoleName,
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      Arn: `arn:aws:iam::000000000000:role/labs/${role.RoleName}`,
      CreateDate: expect.any(Date),
      AssumeRolePolicyDocument: expect.stringMatching(/^%7B%22Version%22%3A%222012-10-17%22/),
      Tags: [{ Key: 'lab', Value: '01' }],
    });
    expect(decodeURIComponent(role.AssumeRolePolicyDocument ?? '')).toBe(lambdaTrust);
    expect(role.CreateDate?.getMilliseconds()).toBe(0);
  });

  it('encodes what RFC 3986 reserves, the * among it', async () => {
    const role = await createRole({ AssumeRolePolicyDocument: trustText('*') });
    expect(role.AssumeRolePolicyDocument).toContain('%22Principal%22%3A%22%2A%22');
  });

  it('refuses a name that is taken, in whatever case', async () => {
    const { RoleName } = await createRole();
    for (const name of [RoleName, RoleName.toUpperCase()]) {
      expect(await refusal(aws.iam.createRole({ RoleName: name, AssumeRolePolicyDocument: lambdaTrust }))).toEqual({
        name: 'EntityAlreadyExistsException',
        message: `Role with name ${name} already exists.`,
        status: 409,
      });
    }
  });

  it.each([
    [
      'a trust policy that is no JSON',
      { AssumeRolePolicyDocument: '{' },
      'MalformedPolicyDocumentException',
      'This policy contains invalid Json',
    ],
    [
      'a name with a blank',
      { RoleName: 'my role' },
      'ValidationError',
      'The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    ],
    [
      'a name of 65 characters',
      { RoleName: 'r'.repeat(65) },
      'ValidationError',
      `1 validation error detected: Value '${'r'.repeat(65)}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
    [
      'sessions of more than twelve hours',
      { MaxSessionDuration: 43201 },
      'ValidationError',
      "1 validation error detected: Value '43201' at 'maxSessionDuration' failed to satisfy constraint: Member must have value less than or equal to 43200",
    ],
    [
      'a principal that does not exist',
      { AssumeRolePolicyDocument: trustText({ AWS: 'arn:aws:iam::000000000000:role/nobody' }) },
      'MalformedPolicyDocumentException',
      'Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:role/nobody"',
    ],
    [
      'a tag key that is there twice',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
      'InvalidInputException',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      'a boundary that does not exist',
      { PermissionsBoundary: 'arn:aws:iam::aws:policy/Nothing' },
      'NoSuchEntityException',
      'Policy arn:aws:iam::aws:policy/Nothing does not exist or is not attachable.',
    ],
    [
      'a trust policy that is too long',
      { AssumeRolePolicyDocument: trustText('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x'.repeat(2048) } } }) },
      'LimitExceededException',
      'Cannot exceed quota for ACLSizePerRole: 2048',
    ],
  ])('refuses %s', async (_what, over, name, message) => {
    expect(await refusal(createRole(over))).toMatchObject({ name, message });
  });
});

describe('GetRole', () => {
  it('describes a role', async () => {
    const { RoleName, RoleId } = await createRole({ Description: 'for a test', MaxSessionDuration: 7200 });
    expect((await aws.iam.getRole({ RoleName })).Role).toMatchObject({
      RoleId,
      Description: 'for a test',
      MaxSessionDuration: 7200,
      RoleLastUsed: {},
    });
  });

  it('has no role that was never created', async () => {
    expect(await refusal(aws.iam.getRole({ RoleName: 'nobody' }))).toEqual({
      name: 'NoSuchEntityException',
      message: 'The role with name nobody cannot be found.',
      status: 404,
    });
  });

  it('tells when the role was last used', async () => {
    const { RoleName } = await createRole({ AssumeRolePolicyDocument: accountTrust });
    await aws.asRole(RoleName);
    expect((await aws.iam.getRole({ RoleName })).Role?.RoleLastUsed).toEqual({ LastUsedDate: expect.any(Date), Region: 'us-east-1' });
  });
});

describe('ListRoles', () => {
  it('pages through the roles below a path, by name', async () => {
    for (let count = 0; count < 3; count++) await createRole({ Path: '/paged/' });
    const first = await aws.iam.listRoles({ PathPrefix: '/paged/', MaxItems: 2 });
    expect(first).toMatchObject({ IsTruncated: true, Marker: expect.any(String) });
    const second = await aws.iam.listRoles({ PathPrefix: '/paged/', MaxItems: 2, Marker: first.Marker });
    expect(second.IsTruncated).toBe(false);
    expect(second.Marker).toBeUndefined();
    const names = [...(first.Roles ?? []), ...(second.Roles ?? [])].map(({ RoleName }) => RoleName ?? '');
    expect(names).toHaveLength(3);
    expect(names).toEqual(names.toSorted());
  });

  it('leaves the tags out', async () => {
    await createRole({ Path: '/tagged/', Tags: [{ Key: 'a', Value: 'b' }] });
    expect((await aws.iam.listRoles({ PathPrefix: '/tagged/' })).Roles?.[0]).not.toHaveProperty('Tags');
  });

  it('refuses a marker that it has not given out', async () => {
    expect(await refusal(aws.iam.listRoles({ Marker: 'x' }))).toMatchObject({ name: 'ValidationError' });
  });
});

describe('changing a role', () => {
  it('UpdateRole changes what it is given and leaves the rest', async () => {
    const { RoleName } = await createRole({ Description: 'before' });
    await aws.iam.updateRole({ RoleName, MaxSessionDuration: 3601 });
    expect((await aws.iam.getRole({ RoleName })).Role).toMatchObject({ Description: 'before', MaxSessionDuration: 3601 });
    await aws.iam.updateRole({ RoleName, Description: 'after' });
    expect((await aws.iam.getRole({ RoleName })).Role).toMatchObject({ Description: 'after', MaxSessionDuration: 3601 });
  });

  it('UpdateAssumeRolePolicy replaces the trust policy, or leaves it when the new one is refused', async () => {
    const { RoleName } = await createRole();
    await aws.iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: accountTrust });
    expect(await refusal(aws.iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: policyText() }))).toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    const { Role } = await aws.iam.getRole({ RoleName });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(accountTrust);
  });

  it('tags come, change and go', async () => {
    const { RoleName } = await createRole({ Tags: [{ Key: 'lab', Value: '01' }] });
    await aws.iam.tagRole({
      RoleName,
      Tags: [
        { Key: 'lab', Value: '02' },
        { Key: 'run', Value: 'x' },
      ],
    });
    expect((await aws.iam.listRoleTags({ RoleName })).Tags).toEqual([
      { Key: 'lab', Value: '02' },
      { Key: 'run', Value: 'x' },
    ]);
    await aws.iam.untagRole({ RoleName, TagKeys: ['lab', 'never-there'] });
    expect((await aws.iam.listRoleTags({ RoleName })).Tags).toEqual([{ Key: 'run', Value: 'x' }]);
  });

  it('more than fifty tags are refused and none of them is kept', async () => {
    const { RoleName } = await createRole({ Tags: [{ Key: 'first', Value: '' }] });
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    expect(await refusal(aws.iam.tagRole({ RoleName, Tags }))).toMatchObject({
      name: 'LimitExceededException',
      message: 'The number of tags has reached the maximum limit.',
    });
    expect((await aws.iam.listRoleTags({ RoleName })).Tags).toHaveLength(1);
  });
});

describe('DeleteRole', () => {
  it('wants managed policies detached and inline policies deleted first', async () => {
    const { RoleName } = await createRole();
    const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    await aws.iam.attachRolePolicy({ RoleName, PolicyArn });
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'inline', PolicyDocument: policyText() });
    expect(await refusal(aws.iam.deleteRole({ RoleName }))).toEqual({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must detach all policies first.',
      status: 409,
    });
    await aws.iam.detachRolePolicy({ RoleName, PolicyArn });
    expect(await refusal(aws.iam.deleteRole({ RoleName }))).toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must delete policies first.',
    });
    await aws.iam.deleteRolePolicy({ RoleName, PolicyName: 'inline' });
    await aws.iam.deleteRole({ RoleName });
    expect(await refusal(aws.iam.deleteRole({ RoleName }))).toMatchObject({ name: 'NoSuchEntityException' });
  });
});

describe('around roles', () => {
  it('ListInstanceProfilesForRole has none, but knows the roles', async () => {
    const { RoleName } = await createRole();
    expect((await aws.iam.listInstanceProfilesForRole({ RoleName })).InstanceProfiles).toEqual([]);
    expect(await refusal(aws.iam.listInstanceProfilesForRole({ RoleName: 'nobody' }))).toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('GetUser is the root user for the root user, and nobody for a role', async () => {
    expect((await aws.iam.getUser({})).User).toMatchObject({ UserId: '000000000000', Arn: 'arn:aws:iam::000000000000:root' });
    expect(await refusal(aws.iam.getUser({ UserName: 'alice' }))).toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The user with name alice cannot be found.',
    });
    const { RoleName } = await createRole({ AssumeRolePolicyDocument: accountTrust });
    await aws.iam.attachRolePolicy({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' });
    expect(await refusal((await aws.asRole(RoleName)).iam.getUser({}))).toMatchObject({
      name: 'ValidationError',
      message: 'Must specify userName when calling with non-User credentials',
    });
  });

  it('ListAccountAliases has none', async () => {
    expect(await aws.iam.listAccountAliases({})).toMatchObject({ AccountAliases: [], IsTruncated: false });
  });
});
