import { AwsError } from '../error.ts';
import type { OperationOf } from '../operation.ts';
import { paging } from './constraints.ts';
import { noSuchEntity } from './refusals.ts';

/** The sandbox has no users but the root of each account, which has no user name. */
export const getUser: OperationOf<'iam', 'GetUser'> = {
  constraints: { UserName: { maxLength: 128, minLength: 1 } },
  resources: ({ UserName }, { account }) => [`arn:aws:iam::${account}:user/${UserName ?? ''}`],
  handle({ UserName }, { principal }) {
    if (UserName !== undefined) throw noSuchEntity(`The user with name ${UserName} cannot be found.`);
    if (principal.kind !== 'root') throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
    return {
      User: { Path: undefined, UserName: undefined, UserId: principal.userId, Arn: principal.arn, CreateDate: accountsCreated },
    };
  },
};

/** Accounts of a sandbox are there without having been made. */
const accountsCreated = new Date('2026-01-01T00:00:00Z');

export const listAccountAliases: OperationOf<'iam', 'ListAccountAliases'> = {
  constraints: paging,
  resources: () => ['*'],
  handle: () => ({ AccountAliases: [], IsTruncated: false }),
};
