import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialStore } from '../../../src/sandbox/auth/credentials.ts';
import type { Cloud } from '../../../src/sandbox/cloud.ts';
import { assumableByService, denial, roleAllows, serviceSession } from '../../../src/sandbox/iam/access.ts';
import { bareCloud, createRole, rootOf } from '../../support/account.ts';
import type { ManualClock } from '../../support/manual-clock.ts';
import { accountTrust, lambdaTrust, policyText, trustText } from '../../support/policies.ts';

const account = '000000000000';
const stream = `arn:aws:kinesis:us-east-1:${account}:stream/orders`;

let cloud: Cloud;
let clock: ManualClock;

beforeEach(() => {
  ({ cloud, clock } = bareCloud());
});
afterEach(() => cloud.stop());

describe('a role that a service is to assume', () => {
  it('has to exist and to trust the service', async () => {
    const trusting = await createRole(cloud, account, 'trusting', lambdaTrust);
    const other = await createRole(cloud, account, 'other', accountTrust);
    expect(assumableByService(cloud, trusting, 'lambda.amazonaws.com')).toBe(true);
    expect(assumableByService(cloud, trusting, 'firehose.amazonaws.com')).toBe(false);
    expect(assumableByService(cloud, other, 'lambda.amazonaws.com')).toBe(false);
    expect(assumableByService(cloud, `${trusting}x`, 'lambda.amazonaws.com')).toBe(false);
    expect(assumableByService(cloud, 'not an arn', 'lambda.amazonaws.com')).toBe(false);
  });

  it('can be trusted for the functions of its own account only', async () => {
    const condition = (value: string) =>
      trustText({ Service: 'lambda.amazonaws.com' }, { Condition: { StringEquals: { 'aws:SourceAccount': value } } });
    const own = await createRole(cloud, account, 'own', condition(account));
    const foreign = await createRole(cloud, account, 'foreign', condition('111111111111'));
    expect(assumableByService(cloud, own, 'lambda.amazonaws.com')).toBe(true);
    expect(assumableByService(cloud, foreign, 'lambda.amazonaws.com')).toBe(false);
  });
});

describe('what a service may do in the name of a role', () => {
  it('is what the role may do', async () => {
    const role = await createRole(cloud, account, 'reader', lambdaTrust, policyText({ Action: 'kinesis:Get*', Resource: stream }));
    expect(roleAllows(cloud, role, 'kinesis:GetRecords', stream)).toBe(true);
    expect(roleAllows(cloud, role, 'kinesis:GetRecords', `${stream}2`)).toBe(false);
    expect(roleAllows(cloud, role, 'kinesis:PutRecord', stream)).toBe(false);
    expect(roleAllows(cloud, `${role}2`, 'kinesis:GetRecords', stream)).toBe(false);
  });

  it('ends at the border of the account', async () => {
    const role = await createRole(cloud, account, 'all', lambdaTrust, policyText());
    expect(roleAllows(cloud, role, 'kinesis:GetRecords', stream.replace(account, '111111111111'))).toBe(false);
  });
});

describe('the credentials of a function', () => {
  it('are those of a session of its role, for as long as was asked', async () => {
    const role = await createRole(cloud, account, 'worker', lambdaTrust, policyText({ Action: 'kinesis:Put*' }));
    const issued = serviceSession(cloud, role, { name: 'my-function', durationMs: 60_000 });
    expect(issued.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(issued.expiresAt).toBe(clock.now() + 60_000);
    expect(issued.principal).toMatchObject({
      arn: `arn:aws:sts::${account}:assumed-role/worker/my-function`,
      userId: expect.stringMatching(/^AROA[A-Z2-7]{17}:my-function$/),
    });
    expect(credentialStore(cloud).find(issued.accessKeyId)).toBe(issued);
    expect(denial(cloud, issued.principal, 'kinesis:PutRecord', [stream])).toBeUndefined();
    expect(denial(cloud, issued.principal, 'kinesis:GetRecords', [stream])).toBe(
      `User: arn:aws:sts::${account}:assumed-role/worker/my-function is not authorized to perform: kinesis:GetRecords on resource: ${stream} because no identity-based policy allows the kinesis:GetRecords action`,
    );
  });
});

describe('a question about several resources', () => {
  it('is refused with the first that is not allowed', async () => {
    const role = await createRole(cloud, account, 'half', lambdaTrust, policyText({ Resource: stream }));
    const { principal } = serviceSession(cloud, role, { name: 's1', durationMs: 1000 });
    expect(denial(cloud, principal, 'kinesis:MergeShards', [stream, `${stream}-2`])).toContain(`on resource: ${stream}-2 because`);
  });

  it('takes keys that the service adds', async () => {
    const condition = { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } };
    const role = await createRole(cloud, account, 'passer', lambdaTrust, policyText({ Action: 'iam:PassRole', Condition: condition }));
    const { principal } = serviceSession(cloud, role, { name: 's1', durationMs: 1000 });
    expect(denial(cloud, principal, 'iam:PassRole', [role], { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBeUndefined();
    expect(denial(cloud, principal, 'iam:PassRole', [role], { 'iam:PassedToService': 'ec2.amazonaws.com' })).toContain('iam:PassRole');
  });

  it('does not let the root user of one account into another', () => {
    expect(denial(cloud, rootOf(account), 'kinesis:PutRecord', [stream])).toBeUndefined();
    expect(denial(cloud, rootOf('111111111111'), 'kinesis:PutRecord', [stream])).toContain(
      'because no resource-based policy allows the kinesis:PutRecord action',
    );
  });
});

describe('conditions on time', () => {
  it('ask the clock of the sandbox', async () => {
    const condition = { DateLessThan: { 'aws:CurrentTime': new Date(clock.now() + 60_000).toISOString() } };
    const role = await createRole(cloud, account, 'hasty', lambdaTrust, policyText({ Condition: condition }));
    expect(roleAllows(cloud, role, 'kinesis:PutRecord', stream)).toBe(true);
    await clock.advance(61_000);
    expect(roleAllows(cloud, role, 'kinesis:PutRecord', stream)).toBe(false);
  });
});
