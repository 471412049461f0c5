import { apiCall } from '../aws/api-call.ts';
import { ApiError } from '../aws/aws.ts';
import { openSession } from '../aws/session.ts';
import { createWait } from '../aws/wait.ts';
import { isSamePlace } from '../runner/earlier-run.ts';
import type { Plan } from '../runner/plan.ts';
import { liveLedgers, readLedgers } from '../runner/state-folder.ts';
import { ExitCode } from '../util/exit-code.ts';
import { legibleLine } from '../util/printable.ts';
import { UserError } from '../util/user-error.ts';
import { costText, hourlyCosts } from './costs.ts';
import type { TargetFlags } from './options.ts';
import type { Prompter } from './prompter.ts';
import { ledgerTarget } from './run-ledger.ts';
import { type Surroundings, stateFolder } from './surroundings.ts';
import type { OpenTarget } from './target.ts';

/**
 * Before something is written to an account that costs money: shows which account it is and what will cost something, and
 * has it confirmed, unless the command line has named the account, or the lab is gone on with there.
 * @param ask `confirmed`: a run is gone on with, for which it was confirmed when it was begun.
 * @throws {UserError} when there is nobody to ask, or they say no.
 */
export async function confirmAccount(
  open: OpenTarget,
  flags: TargetFlags,
  io: Surroundings,
  ask: { readonly prompter: Prompter; readonly signal: AbortSignal; readonly plans?: readonly Plan[]; readonly confirmed?: boolean },
): Promise<void> {
  if (!open.target.billed) return;
  const { account, principal, target } = open;
  const { plans = [], confirmed = false } = ask;
  const alias = await accountAlias(open);
  const place = target.endpoint === undefined ? `region ${target.region}` : `region ${target.region}, at ${target.endpoint}`;
  io.err(
    `Account ${account}${alias === undefined ? '' : ` (${legibleLine(alias)})`}, ${place}, as ${legibleLine(principal)}.\n${costText(hourlyCosts(plans, open))}`,
  );
  io.err(aliveElsewhere(plans, open, io));
  if (flags.account !== undefined || confirmed) return;
  if (!io.interactive) {
    throw new UserError(`Nobody can be asked whether account ${account} is the right one.`, {
      hint: `Say so on the command line: --account ${account}`,
    });
  }
  if (await ask.prompter.confirm('Is this the right account?', false, ask.signal)) return;
  throw new UserError('Nothing was done.', {
    exitCode: ExitCode.couldNotRun,
    hint: 'Choose other credentials with --profile, or leave --target out to work without an account.',
  });
}

/** What an account is called; `undefined` when it has no other name, or nobody may tell. */
export async function accountAlias({ target, clock }: Pick<OpenTarget, 'target' | 'clock'>): Promise<string | undefined> {
  const session = openSession({ target, readOnly: true, clock, wait: createWait({ clock }) });
  try {
    const { AccountAliases } = await session.call(apiCall('iam', 'ListAccountAliases', {}));
    return AccountAliases?.[0];
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  } finally {
    session.destroy();
  }
}

/** What to say of runs of these labs that are alive elsewhere. */
function aliveElsewhere(plans: readonly Plan[], open: OpenTarget, io: Surroundings): string {
  const place = ledgerTarget(open);
  const ids = plans.map(({ lab }) => lab.id);
  return liveLedgers(readLedgers(stateFolder(io)).ledgers)
    .map(({ header }) => header)
    .filter(({ lab, target }) => ids.includes(lab.id) && !isSamePlace(target, place) && target.endsWithProcess === undefined)
    .map(({ lab, target, started }) => {
      const there = `account ${legibleLine(target.account)}, region ${legibleLine(target.region)}`;
      return `Lab ${legibleLine(lab.id)} was begun in ${there}, at ${started}, and has left something alive there; this would begin it anew here.\n`;
    })
    .join('');
}
