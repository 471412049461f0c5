import { printDiagnostics } from '../runner/diagnostic-printer.ts';
import { readLab } from '../runner/library.ts';
import type { Plan } from '../runner/plan.ts';
import { planText } from '../runner/planning.ts';
import { stepKinds } from '../steps/registry.ts';
import { counted } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import type { LabFlags } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Makes a plan of a lab file.
 * @throws {UserError} when a setting does not fit the lab, or its file is not valid; the problems of the file have been
 * printed then.
 */
export async function loadPlan(path: string, { set, prefix }: LabFlags, io: Surroundings): Promise<Plan> {
  const { file, text, assets } = await readLab(path, io.cwd);
  const settings = { ...(set === undefined ? {} : { set }), ...(prefix === undefined ? {} : { prefix }) };
  const { plan, diagnostics } = await planText(file, text, { kinds: stepKinds, assets, ...settings });
  if (plan !== undefined) return plan;
  io.err(`${printDiagnostics(diagnostics, new Map([[file, text]]), { colour: io.colour })}\n`);
  throw new UserError(`${file} is not a valid lab: ${counted(diagnostics.length, 'problem')}.`);
}
