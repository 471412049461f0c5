import { describe, expect, it } from 'vitest';
import { parsePolicy, samePolicy, trustedServices, trustPolicy } from '../../../src/steps/iam/policy-document.ts';

const statement = { Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' };

describe('two policy documents', () => {
  it.each([
    ['whatever the order of members', { Statement: [statement], Version: '2012-10-17' }],
    ['a list of one for a single value', { Version: '2012-10-17', Statement: { ...statement, Action: ['logs:PutLogEvents'] } }],
    ['with ids or without', { Version: '2012-10-17', Id: 'x', Statement: [{ ...statement, Sid: 'WriteLogs' }] }],
  ])('are the same %s', (_, other) => {
    expect(samePolicy({ Version: '2012-10-17', Statement: [statement] }, other)).toBe(true);
  });

  it('differ when they allow something else', () => {
    expect(samePolicy({ Statement: [statement] }, { Statement: [{ ...statement, Resource: 'arn:aws:logs:*:*:*' }] })).toBe(false);
  });
});

describe('a policy document of an answer', () => {
  it('is URL-encoded JSON', () => expect(parsePolicy('%7B%22Version%22%3A%222012-10-17%22%7D')).toEqual({ Version: '2012-10-17' }));
  it.each(['', '%', 'no JSON'])('is nothing when it is %j', (text) => expect(parsePolicy(text)).toBeUndefined());
});

describe('the services that a trust policy allows', () => {
  it('are found where the policy was written here', () => {
    expect(trustedServices(JSON.parse(trustPolicy('lambda.amazonaws.com')))).toEqual(['lambda.amazonaws.com']);
  });

  it('are found in any statement, alone or in a list', () => {
    const document = {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
        { Effect: 'Allow', Principal: { Service: ['a.amazonaws.com', 'b.amazonaws.com'] }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
      ],
    };
    expect(trustedServices(document)).toEqual(['a.amazonaws.com', 'b.amazonaws.com']);
  });

  it.each([
    ['what is denied', { Effect: 'Deny', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    ['other actions', { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:TagSession' }],
    ['everybody', { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
  ])('are not read out of %s', (_, single) => expect(trustedServices({ Statement: single })).toEqual([]));

  it('are none where there is no document', () => expect(trustedServices(undefined)).toEqual([]));
});
