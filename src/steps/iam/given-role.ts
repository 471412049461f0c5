import { orAbsent } from '../../aws/aws.ts';
import { roleNameOf } from '../../aws/role-arn.ts';
import { looked, missing } from '../finding.ts';
import { defineStep, type StepKind } from '../step.ts';
import { parsePolicy, trustedServices } from './policy-document.ts';
import { getRole, roleOutputs, roleSchema } from './role.ts';

/**
 * In the place of `iam/role` where nobody may create roles, as in the accounts of AWS Academy Learner Labs: a role that is there
 * already stands for each that a lab creates. Its policies are whoever made it answers for; it is neither changed nor removed.
 * @param arn that of a role
 */
export function givenRole(arn: string): StepKind {
  const name = roleNameOf(arn) ?? arn;
  const get = () => getRole({ name });
  return defineStep({
    summary: 'Uses a role that is there already, in the place of one that would be created.',
    input: roleSchema,
    outputs: roleOutputs(get, { arn, name }),
    examples: [{ name: 'lambda-cli-role' }],
    resources: [],
    owns: () => [],
    explain: () => [get()],
    shows: get,
    apply: async (_input, { aws }) => void (await orAbsent(aws.call(get()))),
    async check({ service }, { aws }) {
      const found = (await orAbsent(aws.call(get())))?.Role;
      const account = arn.split(':')[4] ?? '';
      if (found === undefined)
        return [
          missing(`role ${name}`, `a role, ${arn}`, 'there is none', `Was it made in this account? The ARN is one of account ${account}.`),
        ];
      const services = trustedServices(parsePolicy(found.AssumeRolePolicyDocument));
      return [
        looked(`ARN of ${name}`, found.Arn === arn, arn, found.Arn ?? 'none', 'Give --use-role the ARN that is seen here.'),
        looked(
          `trust policy of ${name}`,
          services.includes(service),
          `${service} may assume the role`,
          services.length > 0 ? `${services.join(', ')} may assume the role` : 'no service may assume it',
          `Without trust in ${service}, the service cannot act as the role. Ask whoever manages the account for one that has it.`,
        ),
      ];
    },
  });
}
