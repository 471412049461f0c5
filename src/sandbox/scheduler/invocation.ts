import { randomUUID } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../error.ts';
import { callAs } from './call.ts';
import type { Schedule } from './schedule.ts';
import { queueCall, targetCall } from './target.ts';

/** How long the waits between attempts are is unverified; they grow (EventBridge Scheduler User Guide, "Retry policy"). */
const firstWait = 1_000;
const longestWait = 300_000;

/** One run of a schedule. */
interface Run {
  readonly id: string;
  /** When it was to be, as it is told: in whole seconds. */
  readonly time: string;
}

/**
 * Calls the target of a schedule, again and again as its retry policy says, and tells the dead-letter queue when that is
 * of no use. What the caller has done wrong is not tried again (EventBridge Scheduler User Guide; which errors these are is unverified).
 * @param due when the schedule was to run, in epoch milliseconds
 */
export async function invokeTarget(cloud: Cloud, schedule: Schedule, due: number): Promise<void> {
  const { clock, signal } = cloud;
  const { target } = schedule.settings;
  const { MaximumRetryAttempts: mostRetries = 0, MaximumEventAgeInSeconds: oldest = 0 } = target.RetryPolicy;
  const run: Run = { id: randomUUID(), time: new Date(due).toISOString().replace(/\.\d+Z$/, 'Z') };
  const began = clock.now();
  for (let retries = 0, wait = firstWait; ; retries += 1, wait = Math.min(2 * wait, longestWait)) {
    const payload = payloadOf(schedule, run, retries + 1);
    const error = await failureOf(() => callAs(callerOf(cloud, schedule, target.Arn), targetCall(target, payload)));
    if (error === undefined) return;
    const tooOld = clock.now() + wait - began > oldest * 1_000;
    const condition = retries >= mostRetries ? 'MaximumRetryAttempts' : tooOld ? 'MaximumEventAgeInSeconds' : undefined;
    if (!mayPass(error) || condition !== undefined) {
      await bury(cloud, schedule, payload, { error, run, retries, condition: mayPass(error) ? condition : undefined });
      return;
    }
    await clock.sleep(wait, signal);
  }
}

function callerOf(cloud: Cloud, { settings, group, scope }: Schedule, arn: string) {
  return { cloud, roleArn: settings.target.RoleArn, sourceArn: group.arn, region: arn.split(':')[3] ?? scope.region };
}

async function failureOf(work: () => Promise<void>): Promise<AwsError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function mayPass({ status, code }: AwsError): boolean {
  return status >= 500 || /Throttl|ThroughputExceeded|TooManyRequests|LimitExceeded/.test(code);
}

/** The input with what stands for facts of the run (EventBridge Scheduler User Guide, "Adding context attributes"); without one, an event. */
function payloadOf({ arn, scope, settings }: Schedule, { id, time }: Run, attempt: number): string {
  const { Input: input } = settings.target;
  if (input === undefined) {
    // What AWS sends then is unverified.
    const event = { version: '0', id, 'detail-type': 'Scheduled Event', source: 'aws.scheduler', account: scope.account, time };
    return JSON.stringify({ ...event, region: scope.region, resources: [arn], detail: '{}' });
  }
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', arn)
    .replaceAll('<aws.scheduler.scheduled-time>', time)
    .replaceAll('<aws.scheduler.execution-id>', id)
    .replaceAll('<aws.scheduler.attempt-number>', String(attempt));
}

interface Burial {
  readonly error: AwsError;
  readonly run: Run;
  readonly retries: number;
  /** Which limit of the retry policy was reached, if it was one. */
  readonly condition: string | undefined;
}

/**
 * Tells the dead-letter queue, if there is one and the role may (EventBridge Scheduler User Guide, "Configuring a
 * dead-letter queue"; the names of the attributes are unverified).
 */
async function bury(cloud: Cloud, schedule: Schedule, payload: string, { error, run, retries, condition }: Burial): Promise<void> {
  const { target } = schedule.settings;
  const queue = target.DeadLetterConfig?.Arn;
  if (queue === undefined) return;
  const facts = {
    ERROR_CODE: error.code,
    ERROR_MESSAGE: error.message,
    EXECUTION_ID: run.id,
    ...(condition === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: condition }),
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: String(retries),
    SCHEDULED_TIME: run.time,
    SCHEDULE_ARN: schedule.arn,
    TARGET_ARN: target.Arn,
  };
  const MessageAttributes: Record<string, MessageAttributeValue> = {};
  for (const [name, StringValue] of Object.entries(facts)) MessageAttributes[name] = { DataType: 'String', StringValue };
  await failureOf(() => callAs(callerOf(cloud, schedule, queue), queueCall(queue, { MessageBody: payload, MessageAttributes })));
}
