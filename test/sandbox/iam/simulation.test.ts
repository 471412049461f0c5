import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lambdaTrust, policyText } from '../../support/policies.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const kinesisExecution = 'arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole';
const [orders, other] = ['orders', 'other'].map((name) => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`);

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

const simulate = async (over: Readonly<Record<string, unknown>>) =>
  (
    await aws.iam.simulatePrincipalPolicy({
      PolicySourceArn: `arn:aws:iam::000000000000:role/${RoleName}`,
      ActionNames: ['kinesis:PutRecord'],
      ...over,
    })
  ).EvaluationResults;

/** The places that the answer about one policy tells: `line:column-line:column`. */
async function places(document: string, action: string): Promise<readonly string[] | undefined> {
  const { EvaluationResults } = await aws.iam.simulateCustomPolicy({ PolicyInputList: [document], ActionNames: [action] });
  return EvaluationResults?.[0]?.MatchedStatements?.map(
    ({ StartPosition: from, EndPosition: to }) => `${from?.Line}:${from?.Column}-${to?.Line}:${to?.Column}`,
  );
}

describe('SimulatePrincipalPolicy', () => {
  it('decides each action on each resource, and tells the policies that decided', async () => {
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'put', PolicyDocument: policyText({ Action: 'kinesis:Put*', Resource: orders }) });
    await aws.iam.attachRolePolicy({ RoleName, PolicyArn: kinesisExecution });
    const results = await simulate({ ActionNames: ['kinesis:PutRecord', 'kinesis:GetRecords'], ResourceArns: [orders, other] });
    expect(
      results?.map((one) => [one.EvalActionName, one.EvalResourceName, one.EvalDecision, one.MatchedStatements?.[0]?.SourcePolicyId]),
    ).toEqual([
      ['kinesis:PutRecord', orders, 'allowed', `role_${RoleName}_put`],
      ['kinesis:PutRecord', other, 'implicitDeny', undefined],
      ['kinesis:GetRecords', orders, 'allowed', 'AWSLambdaKinesisExecutionRole'],
      ['kinesis:GetRecords', other, 'allowed', 'AWSLambdaKinesisExecutionRole'],
    ]);
  });

  it('answers as was recorded from IAM', async () => {
    const PolicyDocument =
      '{"Version": "2012-10-17", "Statement": {"Sid": "", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}}';
    const { Policy } = await aws.iam.createPolicy({ PolicyName: `recorded-${made}`, PolicyDocument });
    await aws.iam.attachRolePolicy({ RoleName, PolicyArn: Policy?.Arn });
    const bucket = 'arn:aws:s3:::bucket';
    const MatchedStatements = [
      {
        SourcePolicyId: `recorded-${made}`,
        SourcePolicyType: 'IAM Policy',
        StartPosition: { Line: 1, Column: 41 },
        EndPosition: { Line: 1, Column: 113 },
      },
    ];
    const answer = (EvalActionName: string, decision: string, matched: readonly unknown[]) => ({
      EvalActionName,
      EvalDecision: decision,
      EvalDecisionDetails: {},
      EvalResourceName: bucket,
      MatchedStatements: matched,
      MissingContextValues: [],
      ResourceSpecificResults: [
        { EvalResourceDecision: decision, EvalResourceName: bucket, MatchedStatements: matched, MissingContextValues: [] },
      ],
    });
    expect(await simulate({ ActionNames: ['s3:PutObject', 's3:GetObjectVersion'], ResourceArns: [bucket] })).toEqual([
      answer('s3:PutObject', 'allowed', MatchedStatements),
      answer('s3:GetObjectVersion', 'implicitDeny', []),
    ]);
  });

  it('takes policies and context from the question', async () => {
    const Condition = { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } };
    const PolicyInputList = [policyText({ Condition })];
    const MissingContextValues = ['aws:RequestedRegion'];
    expect(await simulate({ PolicyInputList })).toMatchObject([{ EvalDecision: 'implicitDeny', MissingContextValues }]);
    expect(await simulate({ PolicyInputList, ResourceArns: [orders] })).toMatchObject([
      { EvalDecision: 'implicitDeny', MissingContextValues: [], ResourceSpecificResults: [{ MissingContextValues }] },
    ]);
    const ContextEntries = [{ ContextKeyName: 'aws:RequestedRegion', ContextKeyValues: ['eu-west-1'], ContextKeyType: 'string' }];
    expect(await simulate({ PolicyInputList, ContextEntries })).toMatchObject([{ EvalDecision: 'allowed', MissingContextValues: [] }]);
  });

  it('lets a boundary have its say', async () => {
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'all', PolicyDocument: policyText() });
    const PermissionsBoundaryDecisionDetail = { AllowedByPermissionsBoundary: false };
    const bounded = await simulate({ PermissionsBoundaryPolicyInputList: [policyText({ Action: 's3:*' })], ResourceArns: [orders] });
    expect(bounded).toMatchObject([
      {
        EvalDecision: 'implicitDeny',
        PermissionsBoundaryDecisionDetail,
        ResourceSpecificResults: [{ EvalResourceDecision: 'implicitDeny', PermissionsBoundaryDecisionDetail }],
      },
    ]);
  });

  it('knows roles only, and no policies of resources', async () => {
    expect(await refusal(simulate({ PolicySourceArn: 'arn:aws:iam::000000000000:role/nobody' }))).toMatchObject({
      name: 'NoSuchEntityException',
    });
    expect(await refusal(simulate({ PolicySourceArn: 'arn:aws:s3:::my-own-bucket' }))).toMatchObject({ name: 'InvalidInputException' });
    expect(await refusal(simulate({ ActionNames: ['PutRecord'] }))).toMatchObject({ name: 'InvalidInputException' });
    expect(await refusal(simulate({ ResourcePolicy: policyText() }))).toMatchObject({ name: 'NotImplemented' });
  });
});

describe('SimulateCustomPolicy', () => {
  it('tells the place of a statement as the AWS CLI reference shows it', async () => {
    const document =
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}';
    expect(
      await aws.iam.simulateCustomPolicy({
        PolicyInputList: [document],
        ActionNames: ['dynamodb:CreateBackup'],
        ContextEntries: [{ ContextKeyName: 'aws:CurrentTime', ContextKeyValues: ['2019-04-25T11:00:00Z'], ContextKeyType: 'date' }],
      }),
    ).toMatchObject({
      EvaluationResults: [
        {
          EvalDecision: 'allowed',
          MatchedStatements: [
            { SourcePolicyId: 'PolicyInputList.1', StartPosition: { Line: 1, Column: 38 }, EndPosition: { Line: 1, Column: 167 } },
          ],
        },
      ],
    });
  });

  it('finds the statements that decide among others, over lines and whatever stands in their texts', async () => {
    const document = [
      '{"Version": "2012-10-17", "Statement": [',
      '  {"Sid": "A", "Effect": "Allow", "Action": "s3:*", "Resource": "*",',
      '   "Condition": {"StringNotEquals": {"aws:PrincipalTag/a": "}]\\"{"}}},',
      '  {"Effect": "Allow", "Action": ["s3:Get*"], "Resource": "*"}, {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}',
      ']}',
    ].join('\n');
    expect(await places(document, 's3:GetObject')).toEqual(['2:4-3:70', '4:4-4:62']);
    // Only what denies counts where anything does.
    expect(await places(document, 's3:DeleteObject')).toEqual(['4:65-4:123']);
    expect(await places(document, 'sqs:SendMessage')).toEqual([]);
  });
});

describe('the condition keys that policies ask for', () => {
  const document = policyText({
    Resource: ['arn:aws:s3:::b/${aws:username}/*', "arn:aws:s3:::b/${aws:PrincipalTag/team, 'none'}/${*}"],
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o' }, 'ForAllValues:StringLike': { 'AWS:tagkeys': ['a'], 'aws:TagKeys': ['b'] } },
  });

  it('are told of policies that are given, and of those of a role', async () => {
    const custom = await aws.iam.getContextKeysForCustomPolicy({ PolicyInputList: [document] });
    expect(custom.ContextKeyNames).toEqual(['aws:PrincipalOrgID', 'AWS:tagkeys', 'aws:username', 'aws:PrincipalTag/team']);
    await aws.iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument: document });
    const PolicyInputList = [policyText({ Condition: { Bool: { 'aws:SecureTransport': true } } })];
    const PolicySourceArn = `arn:aws:iam::000000000000:role/${RoleName}`;
    const principal = await aws.iam.getContextKeysForPrincipalPolicy({ PolicySourceArn, PolicyInputList });
    expect(principal.ContextKeyNames).toEqual([...(custom.ContextKeyNames ?? []), 'aws:SecureTransport']);
  });
});
