import type { OperationOf } from '../operation.ts';
import { currentDocument } from './entity.ts';
import { identityDocument, simulate, simulatedRole, simulationConstraints } from './simulation.ts';
import { iamState } from './state.ts';

/** What a role could do, asked without doing it (IAM API reference). */
export const simulatePrincipalPolicy: OperationOf<'iam', 'SimulatePrincipalPolicy'> = {
  constraints: {
    PolicySourceArn: { required: true, maxLength: 2048, minLength: 20 },
    ...simulationConstraints,
  },
  resources: ({ PolicySourceArn }) => [PolicySourceArn ?? ''],
  handle(input, context) {
    const role = simulatedRole(input.PolicySourceArn ?? '', context);
    const iam = iamState(context.cloud, context.account);
    const boundary = role.boundary === undefined ? undefined : iam.findPolicy(role.boundary);
    const boundaries = input.PermissionsBoundaryPolicyInputList?.map(identityDocument) ?? (boundary && [currentDocument(boundary)]);
    return simulate('SimulatePrincipalPolicy', input, iam.policiesOf(role), boundaries);
  },
};
