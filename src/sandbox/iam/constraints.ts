import type { Constraint } from '../operation.ts';

// What AWS's model says about the members that many operations of IAM have. The characters of names are not among it:
// the service has a sentence of its own for them (`checkName`).

export const roleName: Constraint = { required: true, maxLength: 64, minLength: 1 };
export const policyName: Constraint = { required: true, maxLength: 128, minLength: 1 };
export const boundaryArn: Constraint = { maxLength: 2048, minLength: 20 };
export const policyArn: Constraint = { required: true, ...boundaryArn };
export const policyDocument: Constraint = {
  required: true,
  pattern: /^[\t\n\r\u0020-\u00FF]+$/,
  patternText: String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+`,
  maxLength: 131072,
  minLength: 1,
};
export const rolePath: Constraint = {
  pattern: /^(\u002F)$|^(\u002F[\u0021-\u007E]+\u002F)$/,
  patternText: String.raw`(\u002F)|(\u002F[\u0021-\u007E]+\u002F)`,
  maxLength: 512,
  minLength: 1,
};
export const policyPath: Constraint = {
  pattern: /^((\/[A-Za-z0-9.,+@=_-]+)*)\/$/,
  patternText: String.raw`((/[A-Za-z0-9\.,\+@=_-]+)*)/`,
  maxLength: 512,
  minLength: 1,
};
export const pathPrefix: Constraint = {
  pattern: /^\u002F[\u0021-\u007F]*$/,
  patternText: String.raw`\u002F[\u0021-\u007F]*`,
  maxLength: 512,
  minLength: 1,
};
export const description: Constraint = {
  pattern: /^[\t\n\r\u0020-\u007E\u00A1-\u00FF]*$/,
  patternText: String.raw`[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*`,
  maxLength: 1000,
};
export const maxSessionDuration: Constraint = { max: 43200, min: 3600 };
export const paging = {
  Marker: { maxLength: 320, minLength: 1 },
  MaxItems: { max: 1000, min: 1 },
} as const satisfies Readonly<Record<string, Constraint>>;

const tagKey: Constraint = { required: true, pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u, maxLength: 128, minLength: 1 };
export const tagKeys: Constraint = { required: true, maxLength: 50, each: tagKey };
export const tags: Constraint = {
  maxLength: 50,
  each: { members: { Key: tagKey, Value: { required: true, pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, maxLength: 256 } } },
};
