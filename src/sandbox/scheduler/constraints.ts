import type { Constraint } from '../operation.ts';

// What AWS's model says about the members that many operations of EventBridge Scheduler have.

const name = { pattern: /^[0-9a-zA-Z-_.]+$/, minLength: 1, maxLength: 64 } satisfies Constraint;
const arn = { minLength: 1, maxLength: 1600 } satisfies Constraint;

export const optionalName: Constraint = name;
export const requiredName: Constraint = { required: true, ...name };
export const limit: Constraint = { min: 1, max: 100 };
export const token: Constraint = { minLength: 1, maxLength: 2048 };
export const states: Constraint = { values: ['ENABLED', 'DISABLED'] };
export const taggedArn: Constraint = { required: true, minLength: 1, maxLength: 1011 };
export const tags: Constraint = {
  maxLength: 200,
  each: { members: { Key: { required: true, minLength: 1, maxLength: 128 }, Value: { required: true, minLength: 1, maxLength: 256 } } },
};

const roleArn = String.raw`arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@\/-]+`;

/** What CreateSchedule and UpdateSchedule are given alike. */
export const scheduleMembers = {
  Name: requiredName,
  GroupName: optionalName,
  ScheduleExpression: { required: true, minLength: 1, maxLength: 256 },
  Description: { maxLength: 512 },
  ScheduleExpressionTimezone: { minLength: 1, maxLength: 50 },
  State: states,
  FlexibleTimeWindow: {
    required: true,
    members: { Mode: { required: true, values: ['OFF', 'FLEXIBLE'] }, MaximumWindowInMinutes: { min: 1, max: 1440 } },
  },
  Target: {
    required: true,
    members: {
      Arn: { required: true, ...arn },
      RoleArn: { required: true, pattern: new RegExp(`^${roleArn}$`), patternText: roleArn, ...arn },
      DeadLetterConfig: { members: { Arn: arn } },
      RetryPolicy: { members: { MaximumEventAgeInSeconds: { min: 60, max: 86_400 }, MaximumRetryAttempts: { min: 0, max: 185 } } },
      Input: { minLength: 1 },
      KinesisParameters: { members: { PartitionKey: { required: true, minLength: 1, maxLength: 256 } } },
      SqsParameters: { members: { MessageGroupId: { minLength: 1, maxLength: 128 } } },
    },
  },
  ActionAfterCompletion: { values: ['NONE', 'DELETE'] },
} satisfies Readonly<Record<string, Constraint>>;
