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
import type { TargetFlags } from './options.ts';
import type { Prompter } from './prompter.ts';
import { ledgerTarget } from './run-ledger.ts';
import { type Surroundings, stateFolder } from './surroundings.ts';
import type { OpenTarget } from './target.ts';

/**
 * Before something is written to an account that costs money: shows which account it is and what will cost something, and
 * has it confirmed, unless the command line has named the account, or the lab is gone on with there.
 * @param ask `resumes`: what is alive of these labs there is gone on with.
 * @throws {UserError} when there is nobody to ask, or they say no.
 */
export async function confirmAccount(
  open: OpenTarget,
  flags: TargetFlags,
  io: Surroundings,
  ask: { readonly prompter: Prompter; readonly signal: AbortSignal; readonly plans?: readonly Plan[]; readonly resumes?: boolean },
): Promise<void> {
  if (!open.target.billed) return;
  const { account, principal, target } = open;
  const { plans = [], resumes = false } = ask;
  const alias = await accountAlias(open);
  const place = target.endpoint === undefined ? `region ${target.region}` : `region ${target.region}, at ${target.endpoint}`;
  io.err(
    `Account ${account}${alias === undefined ? '' : ` (${legibleLine(alias)})`}, ${place}, as ${legibleLine(principal)}.\n${costs(plans)}`,
  );
  const earlier = earlierRuns(plans, open, io);
  io.err(earlier.elsewhere);
  if (flags.account !== undefined || (resumes && earlier.here)) return;
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

/** Whether a run of each lab is alive here, which somebody has confirmed then; and what to say of those that are alive elsewhere. */
function earlierRuns(plans: readonly Plan[], open: OpenTarget, io: Surroundings): { readonly here: boolean; readonly elsewhere: string } {
  const place = ledgerTarget(open);
  const ledgers = liveLedgers(readLedgers(stateFolder(io)).ledgers);
  const runs = plans.map(({ lab }) => ledgers.filter(({ header }) => header.lab.id === lab.id).map(({ header }) => header));
  const elsewhere = runs.flat().filter(({ target }) => !isSamePlace(target, place) && target.endsWithProcess === undefined);
  return {
    here: runs.length > 0 && runs.every((headers) => headers.some(({ target }) => isSamePlace(target, place))),
    elsewhere: elsewhere
      .map(({ lab, target, started }) => {
        const there = `account ${legibleLine(target.account)}, region ${legibleLine(target.region)}`;
        return `Lab ${legibleLine(lab.id)} was begun in ${there}, at ${started}, and has left something alive there; this would begin it anew here.\n`;
      })
      .join(''),
  };
}

function costs(plans: readonly Plan[]): string {
  const kinds = new Map(plans.flatMap(({ steps }) => steps).flatMap(({ kind }) => kind.resources.map((each) => [each.type, each])));
  const lines = [...kinds.values()].flatMap(({ noun, cost }) => (cost ? [`  ${noun}: $${cost.perHour} an hour, ${cost.note}\n`] : []));
  return lines.length === 0 ? '' : `What costs money for as long as it exists:\n${lines.join('')}`;
}
