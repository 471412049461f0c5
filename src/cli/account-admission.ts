import { ExitCode } from '../util/exit-code.ts';
import { UserError } from '../util/user-error.ts';
import type { Configuration } from './configuration.ts';
import type { TargetFlags } from './options.ts';

/**
 * Lets an account in, or not: the command line may have named another one, the configuration may deny it, or allow only others.
 * @throws {UserError} when it is not to be worked in.
 */
export function admitAccount(
  { account, billed }: { readonly account: string; readonly billed: boolean },
  flags: TargetFlags,
  { file, accounts }: Configuration,
): void {
  const refuse = (message: string, hint: string): never => {
    throw new UserError(message, { exitCode: ExitCode.couldNotRun, hint });
  };
  if (flags.account !== undefined && flags.account !== account) {
    const hint = 'Choose other credentials with --profile, or name the other account with --account.';
    refuse(`The credentials belong to account ${account}, not to ${flags.account}.`, hint);
  }
  const change = `Choose other credentials with --profile, or change ${file}.`;
  if (accounts.deny.includes(account)) refuse(`Account ${account} is among those that are denied.`, change);
  if (billed && accounts.allow.length > 0 && !accounts.allow.includes(account))
    refuse(`Account ${account} is not among those that are allowed: ${accounts.allow.join(', ')}.`, change);
}
