import type { Cloud } from '../../cloud.ts';
import { AwsError } from '../../error.ts';
import type { Invocable } from '../functions/invocable.ts';
import { type Invocation, invokeFunction } from './invoke.ts';

/** Before the second and the third attempt, in milliseconds of the sandbox's time (about so on AWS; unverified). */
const retryDelays = [60_000, 120_000];
/** Throttled events are tried again for six hours, ever more rarely (Developer Guide, "Asynchronous invocation"). */
const firstThrottleDelay = 1_000;
const longestThrottleDelay = 300_000;
const oldestEvent = 6 * 3_600_000;

/** Queues an event: the function gets it until it succeeds, three times at the most. What fails for good is dropped. */
export function invokeInBackground(cloud: Cloud, invocable: Invocable, invocation: Invocation): void {
  cloud.inBackground(async () => {
    for (const delay of [...retryDelays, undefined]) {
      if (await succeeds(cloud, invocable, invocation)) return;
      if (delay !== undefined) await cloud.clock.sleep(delay, cloud.signal);
    }
  });
}

async function succeeds(cloud: Cloud, invocable: Invocable, invocation: Invocation): Promise<boolean> {
  const since = cloud.clock.now();
  for (let wait = firstThrottleDelay; ; wait = Math.min(2 * wait, longestThrottleDelay)) {
    try {
      return !(await invokeFunction(cloud, invocable.pick(), invocation)).failed;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code !== 'TooManyRequestsException' || cloud.clock.now() - since > oldestEvent) return false;
      await cloud.clock.sleep(wait, cloud.signal);
    }
  }
}
