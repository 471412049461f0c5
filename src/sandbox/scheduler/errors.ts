import { AwsError } from '../error.ts';

/** The texts are recorded from EventBridge Scheduler, or those of a third party's test, unless it is said where they are used. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function scheduleNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, { status: 404 });
}

export function groupNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, { status: 404 });
}

export function conflict(what: string): AwsError {
  return new AwsError('ConflictException', `${what} already exists.`, { status: 409 });
}
