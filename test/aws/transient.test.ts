import { describe, expect, it } from 'vitest';
import { type ApiCall, apiCall } from '../../src/aws/api-call.ts';
import { ApiError } from '../../src/aws/aws.ts';
import { Propagation } from '../../src/aws/transient.ts';

const createRole = apiCall('iam', 'CreateRole', { RoleName: 'logger', AssumeRolePolicyDocument: '{}' });
const createMapping = apiCall('lambda', 'CreateEventSourceMapping', { FunctionName: 'f' });
const failure = (code: string, message: string): ApiError => new ApiError(createMapping, { code, message, status: 400 });

describe('what AWS answers until a new role has got around', () => {
  const propagation = new Propagation(60_000);
  propagation.answered(createRole, 0);

  const refusal = (operation: string, input: ApiCall['input'], code: string, message: string): ApiError =>
    new ApiError({ service: 'lambda', operation, input }, { code, message, status: 400 });
  const Role = 'arn:aws:iam::123456789012:role/service/logger';
  const EventSourceArn = 'arn:aws:kinesis:us-east-1:1:stream/orders';

  it.each<[string, string, ApiCall['input'], string, string]>([
    [
      'the role logger to be assumable by Lambda',
      'CreateFunction',
      { FunctionName: 'f', Role },
      'InvalidParameterValueException',
      'The role defined for the function cannot be assumed by Lambda.',
    ],
    [
      'the role of f to be allowed to read the stream orders',
      'CreateEventSourceMapping',
      { FunctionName: 'f', EventSourceArn },
      'InvalidParameterValueException',
      `Cannot access stream ${EventSourceArn}. Please ensure the role can …`,
    ],
    [
      'the role of the function to be allowed to send to the queue',
      'UpdateEventSourceMapping',
      { UUID: '1' },
      'InvalidParameterValueException',
      'The function execution role does not have permissions to call SendMessage on SQS',
    ],
    [
      'the policies of the role logger to take effect',
      'Invoke',
      {},
      'AccessDeniedException',
      'User: arn:aws:sts::1:assumed-role/logger/x is not authorized to perform: kinesis:PutRecord on resource: *',
    ],
  ])('is waited for by name: %s', (what, operation, input, code, message) =>
    expect(propagation.awaited(refusal(operation, input, code, message))).toBe(what),
  );

  it.each([
    ['the code is another', 'ValidationException', 'The role defined for the function cannot be assumed by Lambda.'],
    ['the call is another', 'InvalidParameterValueException', 'The role defined for the function cannot be assumed by Lambda.'],
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
  ])('is nothing else: %s', (_, code, message) => expect(propagation.awaited(failure(code, message))).toBeUndefined());
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
