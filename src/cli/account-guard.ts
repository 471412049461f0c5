import type { Plan } from '../runner/plan.ts';
import { UserError } from '../util/user-error.ts';
import type { TargetFlags } from './options.ts';
import type { Prompter } from './prompter.ts';
import type { Surroundings } from './surroundings.ts';
import type { OpenTarget } from './target.ts';

/**
 * Before something is written to an account that costs money: shows which account it is and what will cost something, and
 * has it confirmed, unless the command line has named the account.
 * @throws {UserError} when there is nobody to ask, or they say no.
 */
export async function confirmAccount(
  open: OpenTarget,
  flags: TargetFlags,
  io: Surroundings,
  ask: { readonly prompter: Prompter; readonly signal: AbortSignal; readonly plans?: readonly Plan[] },
): Promise<void> {
  if (!open.target.billed) return;
  const { account, principal, target } = open;
  io.err(`Account ${account}, region ${target.region}, as ${principal}.\n${costs(ask.plans ?? [])}`);
  if (flags.account !== undefined) return;
  if (!io.interactive) {
    throw new UserError(`Nobody can be asked whether account ${account} is the right one.`, {
      hint: `Say so on the command line: --account ${account}`,
    });
  }
  if (await ask.prompter.confirm('Is this the right account?', false, ask.signal)) return;
  throw new UserError('Nothing was done.', {
    hint: 'Choose other credentials with --profile, or leave --target out to work without an account.',
  });
}

function costs(plans: readonly Plan[]): string {
  const kinds = new Map(plans.flatMap(({ steps }) => steps).flatMap(({ kind }) => kind.resources.map((each) => [each.type, each])));
  const lines = [...kinds.values()].flatMap(({ noun, cost }) => (cost ? [`  ${noun}: $${cost.perHour} an hour, ${cost.note}\n`] : []));
  return lines.length === 0 ? '' : `What costs money for as long as it exists:\n${lines.join('')}`;
}
