import { apiCall } from '../../src/aws/api-call.ts';
import type { Aws } from '../../src/aws/aws.ts';

/** Writes a log stream as Lambda would, creating its group. */
export async function writeLog(aws: Aws, logGroupName: string, messages: readonly string[]): Promise<void> {
  const logStreamName = '2026/11/21/[$LATEST]0123456789abcdef0123456789abcdef';
  await aws.call(apiCall('logs', 'CreateLogGroup', { logGroupName }));
  await aws.call(apiCall('logs', 'CreateLogStream', { logGroupName, logStreamName }));
  const now = Date.now();
  const logEvents = messages.map((message, index) => ({ timestamp: now + index, message: `${message}\n` }));
  if (logEvents.length > 0) await aws.call(apiCall('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }));
}
