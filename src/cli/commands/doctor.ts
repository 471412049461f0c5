import { findLab } from '../../runner/library.ts';
import type { Plan } from '../../runner/plan.ts';
import type { PreflightFinding } from '../../runner/preflight/finding.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { jsonText } from '../../util/json.ts';
import { createPaint } from '../../util/text.ts';
import { UserError } from '../../util/user-error.ts';
import { accountAlias } from '../account-guard.ts';
import { loadPlan } from '../lab.ts';
import { examineConfiguration, examineMachine } from '../machine.ts';
import type { LabFlags, OutputFlags, TargetFlags } from '../options.ts';
import { described, preflightFindings } from '../preflight.ts';
import type { Surroundings } from '../surroundings.ts';
import { openTarget, targetName } from '../target.ts';

/** Says what this machine and the target have of what labs need: of what one lab needs, when it is named. Changes nothing. */
export async function doctor(lab: string | undefined, flags: LabFlags & TargetFlags & OutputFlags, io: Surroundings): Promise<ExitCode> {
  const plan = lab === undefined ? undefined : await loadPlan(await findLab(lab, io.cwd), flags, io);
  const configured = examineConfiguration(io);
  const [machine, target] = await Promise.all([
    examineMachine(io),
    configured.configuration === undefined ? [] : examineTarget(plan, flags, io),
  ]);
  const findings = [...machine, configured.finding, ...target];
  const paint = createPaint(io.colour);
  if (flags.json) io.out(`${jsonText(findings, 2)}\n`);
  else io.out(findings.map((finding) => described(finding, paint, io.width)).join(''));
  return findings.some(({ weight }) => weight === 'fatal') ? ExitCode.couldNotRun : ExitCode.ok;
}

/** Whether the target answers, who it thinks this is, and what may stand in the way of the lab there. */
async function examineTarget(
  plan: Plan | undefined,
  flags: LabFlags & TargetFlags & OutputFlags,
  io: Surroundings,
): Promise<readonly PreflightFinding[]> {
  const name = targetName(flags, io);
  const about = `target ${name}`;
  try {
    const open = await openTarget(name, flags, io);
    try {
      const { account, principal, target } = open;
      const alias = await accountAlias(open);
      const who = `account ${account}${alias === undefined ? '' : ` (${alias})`}, region ${target.region}, as ${principal}`;
      const answers: PreflightFinding = { about, weight: 'good', message: who };
      if (plan === undefined) return [answers];
      if (target.endsWithProcess === undefined) return [answers, ...(await preflightFindings(plan, open))];
      return [answers, { about: `lab ${plan.lab.id}`, weight: 'good', message: 'nothing can stand in its way on a sandbox of its own' }];
    } finally {
      await open.close();
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode === ExitCode.usage) throw error;
    return [{ about, weight: 'fatal', message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }];
  }
}
