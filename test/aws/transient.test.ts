import { describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { ApiError } from '../../src/aws/aws.ts';
import { Propagation } from '../../src/aws/transient.ts';

const createRole = apiCall('iam', 'CreateRole', { RoleName: 'logger', AssumeRolePolicyDocument: '{}' });
const createMapping = apiCall('lambda', 'CreateEventSourceMapping', { FunctionName: 'f' });
const failure = (code: string, message: string): ApiError => new ApiError(createMapping, { code, message, status: 400 });

describe('what AWS answers until a new role has got around', () => {
  const propagation = new Propagation(60_000);
  propagation.answered(createRole, 0);

  it.each([
    ['InvalidParameterValueException', 'The role defined for the function cannot be assumed by Lambda.'],
    ['InvalidParameterValueException', 'Cannot access stream arn:aws:kinesis:us-east-1:1:stream/s. Please ensure the role can …'],
    ['AccessDeniedException', 'User: arn:aws:sts::1:assumed-role/logger/x is not authorized to perform: kinesis:PutRecord on resource: *'],
  ])('is known by code and text: %s %s', (code, message) => expect(propagation.mayPass(failure(code, message))).toBe(true));

  it.each([
    ['the code is another', 'ValidationException', 'The role defined for the function cannot be assumed by Lambda.'],
    ['the text is another', 'InvalidParameterValueException', 'Stream not found: arn:aws:kinesis:us-east-1:1:stream/s'],
    [
      'it is the caller who is refused',
      'AccessDeniedException',
      'User: arn:aws:sts::1:assumed-role/student/x is not authorized to perform: iam:PassRole on resource: *',
    ],
    [
      'it is a user who is refused',
      'AccessDenied',
      'User: arn:aws:iam::1:user/x is not authorized to perform: iam:PassRole on resource: *',
    ],
  ])('is nothing else: %s', (_, code, message) => expect(propagation.mayPass(failure(code, message))).toBe(false));
});

describe('the time for which a call is repeated', () => {
  it('ends a fixed time after the last write to IAM', () => {
    const propagation = new Propagation(60_000);
    propagation.answered(createRole, 1_000);
    propagation.answered(apiCall('iam', 'GetRole', { RoleName: 'logger' }), 30_000);
    propagation.answered(createMapping, 30_000);
    expect(propagation.remainingMs(41_000)).toBe(20_000);
    expect(propagation.remainingMs(100_000)).toBe(0);
  });

  it('begins with the first failure when this session wrote nothing to IAM', () => {
    expect(new Propagation(60_000).remainingMs(100_000)).toBe(60_000);
  });
});
