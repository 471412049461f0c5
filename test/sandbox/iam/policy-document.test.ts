import { describe, expect, it } from 'vitest';
import { awsManagedPolicies } from '../../../src/sandbox/iam/aws-managed-policies.ts';
import { currentDocument } from '../../../src/sandbox/iam/entity.ts';
import { parsePolicy } from '../../../src/sandbox/iam/policy-document.ts';
import { lambdaTrust, policyText, trustText } from '../../support/policies.ts';

describe('a policy document', () => {
  it.each([
    ['nothing', ''],
    ['half a document', '{"Version":"2012-10-17",'],
    ['a word', 'Allow'],
  ])('that is %s is invalid JSON', (_name, text) => {
    expect(() => parsePolicy(text, 'identity')).toThrow('This policy contains invalid Json');
    expect(() => parsePolicy(text, 'trust')).toThrow('This policy contains invalid Json');
  });

  it.each([
    ['a list', '[]'],
    ['without statements', '{"Version":"2012-10-17"}'],
    ['with an empty list of statements', '{"Version":"2012-10-17","Statement":[]}'],
    ['with a member that policies do not have', '{"Version":"2012-10-17","Statements":[]}'],
    ['of a version that there is not', policyText().replace('2012', '2013')],
    ['with an effect that there is not', policyText({ Effect: 'Permit' })],
    ['with a misspelt member in a statement', policyText({ Actions: 's3:*' })],
    ['with both Action and NotAction', policyText({ NotAction: 's3:*' })],
    ['with an action that is a number', policyText({ Action: 7 })],
    ['with a condition that is a text', policyText({ Condition: 'aws:SourceIp' })],
    ['with a condition without an operator', policyText({ Condition: { StringEquals: 'x' } })],
    ['with an operator that there is not', policyText({ Condition: { StringEqualz: { 'aws:A': 'b' } } })],
    ['with an operator that there is not with IfExists', policyText({ Condition: { NullIfExists: { 'aws:A': 'b' } } })],
    ['with an object as the operand of a condition', policyText({ Condition: { StringEquals: { 'aws:A': {} } } })],
  ])('%s has syntax errors', (_name, text) => {
    expect(() => parsePolicy(text, 'identity')).toThrow('Syntax errors in policy.');
  });

  it.each([
    ['Policy document must be version 2012-10-17 or greater.', policyText().replace('2012', '2008')],
    ['Policy statement must contain actions.', policyText({ Action: undefined })],
    ['Policy statement must contain actions.', policyText({ Action: [] })],
    ['Policy statement must contain resources.', policyText({ Resource: undefined })],
    ['Policy document should not specify a principal.', policyText({ Principal: '*' })],
    ['Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.', policyText({ Action: 'GetRecords' })],
    ['Actions/Condition can contain only one colon.', policyText({ Action: 'kinesis:stream:Get' })],
    ['Vendor kinesis! is not valid', policyText({ Action: 'kinesis!:Get' })],
    ['Resource orders must be in ARN format or "*".', policyText({ Resource: 'orders' })],
    ['Partition "gcp" is not valid for resource "arn:gcp:kinesis:::x".', policyText({ Resource: 'arn:gcp:kinesis:::x' })],
    ['The policy failed legacy parsing', policyText({ Resource: 'arn:aws:kinesis:x' })],
  ])('is refused with: %s', (message, text) => {
    expect(() => parsePolicy(text, 'identity')).toThrow(message);
  });

  const before = 'The policy failed legacy parsing';
  const dated = (date: string) => policyText({ Condition: { DateLessThan: { 'aws:CurrentTime': date } } });

  // As tests of other projects found them on AWS.
  it.each([
    [before, policyText({ Effect: 'denY' })],
    [before, policyText({ Effect: 'allow', Action: undefined })],
    [before, policyText({ Resource: 'arn:aws::::bucket' })],
    [before, policyText({ Action: undefined, Resource: 'arn:aws:s3::bucket' })],
    [before, dated('tomorrow')],
    [before, dated('2026-13')],
    [before, dated('2026-12-13t2:00:00.593194+1')],
    [before, dated('2026-12-13t2:00:00.1999999999+10:59')],
    [before, dated('9223372036854775808')],
    ['Resource orders must be in ARN format or "*".', policyText({ Action: 's:3:List', Resource: 'orders' })],
    ['Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.', policyText({ Action: 'x', Resource: undefined })],
    ['Partition "s3" is not valid for resource "arn:s3:::bucket:*".', policyText({ Resource: 'aws:s3:::bucket' })],
    ['Partition "b" is not valid for resource "arn:b:c:*:*:*".', policyText({ Resource: 'a:b:c' })],
    ['Resource vendor must be fully qualified and cannot contain regexes.', policyText({ Resource: 'arn:aws' })],
    ['Resource arn:aws:s3:us-east-1::b can not contain region information.', policyText({ Resource: 'arn:aws:s3:us-east-1::b' })],
    ['IAM resource arn:aws:iam:us-east-1::b cannot contain region information.', policyText({ Resource: 'arn:aws:iam:us-east-1::b' })],
    [
      'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
      policyText({ Resource: 'arn:aws:iam:::bucket' }),
    ],
  ])('is refused first of all with: %s', (message, text) => {
    expect(() => parsePolicy(text, 'identity')).toThrow(message);
  });

  it.each([
    ['a resource that ends with the service', policyText({ Resource: 'arn:aws:kinesis' })],
    ['users of a name that depends on who asks', policyText({ Resource: 'arn:aws:iam::*:user/${aws:username}' })],
    ['everything of IAM', policyText({ Resource: 'arn:aws:iam::*:*' })],
    ['an access point', policyText({ Resource: 'arn:aws:s3:us-east-1:000000000000:accesspoint/a' })],
    ['an operator that asks for nothing', policyText({ Condition: { Unknown: {}, DateLessThan: {} } })],
    ['a key without a vendor', policyText({ Condition: { StringEquals: { a: [] } } })],
    ['a date without minutes', dated('2026-12-13t2')],
    ['a date with a zone of hours', dated('2026-12-13t2:00:00.593194+23')],
    ['seconds', dated('-292275054')],
  ])('may have %s', (_name, text) => {
    expect(parsePolicy(text, 'identity').statements).toHaveLength(1);
  });

  it('has each Sid once, which is looked at before what is missing', () => {
    const statement = { Sid: 'One', Effect: 'Allow' };
    const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement, statement] });
    expect(() => parsePolicy(text, 'identity')).toThrow('Statement IDs (SID) in a single policy must be unique.');
  });

  it('has each Sid once', () => {
    const statement = { Sid: 'One', Effect: 'Allow', Action: '*', Resource: '*' };
    const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement, statement] });
    expect(() => parsePolicy(text, 'identity')).toThrow('Statement IDs (SID) in a single policy must be unique.');
  });

  it('may have one statement instead of a list of one', () => {
    const statement = { Effect: 'Allow', Action: '*', Resource: '*' };
    expect(parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'identity').statements).toHaveLength(1);
  });
});

