import type { Constraint } from '../operation.ts';

// What AWS's model says about the members that many operations of EventBridge have.

const name = {
  pattern: /^[.\-_A-Za-z0-9]+$/,
  patternText: String.raw`[\.\-_A-Za-z0-9]+`,
  maxLength: 64,
  minLength: 1,
} satisfies Constraint;
const bus = String.raw`(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/\.\-_A-Za-z0-9]+`;

export const namePrefix: Constraint = name;
export const ruleName: Constraint = { required: true, ...name };
export const targetId: Constraint = { required: true, ...name };
export const eventBusName: Constraint = { pattern: new RegExp(`^${bus}$`), patternText: bus, maxLength: 1600, minLength: 1 };
export const optionalArn: Constraint = { maxLength: 1600, minLength: 1 };
export const arn: Constraint = { required: true, ...optionalArn };
export const token: Constraint = { maxLength: 2048, minLength: 1 };
export const limit: Constraint = { max: 100, min: 1 };
export const tags: Constraint = {
  each: { members: { Key: { required: true, maxLength: 128, minLength: 1 }, Value: { required: true, maxLength: 256 } } },
};
