import { describe, expect, it } from 'vitest';
import { type AccessRequest, evaluate } from '../../../src/sandbox/iam/policy.ts';
import { parsePolicy } from '../../../src/sandbox/iam/policy-document.ts';
import { policyText, trustText } from '../../support/policies.ts';

const stream = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';

function decision(documents: readonly string[], request: Partial<AccessRequest> = {}) {
  return evaluate(
    documents.map((text) => parsePolicy(text, 'identity')),
    { action: 'kinesis:GetRecords', resource: stream, keys: new Map(), ...request },
  );
}

describe('the evaluation of policies', () => {
  it('denies where nothing is said', () => {
    expect(decision([])).toBe('implicitDeny');
    expect(decision([policyText({ Action: 'kinesis:PutRecord' })])).toBe('implicitDeny');
  });

  it('allows where one statement of one policy allows', () => {
    expect(decision([policyText({ Action: 's3:*' }), policyText({ Action: ['kinesis:PutRecord', 'kinesis:GetRecords'] })])).toBe('allowed');
  });

  it('lets an explicit Deny win, wherever it stands', () => {
    expect(decision([policyText(), policyText({ Effect: 'Deny', Action: 'kinesis:*' })])).toBe('explicitDeny');
    expect(decision([policyText({ Effect: 'Deny', Action: 'kinesis:*' }), policyText()])).toBe('explicitDeny');
  });

  it.each([
    ['kinesis:GetRecords', true],
    ['kinesis:getrecords', true],
    ['KINESIS:GetRecords', true],
    ['kinesis:Get*', true],
    ['kinesis:Get?ecords', true],
    ['kinesis:*ord*', true],
    ['kinesis:*', true],
    ['*', true],
    ['kinesis:Get', false],
    ['kinesis:Get?', false],
    ['kinesis:GetRecord', false],
    ['kinesisanalytics:*', false],
    ['kinesis:Get*Shard*', false],
  ])('matches the action %s: %s', (Action, matches) => {
    expect(decision([policyText({ Action })])).toBe(matches ? 'allowed' : 'implicitDeny');
  });

  it.each([
    [stream, true],
    ['arn:aws:kinesis:us-east-1:000000000000:stream/*', true],
    ['arn:aws:kinesis:*:*:stream/order?', true],
    ['arn:aws:kinesis:*', true],
    ['*', true],
    ['arn:aws:kinesis:us-east-1:000000000000:stream/Orders', false],
    ['arn:aws:kinesis:eu-west-1:000000000000:stream/orders', false],
    ['arn:aws:kinesis:us-east-1:000000000000:stream/order', false],
    ['arn:aws:kinesis:us-east-1:111111111111:stream/orders', false],
    ['arn:aws:kinesis:us-east-1:000000000000:stream/orders?', false],
  ])('matches the resource %s: %s', (Resource, matches) => {
    expect(decision([policyText({ Resource })])).toBe(matches ? 'allowed' : 'implicitDeny');
  });

  it('lets a * at the end of a log group reach its streams', () => {
    const Resource = 'arn:aws:logs:*:*:log-group:/aws/lambda/f:*';
    const resource = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:log-stream:2026/11/21/[$LATEST]0a';
    expect(decision([policyText({ Resource })], { resource })).toBe('allowed');
  });

  it('takes an operation without a resource as allowed on * only', () => {
    expect(decision([policyText({ Resource: '*' })], { resource: '*' })).toBe('allowed');
    expect(decision([policyText({ Resource: stream })], { resource: '*' })).toBe('implicitDeny');
  });

  it('takes NotAction and NotResource as everything else', () => {
    expect(decision([policyText({ Action: undefined, NotAction: ['iam:*', 'kinesis:Delete*'] })])).toBe('allowed');
    expect(decision([policyText({ Action: undefined, NotAction: ['iam:*', 'kinesis:*'] })])).toBe('implicitDeny');
    expect(decision([policyText({ Resource: undefined, NotResource: 'arn:aws:s3:::*' })])).toBe('allowed');
    expect(decision([policyText({ Resource: undefined, NotResource: 'arn:aws:kinesis:*' })])).toBe('implicitDeny');
  });

  it('fills in policy variables, and takes what it fills in literally', () => {
    const text = policyText({ Resource: `arn:aws:kinesis:*:*:stream/\${aws:PrincipalTag/team}` });
    const withTag = (team: string) => decision([text], { keys: new Map([['aws:principaltag/team', [team]]]) });
    expect(withTag('orders')).toBe('allowed');
    expect(withTag('*')).toBe('implicitDeny');
    expect(decision([text])).toBe('implicitDeny');
  });

  it('takes the default of a policy variable where the request has no value', () => {
    expect(decision([policyText({ Resource: `arn:aws:kinesis:*:*:stream/\${aws:PrincipalTag/team, 'orders'}` })])).toBe('allowed');
  });

  it('takes a wildcard in a policy variable as the character itself', () => {
    const text = policyText({ Resource: `arn:aws:kinesis:*:*:stream/\${*}` });
    expect(decision([text], { resource: 'arn:aws:kinesis:us-east-1:000000000000:stream/*' })).toBe('allowed');
    expect(decision([text])).toBe('implicitDeny');
  });

  it('answers a pattern that is made to blow up as fast as any other', () => {
    const text = policyText({ Resource: `arn:aws:kinesis:${'*a'.repeat(200)}` });
    const started = performance.now();
    expect(decision([text], { resource: `arn:aws:kinesis:${'a'.repeat(2000)}b` })).toBe('implicitDeny');
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('the evaluation of trust policies', () => {
  const role = 'arn:aws:iam::000000000000:role/worker';

  function trusts(principal: unknown, caller: NonNullable<AccessRequest['caller']>, over: Readonly<Record<string, unknown>> = {}): boolean {
    const policy = parsePolicy(trustText(principal, over), 'trust');
    return evaluate([policy], { action: 'sts:AssumeRole', resource: role, keys: new Map(), caller }) === 'allowed';
  }

  it('lets the service in that is named, and no other', () => {
    const service = ['lambda.amazonaws.com', 'firehose.amazonaws.com'];
    expect(trusts({ Service: service }, { kind: 'service', service: 'lambda.amazonaws.com' })).toBe(true);
    expect(trusts({ Service: service }, { kind: 'service', service: 'ec2.amazonaws.com' })).toBe(false);
    expect(trusts({ AWS: '*' }, { kind: 'service', service: 'lambda.amazonaws.com' })).toBe(false);
  });

  it('knows an account by its number and by the ARN of its root', () => {
    const caller = { kind: 'aws', names: ['111111111111', 'arn:aws:iam::111111111111:root'] } as const;
    expect(trusts({ AWS: '111111111111' }, caller)).toBe(true);
    expect(trusts({ AWS: 'arn:aws:iam::111111111111:root' }, caller)).toBe(true);
    expect(trusts({ AWS: ['222222222222', '333333333333'] }, caller)).toBe(false);
    expect(trusts('*', caller)).toBe(true);
  });

  it('is about the action that is asked for', () => {
    const caller = { kind: 'aws', names: ['111111111111'] } as const;
    expect(trusts({ AWS: '*' }, caller, { Action: 'sts:TagSession' })).toBe(false);
    expect(trusts({ AWS: '*' }, caller, { Action: ['sts:TagSession', 'sts:Assume*'] })).toBe(true);
  });
});
