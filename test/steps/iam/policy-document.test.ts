import { describe, expect, it } from 'vitest';
import { parsePolicy, permits, samePolicy, trustedServices, trustPolicy } from '../../../src/steps/iam/policy-document.ts';

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

describe('the policy of a resource', () => {
  const source = 'arn:aws:events:us-east-1:123456789012:rule/every-minute';
  const request = { service: 'events.amazonaws.com', action: 'lambda:InvokeFunction', source };
  const permission = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Condition: { ArnLike: { 'AWS:SourceArn': source } },
  };
  const lets = (change: object): boolean => permits({ Statement: [{ ...permission, ...change }] }, request);

  it.each([
    ['for the source that it names', {}],
    ['for sources of a pattern', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:123456789012:rule/every-?inute' } } }],
    ['for all of an account', { Condition: { StringEquals: { 'AWS:SourceAccount': '123456789012' } } }],
    ['for everything', { Condition: undefined }],
    [
      'as one of many',
      { Principal: { Service: ['s3.amazonaws.com', 'events.amazonaws.com'] }, Action: ['lambda:GetFunction', 'lambda:*'] },
    ],
    ['as anybody', { Principal: '*' }],
  ])('lets a service in %s', (_, change) => {
    expect(lets(change)).toBe(true);
  });

  it.each([
    ['for another source', { Condition: { ArnLike: { 'AWS:SourceArn': `${source}-other` } } }],
    ['for another account', { Condition: { StringEquals: { 'AWS:SourceAccount': '111111111111' } } }],
    ['under a condition that is not known', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }],
    ['as another service', { Principal: { Service: 's3.amazonaws.com' } }],
    ['as an account', { Principal: { AWS: 'arn:aws:iam::123456789012:root' } }],
    ['to do something else', { Action: 'lambda:GetFunction' }],
    ['where it is denied', { Effect: 'Deny' }],
  ])('does not let a service in %s', (_, change) => {
    expect(lets(change)).toBe(false);
  });

  it('lets nobody in when there is none', () => {
    expect(permits(undefined, request)).toBe(false);
  });
});
