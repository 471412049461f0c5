import { slot } from '../cloud.ts';
import { AwsError } from '../error.ts';
import type { Constraint, OperationOf, RequestContext } from '../operation.ts';
import { paging } from './constraints.ts';
import { alreadyExists, noSuchEntity } from './refusals.ts';

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

/** Which account has which alias: no two of a sandbox have the same, as no two of AWS have. */
const aliases = slot('account aliases', () => new Map<string, string>(), { global: true });

function aliasesOf({ cloud }: RequestContext): Map<string, string> {
  return cloud.state(aliases, { account: '*', region: '*' });
}

const alias: Constraint = {
  required: true,
  pattern: /^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$/,
  patternText: '^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$',
  maxLength: 63,
  minLength: 3,
};

/** An account has one alias at most; a new one takes the place of the old (IAM API reference, CreateAccountAlias). The text is unverified. */
export const createAccountAlias: OperationOf<'iam', 'CreateAccountAlias'> = {
  constraints: { AccountAlias: alias },
  resources: () => ['*'],
  handle({ AccountAlias = '' }, context) {
    const taken = aliasesOf(context);
    if ([...taken].some(([account, name]) => name === AccountAlias && account !== context.account))
      throw alreadyExists(`The account alias ${AccountAlias} already exists.`);
    taken.set(context.account, AccountAlias);
    return {};
  },
};

/** The text is unverified. */
export const deleteAccountAlias: OperationOf<'iam', 'DeleteAccountAlias'> = {
  constraints: { AccountAlias: alias },
  resources: () => ['*'],
  handle({ AccountAlias = '' }, context) {
    if (aliasesOf(context).get(context.account) !== AccountAlias) throw noSuchEntity(`The account alias ${AccountAlias} cannot be found.`);
    aliasesOf(context).delete(context.account);
    return {};
  },
};

export const listAccountAliases: OperationOf<'iam', 'ListAccountAliases'> = {
  constraints: paging,
  resources: () => ['*'],
  handle(_input, context) {
    const name = aliasesOf(context).get(context.account);
    return { AccountAliases: name === undefined ? [] : [name], IsTruncated: false };
  },
};
