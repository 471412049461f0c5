import type { Constraint } from '../operation.ts';

// What AWS's model says about the members that many operations of CloudWatch Logs have.

const groupNamePattern = { pattern: /^[.\-_/#A-Za-z0-9]+$/, patternText: String.raw`[\.\-_/#A-Za-z0-9]+` };

// A name that is too long is refused in other words (`checkedGroupName`).
export const optionalGroupName: Constraint = { ...groupNamePattern, minLength: 1 };
export const groupName: Constraint = { required: true, ...optionalGroupName };
// In a test that passes on AWS, this value is not printed where others are.
export const groupIdentifier: Constraint = { pattern: /^[\w#+=/:,.@-]*$/, maxLength: 2048, minLength: 1, unprinted: true };
export const optionalStreamName: Constraint = { pattern: /^[^:*]*$/, maxLength: 512, minLength: 1 };
export const streamName: Constraint = { required: true, ...optionalStreamName };
export const token: Constraint = { minLength: 1 };
export const describeLimit: Constraint = { max: 50, min: 1 };
export const eventLimit: Constraint = { max: 10000, min: 1 };
export const time: Constraint = { min: 0 };
export const resourceArn: Constraint = { required: true, pattern: /^[\w+=/:,.@-]*$/, maxLength: 1011, minLength: 1 };
export const tags: Constraint = {
  maxLength: 50,
  minLength: 1,
  each: { pattern: /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u, maxLength: 256 },
};
