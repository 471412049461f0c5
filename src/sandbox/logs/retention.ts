import type { OperationOf } from '../operation.ts';
import { groupName } from './constraints.ts';
import { groupOf, invalidParameter, logResources } from './names.ts';

/** PutRetentionPolicy API reference. */
const days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export const putRetentionPolicy: OperationOf<'logs', 'PutRetentionPolicy'> = {
  constraints: { logGroupName: groupName, retentionInDays: { required: true } },
  resources: logResources,
  handle(input, context) {
    const group = groupOf(input, context);
    // In which order AWS lists the days is unverified.
    if (!days.includes(input.retentionInDays ?? 0)) {
      throw invalidParameter(
        `1 validation error detected: Value '${input.retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${days.join(', ')}]`,
      );
    }
    group.retentionInDays = input.retentionInDays;
    return {};
  },
};

export const deleteRetentionPolicy: OperationOf<'logs', 'DeleteRetentionPolicy'> = {
  constraints: { logGroupName: groupName },
  resources: logResources,
  handle(input, context) {
    groupOf(input, context).retentionInDays = undefined;
    return {};
  },
};
