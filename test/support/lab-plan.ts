import { findLab, readLab } from '../../src/runner/library.ts';
import type { Plan } from '../../src/runner/plan.ts';
import { planText } from '../../src/runner/planning.ts';
import { stepKinds } from '../../src/steps/registry.ts';

/** The plan of a lab of the package. @throws when it is not valid. */
export async function labPlan(id: string): Promise<Plan> {
  const { file, text, assets } = await readLab(await findLab(id, process.cwd()), process.cwd());
  const { plan, diagnostics } = await planText(file, text, { kinds: stepKinds, assets });
  if (plan === undefined) throw new Error(`Lab ${id} is not valid: ${JSON.stringify(diagnostics)}`);
  return plan;
}
