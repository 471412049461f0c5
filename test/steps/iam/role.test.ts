import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { trustPolicy } from '../../../src/steps/iam/policy-document.ts';
import { role } from '../../../src/steps/iam/role.ts';
import { type Bench, failed, openBench } from '../../support/step-bench.ts';

const kinesisPolicy = 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole';
const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' }] };

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

describe('the check of a role', () => {
  it('says of a role that is missing only that, and how to create it', async () => {
    const step = role.bind({ name: 'missing', 'managed-policies': [kinesisPolicy] });
    expect(await step.check(bench.visit({ readOnly: true }).context)).toEqual([
      {
        fact: 'role missing',
        expected: 'a role',
        observed: 'there is none',
        ok: false,
        absent: true,
        hint: expect.stringMatching(/^Create it: aws iam create-role \\\n {2}--role-name missing/),
      },
    ]);
  });

  it('tells a trust policy, managed policies and an inline policy that are not as asked for', async () => {
    const { context } = bench.visit();
    await context.aws.call(
      apiCall('iam', 'CreateRole', { RoleName: 'wrong', AssumeRolePolicyDocument: trustPolicy('firehose.amazonaws.com') }),
    );
    const other = { ...document, Statement: [{ ...document.Statement[0], Effect: 'Deny' }] };
    await context.aws.call(
      apiCall('iam', 'PutRolePolicy', { RoleName: 'wrong', PolicyName: 'logs', PolicyDocument: JSON.stringify(other) }),
    );
    const step = role.bind({ name: 'wrong', 'managed-policies': [kinesisPolicy], policy: { name: 'logs', document } });
    const findings = await step.check(bench.visit({ readOnly: true }).context);
    expect(findings).toMatchObject([
      {
        fact: 'trust policy of wrong',
        expected: 'lambda.amazonaws.com may assume the role',
        observed: 'firehose.amazonaws.com may assume the role',
        ok: false,
      },
      { fact: 'managed policies of wrong', expected: 'AWSLambdaKinesisExecutionRole', observed: 'none is attached', ok: false },
      { fact: 'inline policy logs of wrong', ok: false, observed: expect.stringContaining('"Deny"') },
    ]);
    expect(findings[1]?.hint).toContain(`aws iam attach-role-policy`);
  });
});

describe('doing a role that is there in part', () => {
  it('makes only the writes that are missing', async () => {
    const input = { name: 'partly', 'managed-policies': [kinesisPolicy], policy: { name: 'logs', document } };
    const setUp = bench.visit();
    await setUp.context.aws.call(
      apiCall('iam', 'CreateRole', { RoleName: 'partly', AssumeRolePolicyDocument: trustPolicy('firehose.amazonaws.com') }),
    );
    await setUp.context.aws.call(apiCall('iam', 'AttachRolePolicy', { RoleName: 'partly', PolicyArn: kinesisPolicy }));
    const { context, writes } = bench.visit();
    await role.bind(input).apply(context);
    expect(writes.map((call) => call.operation)).toEqual(['UpdateAssumeRolePolicy', 'PutRolePolicy']);
    expect(failed(await role.bind(input).check(context))).toEqual([]);
  });

  it('leaves alone what else the role has', async () => {
    const { context } = bench.visit();
    const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    await role.bind({ name: 'rich', 'managed-policies': [basic] }).apply(context);
    await role.bind({ name: 'rich', 'managed-policies': [kinesisPolicy] }).apply(context);
    expect(failed(await role.bind({ name: 'rich', 'managed-policies': [basic, kinesisPolicy] }).check(context))).toEqual([]);
  });
});

describe('doing a role with a policy that IAM does not take', () => {
  it('says what to do about a managed policy that does not exist', async () => {
    const applying = role.bind({ name: 'mistyped', 'managed-policies': [`${kinesisPolicy}s`] }).apply(bench.visit().context);
    await expect(applying).rejects.toThrow(/^AWS answered NoSuchEntityException to iam:AttachRolePolicy: Policy .* is not attachable/);
    await expect(applying).rejects.toMatchObject({ exitCode: 1, hint: expect.stringContaining('compare every letter') });
  });

  it('says what to do about a document that is no policy', async () => {
    const applying = role.bind({ name: 'malformed', policy: { name: 'a', document: { Statement: 'none' } } }).apply(bench.visit().context);
    await expect(applying).rejects.toMatchObject({ exitCode: 1, hint: expect.stringContaining('2012-10-17') });
  });
});

describe('removing a role', () => {
  it('takes away first what others have attached to it', async () => {
    const { context } = bench.visit();
    await role.bind({ name: 'used', 'managed-policies': [kinesisPolicy], policy: { name: 'a', document } }).apply(context);
    await context.aws.call(
      apiCall('iam', 'PutRolePolicy', { RoleName: 'used', PolicyName: 'b', PolicyDocument: JSON.stringify(document) }),
    );
    const [resource] = role.resources;
    await resource?.remove('used', context);
    expect(await resource?.exists('used', context)).toBe(false);
  });
});
