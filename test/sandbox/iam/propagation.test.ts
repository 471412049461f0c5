import { describe, expect, it } from 'vitest';
import { parseFault } from '../../../src/sandbox/fault.ts';
import { assumableByService, roleAllows } from '../../../src/sandbox/iam/access.ts';
import { operations as iam } from '../../../src/sandbox/iam/operations.ts';
import { operations as sts } from '../../../src/sandbox/sts/operations.ts';
import { bareCloud, contextOf, createRole, known } from '../../support/account.ts';
import { policyText, trustText } from '../../support/policies.ts';

const account = '123456789012';
const trust = trustText({ Service: 'lambda.amazonaws.com', AWS: `arn:aws:iam::${account}:root` });
const kinesisPolicy = 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole';

function slowIam() {
  const { cloud, clock } = bareCloud();
  cloud.faults.add(parseFault('role-propagation=10s'), parseFault('policy-propagation=10s'));
  const context = contextOf(cloud, account);
  return { cloud, clock, context };
}

describe('a role that has just been created', () => {
  it('cannot be assumed by a service before it has got around', async () => {
    const { cloud, clock } = slowIam();
    const arn = await createRole(cloud, account, 'new', trust);
    const assumable = () => assumableByService(cloud, arn, 'lambda.amazonaws.com');
    expect(assumable()).toBe(false);
    await clock.advance(9_999);
    expect(assumable()).toBe(false);
    await clock.advance(1);
    expect(assumable()).toBe(true);
  });

  it('cannot be assumed by anybody else either', async () => {
    const { cloud, clock, context } = slowIam();
    const RoleArn = await createRole(cloud, account, 'new', trust);
    const assume = async () => known(sts.AssumeRole).handle({ RoleArn, RoleSessionName: 'tester' }, context);
    await expect(assume()).rejects.toMatchObject({ code: 'AccessDenied' });
    await clock.advance(10_000);
    expect((await assume()).AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${account}:assumed-role/new/tester`);
  });

  it('is there at once for IAM itself', async () => {
    const { cloud, context } = slowIam();
    await createRole(cloud, account, 'new', trust);
    expect(await known(iam.GetRole).handle({ RoleName: 'new' }, context)).toMatchObject({ Role: { RoleName: 'new' } });
  });

  it('can be assumed at once where nobody asks for anything else', async () => {
    const { cloud } = bareCloud();
    expect(assumableByService(cloud, await createRole(cloud, account, 'new', trust), 'lambda.amazonaws.com')).toBe(true);
  });
});

describe('a policy that has just been given to a role', () => {
  const allows = (cloud: ReturnType<typeof slowIam>['cloud'], arn: string) => roleAllows(cloud, arn, 'kinesis:GetRecords', '*');

  it.each([
    [
      'put',
      (role: string) =>
        known(iam.PutRolePolicy).handle(
          { RoleName: role, PolicyName: 'p', PolicyDocument: policyText({ Action: 'kinesis:*' }) },
          slow.context,
        ),
    ],
    ['attached', (role: string) => known(iam.AttachRolePolicy).handle({ RoleName: role, PolicyArn: kinesisPolicy }, slow.context)],
  ])('grants nothing before it has got around (%s)', async (how, give) => {
    const arn = await createRole(slow.cloud, account, how, trust);
    await give(how);
    expect(allows(slow.cloud, arn)).toBe(false);
    await slow.clock.advance(10_000);
    expect(allows(slow.cloud, arn)).toBe(true);
  });
  const slow = slowIam();

  it('is listed at once', async () => {
    const { cloud, context } = slowIam();
    await createRole(cloud, account, 'new', trust, policyText({ Action: 'kinesis:*' }));
    expect(await known(iam.ListRolePolicies).handle({ RoleName: 'new' }, context)).toMatchObject({ PolicyNames: ['p'] });
  });

  it('counts at once where it takes the place of another', async () => {
    const { cloud, clock, context } = slowIam();
    const arn = await createRole(cloud, account, 'new', trust, policyText({ Action: 'kinesis:*' }));
    await clock.advance(10_000);
    const replaced = { RoleName: 'new', PolicyName: 'p', PolicyDocument: policyText({ Action: 'kinesis:Get*' }) };
    await known(iam.PutRolePolicy).handle(replaced, context);
    expect(allows(cloud, arn)).toBe(true);
  });
});
