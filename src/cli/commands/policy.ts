import { resolve } from 'node:path';
import { displayPath } from '../../runner/library.ts';
import { longestPolicy, type PolicyDocument, policyDocument, policyLength } from '../../runner/policy/document.ts';
import { learnerPermissions, probePermissions, verifierPermissions } from '../../runner/policy/permissions.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { legibleLine } from '../../util/printable.ts';
import { UserError } from '../../util/user-error.ts';
import { loadPlans } from '../lab.ts';
import type { LabFlags, OutputFlags } from '../options.ts';
import { checkWritable, writeWhole } from '../output-file.ts';
import type { Surroundings } from '../surroundings.ts';

export interface PolicyFlags extends Pick<LabFlags, 'prefix' | 'useRole'>, OutputFlags {
  readonly lab?: readonly string[];
  /** Twelve digits. */
  readonly account?: string;
  readonly region?: string;
  readonly output?: string;
  readonly probe?: boolean;
}

/** Prints the least IAM policy that lets a student do labs, or somebody else look how far they have come. */
export async function policy(who: 'student' | 'verifier', flags: PolicyFlags, io: Surroundings): Promise<ExitCode> {
  const { account = '*', region = '*', probe = false } = flags;
  if (probe && who === 'student')
    throw new UserError('--probe is about the policy of whoever verifies.', { hint: 'kinesis-labs policy verifier --probe' });
  const file = flags.output === undefined ? undefined : outputFile(resolve(io.cwd, flags.output), io);
  if (file !== undefined) checkWritable(file);
  const plans = await loadPlans(flags.lab, flags, io);
  const scope = { partition: 'aws', region, account };
  const permissions = who === 'student' ? learnerPermissions(plans, scope) : verifierPermissions(plans, scope);
  const document = policyDocument([...permissions, ...(probe ? probePermissions(plans, scope) : [])]);
  const text = `${JSON.stringify(document, undefined, 2)}\n`;
  if (file === undefined) io.out(text);
  else writeWhole(file, text);
  if (file !== undefined && !flags.quiet) io.out(`${legibleLine(file.name)} is written.\n`);
  warnOfLength(document, io);
  return ExitCode.ok;
}

/** IAM refuses what is longer, and does not say by how much. */
export function warnOfLength(document: PolicyDocument, io: Surroundings): void {
  const length = policyLength(document);
  if (length <= longestPolicy) return;
  io.err(
    `The policy has ${length} characters, and a managed policy can have ${longestPolicy}. ` +
      'Make one for each lab, and attach them all (--lab 01, --lab 02 …).\n',
  );
}

function outputFile(path: string, io: Surroundings) {
  return {
    path,
    name: displayPath(path, io.cwd),
    isEarlier: (text: string) => /^\s*\{\s*"Version": "2012-10-17"/.test(text),
    hint: 'Name another file behind --output, or leave it out to print.',
  };
}
