import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { packageLabs } from '../runner/library.ts';
import type { Plan } from '../runner/plan.ts';
import { printable } from '../util/printable.ts';
import { counted, indented, listed } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import type { Prompter } from './prompter.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Before a lab runs commands on this machine: shows them and has that allowed, unless the lab ships with the program or
 * the command line allows it.
 * @param path of the lab file.
 * @throws {UserError} when there is nobody to ask, or they say no.
 */
export async function allowCommands(
  plan: Plan,
  path: string,
  flags: { readonly allowShell?: boolean; readonly json?: boolean },
  io: Surroundings,
  ask: { readonly prompter: Prompter; readonly signal: AbortSignal },
): Promise<void> {
  const steps = plan.steps.filter(({ script }) => script !== undefined);
  if (steps.length === 0 || flags.allowShell || (await shipsWithProgram(path))) return;
  const file = printable(plan.lab.file);
  const commands = counted(steps.length, 'command');
  if (!io.interactive || flags.json) {
    throw new UserError(`${file} runs ${commands} on this machine, and nobody can be asked whether it may.`, {
      hint: `Read the page (${listed(steps.map(({ block }) => `step ${block.id}`))}), and add --allow-shell if you trust it.`,
    });
  }
  const listing = steps.map(({ block, script = '' }) => `  ${printable(block.id)}:\n${indented(printable(script), '    ')}\n`);
  io.out(`\n${file} does not come with kinesis-labs. It runs ${commands} on this machine, as you:\n${listing.join('')}\n`);
  if (await ask.prompter.confirm(steps.length === 1 ? 'May it run this command?' : 'May it run these commands?', false, ask.signal)) return;
  throw new UserError('Nothing was done.', { hint: 'The page can also be read, and its steps done by hand.' });
}

async function shipsWithProgram(path: string): Promise<boolean> {
  const [lab, labs] = await Promise.all([realpath(path), realpath(packageLabs)]);
  return dirname(lab) === labs;
}
