import type { Operations } from '../operation.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

/** The operations of STS by name. */
export const operations: Operations<'sts'> = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
};
