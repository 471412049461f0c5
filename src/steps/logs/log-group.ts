import { apiCall } from '../../aws/api-call.ts';
import { queryText } from '../../aws/query.ts';
import { defineResource } from '../step.ts';

const token = { request: 'nextToken', answer: 'nextToken' } as const;

/** A log group. Lambda creates it with the first invocation of a function, and does not delete it with the function. */
export const logGroupResource = defineResource({
  type: 'logs:group',
  noun: 'log group',
  incidental: 'Lambda creates it by itself when the function is first invoked',
  all: { call: apiCall('logs', 'DescribeLogGroups', {}), query: 'logGroups[].logGroupName', pages: token },
  // A line that was on its way when the group was deleted makes Lambda create the group again; then it is deleted again.
  removal: (name) => ({
    calls: [{ call: () => apiCall('logs', 'DeleteLogGroup', { logGroupName: name }) }],
    left: {
      call: apiCall('logs', 'DescribeLogGroups', { logGroupNamePrefix: name }),
      query: `logGroups[?logGroupName == ${queryText(name)}].logGroupName`,
      pages: token,
    },
    timeoutMs: 60_000,
  }),
});