describe('a trust policy', () => {
  it('is about who may assume a role', () => {
    expect(parsePolicy(lambdaTrust, 'trust').statements[0]?.principals?.service).toEqual(['lambda.amazonaws.com']);
  });

  it('may be of 2008, or say nothing of its version', () => {
    expect(parsePolicy(lambdaTrust.replace('2012', '2008'), 'trust').statements).toHaveLength(1);
    expect(parsePolicy(lambdaTrust.replace('"Version":"2012-10-17",', ''), 'trust').statements).toHaveLength(1);
  });

  it.each([
    ['Missing required field Principal', trustText(undefined)],
    ['Missing required field Principal', trustText({})],
    ['Missing required field Action', trustText('*', { Action: undefined })],
    ['Missing required field Effect', trustText('*', { Effect: undefined })],
    ['Has prohibited field Resource', trustText('*', { Resource: '*' })],
    ['AssumeRole policy may only specify STS AssumeRole actions.', trustText('*', { Action: 'lambda:InvokeFunction' })],
    ['Invalid principal in policy: "SERVICE":"lambda"', trustText({ Service: 'lambda' })],
    ['Invalid principal in policy: "AWS":"12345"', trustText({ AWS: ['000000000000', '12345'] })],
    ['Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:role/*/"', trustText({ AWS: 'arn:aws:iam::000000000000:role/*/' })],
  ])('is refused with: %s', (message, text) => {
    expect(() => parsePolicy(text, 'trust')).toThrow(message);
  });
});

describe('the policies of AWS', () => {
  it('are read without complaint', () => {
    for (const policy of awsManagedPolicies().values()) expect(currentDocument(policy).policy.statements.length).toBeGreaterThan(0);
  });

  it.each([
    'service-role/AWSLambdaBasicExecutionRole',
    'service-role/AWSLambdaKinesisExecutionRole',
    'service-role/AWSLambdaSQSQueueExecutionRole',
    'AmazonKinesisFullAccess',
    'AmazonKinesisReadOnlyAccess',
    'CloudWatchLogsFullAccess',
    'CloudWatchLogsReadOnlyAccess',
    'ReadOnlyAccess',
    'AdministratorAccess',
    'AWSLambdaExecute',
    'AWSLambdaInvocation-DynamoDB',
    'service-role/AWSLambdaRole',
    'AWSLambda_FullAccess',
    'AWSLambda_ReadOnlyAccess',
    'AmazonS3FullAccess',
    'AmazonSQSFullAccess',
    'AmazonKinesisFirehoseFullAccess',
    'AmazonEventBridgeFullAccess',
    'IAMFullAccess',
    'IAMReadOnlyAccess',
  ])('have %s among them', (name) => {
    expect(awsManagedPolicies().has(`arn:aws:iam::aws:policy/${name}`)).toBe(true);
  });
});
