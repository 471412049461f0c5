import { AnswerOf, apiCall } from '../../aws/api-call.ts';
import { queryText } from '../../aws/query.ts';
import { defineResource } from '../resource.ts';

const describeGroup = (name: string) => apiCall('logs', 'DescribeLogGroups', { logGroupNamePrefix: name });
const named = (name: string): string => `logGroups[?logGroupName == ${queryText(name)}]`;

const token = { request: 'nextToken', answer: 'nextToken' } as const;

/** A log group. Lambda creates it with the first invocation of a function, and does not delete it with the function. */
export const logGroupResource = defineResource({
  type: 'logs:group',
  noun: 'log group',
  evidence: 'It shows that the lab was done. To store logs costs about $0.03 a month for each GB; those of a lab have some KB.',
  incidental: 'Lambda creates it by itself when the function is first invoked',
  all: { call: apiCall('logs', 'DescribeLogGroups', {}), query: 'logGroups[].logGroupName', pages: token },
  tags: (name) => ({
    call: apiCall('logs', 'ListTagsForResource', { resourceArn: new AnswerOf(describeGroup(name), `${named(name)}.logGroupArn | [0]`) }),
    query: 'tags',
  }),
  // A line that was on its way when the group was deleted makes Lambda create the group again; then it is deleted again.
  removal: (name) => ({
    calls: [{ call: () => apiCall('logs', 'DeleteLogGroup', { logGroupName: name }) }],
    left: {
      call: describeGroup(name),
      query: `${named(name)}.logGroupName`,
      pages: token,
    },
    timeoutMs: 60_000,
  }),
});
