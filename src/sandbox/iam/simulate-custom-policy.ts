import type { OperationOf } from '../operation.ts';
import { identityDocument, simulate, simulationConstraints } from './simulation.ts';

/** What whoever had these policies could do (IAM API reference). */
export const simulateCustomPolicy: OperationOf<'iam', 'SimulateCustomPolicy'> = {
  constraints: {
    ...simulationConstraints,
    PolicyInputList: { ...simulationConstraints.PolicyInputList, required: true },
  },
  resources: () => ['*'],
  handle: (input) => simulate('SimulateCustomPolicy', input, [], input.PermissionsBoundaryPolicyInputList?.map(identityDocument)),
};
