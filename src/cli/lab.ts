import { printDiagnostics } from '../runner/diagnostic-printer.ts';
import { findLab, listLabs, packageLabs, readLab } from '../runner/library.ts';
import type { Plan } from '../runner/plan.ts';
import { planText } from '../runner/planning.ts';
import { stepKinds, stepKindsWithRole } from '../steps/registry.ts';
import { counted } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import type { LabFlags } from './options.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Makes a plan of a lab file.
 * @throws {UserError} when a setting does not fit the lab, or its file is not valid; the problems of the file have been
 * printed then.
 */
export async function loadPlan(path: string, { set, prefix, useRole }: LabFlags, io: Surroundings): Promise<Plan> {
  const { file, text, assets } = await readLab(path, io.cwd);
  const settings = { ...(set === undefined ? {} : { set }), ...(prefix === undefined ? {} : { prefix }) };
  const kinds = useRole === undefined ? stepKinds : stepKindsWithRole(useRole);
  const { plan, diagnostics } = await planText(file, text, { kinds, assets, ...settings });
  if (plan !== undefined) return plan;
  io.err(`${printDiagnostics(diagnostics, new Map([[file, text]]), { colour: io.colour })}\n`);
  throw new UserError(`${file} is not a valid lab: ${counted(diagnostics.length, 'problem')}.`);
}

/** The plans of labs as they are named, or of all in the package where none is. @throws {UserError} as `loadPlan` and `findLab`. */
export async function loadPlans(labs: readonly string[] | undefined, flags: LabFlags, io: Surroundings): Promise<readonly Plan[]> {
  const paths =
    labs === undefined
      ? (await listLabs(packageLabs)).map(({ path }) => path)
      : await Promise.all([...new Set(labs)].map((lab) => findLab(lab, io.cwd)));
  return Promise.all(paths.map((path) => loadPlan(path, flags, io)));
}
