import { isRegion } from '../util/region.ts';
import { UserError } from '../util/user-error.ts';

/** @throws {UserError} when no AWS region is called like that. */
export function checkedRegion(name: string): string {
  if (isRegion(name)) return name;
  throw new UserError(`"${name}" is not the name of an AWS region.`, { hint: 'Regions are called like us-east-1 or eu-central-1.' });
}
