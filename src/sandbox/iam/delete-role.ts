import type { OperationOf } from '../operation.ts';
import { roleName } from './constraints.ts';
import { deleteConflict } from './refusals.ts';
import { roleOf, roleResource } from './role.ts';
import { iamState } from './state.ts';

/** A role goes last: what is attached to it and written into it has to be gone. Which of the two is told first is unverified. */
export const deleteRole: OperationOf<'iam', 'DeleteRole'> = {
  constraints: { RoleName: roleName },
  resources: roleResource,
  handle(input, context) {
    const role = roleOf(input, context);
    if (role.attachedPolicies.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
    if (role.inlinePolicies.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
    iamState(context.cloud, context.account).roles.delete(role.name);
    return {};
  },
};
