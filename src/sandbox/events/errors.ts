import { AwsError } from '../error.ts';

/** The texts are recorded (EventBridge, as recorded), or widely quoted, unless it is said where they are used. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function ruleNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
}

export function busNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
}

export function limitExceeded(): AwsError {
  return new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
}
