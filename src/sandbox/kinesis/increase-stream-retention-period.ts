import type { OperationOf } from '../operation.ts';
import { eitherStream, retentionHours } from './constraints.ts';
import { streamResource } from './request.ts';
import { changeRetention } from './retention.ts';

export const increaseStreamRetentionPeriod: OperationOf<'kinesis', 'IncreaseStreamRetentionPeriod'> = {
  constraints: { RetentionPeriodHours: retentionHours, ...eitherStream },
  resources: streamResource,
  handle(input, context) {
    changeRetention('increase', input, context);
    return {};
  },
};
