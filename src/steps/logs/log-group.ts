import { apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent } from '../../aws/aws.ts';
import { pages } from '../../aws/pages.ts';
import type { ResourceKind } from '../step.ts';

const goneTimeoutMs = 60_000;

/** A log group. Lambda creates it with the first invocation of a function, and does not delete it with the function. */
export const logGroupResource: ResourceKind = {
  type: 'logs:group',
  noun: 'log group',
  exists: (name, { aws }) => exists(aws, name),
  async remove(name, { aws, wait }) {
    // A line that was on its way when the group was deleted makes Lambda create the group again.
    await wait({ what: `the log group ${name} to be gone`, timeoutMs: goneTimeoutMs }, async () => {
      await orAbsent(aws.call(apiCall('logs', 'DeleteLogGroup', { logGroupName: name })));
      return (await exists(aws, name)) ? undefined : true;
    });
  },
};

async function exists(aws: Aws, name: string): Promise<boolean> {
  const call = apiCall('logs', 'DescribeLogGroups', { logGroupNamePrefix: name });
  for await (const page of pages(aws, call, { request: 'nextToken', answer: 'nextToken' })) {
    if (page.logGroups?.some((group) => group.logGroupName === name)) return true;
  }
  return false;
}
