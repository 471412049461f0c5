import type { OperationOf } from '../operation.ts';

/** Whoever can sign a request may ask who they are. */
export const getCallerIdentity: OperationOf<'sts', 'GetCallerIdentity'> = {
  handle: (_input, { principal }) => ({ UserId: principal.userId, Account: principal.account, Arn: principal.arn }),
};
