import type { AwsError } from '../../error.ts';
import type { Constraint } from '../../operation.ts';
import { notFound } from '../error.ts';

const pattern = '(?!^[0-9]+$)([a-zA-Z0-9-_]+)';

/** `Name` of an alias (Lambda API model). */
export const aliasName: Constraint = {
  required: true,
  minLength: 1,
  maxLength: 128,
  pattern: new RegExp(`^${pattern}$`),
  patternText: pattern,
};

/** Whether a qualifier can be nothing but the name of an alias. */
export function mayBeAlias(qualifier: string | undefined): qualifier is string {
  return qualifier !== undefined && aliasName.pattern?.test(qualifier) === true;
}

/** As most operations say it; UpdateAlias has other words (recorded from Lambda). */
export function aliasNotFound(arn: string): AwsError {
  return notFound(`Cannot find alias arn: ${arn}`);
}
