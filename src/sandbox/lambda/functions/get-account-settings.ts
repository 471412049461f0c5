import type { OperationOf } from '../../operation.ts';
import { accountConcurrency, unreservedConcurrency } from '../environments/concurrency.ts';
import { largestUnzipped, largestZip } from './code.ts';
import { functionsOf } from './functions.ts';

/** GetAccountSettings (Lambda API reference), with the default quotas: 75 GB of code are not enforced. */
export const getAccountSettings: OperationOf<'lambda', 'GetAccountSettings'> = {
  resources: () => ['*'],
  handle(_input, context) {
    const functions = functionsOf(context.cloud, context).all();
    return {
      AccountLimit: {
        TotalCodeSize: 80_530_636_800,
        CodeSizeUnzipped: largestUnzipped,
        CodeSizeZipped: largestZip,
        ConcurrentExecutions: accountConcurrency,
        UnreservedConcurrentExecutions: unreservedConcurrency(context.cloud, context),
      },
      AccountUsage: {
        TotalCodeSize: functions.reduce((sum, { codeSize }) => sum + codeSize, 0),
        FunctionCount: functions.length,
      },
    };
  },
};
