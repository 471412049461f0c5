import { isMapping } from '../util/json.ts';
import { UserError } from '../util/user-error.ts';
import type { Cloud } from './cloud.ts';
import { answerControl, controlContent, unknownMethod } from './control-call.ts';
import type { WireRequest, WireResponse } from './wire.ts';
import { Work } from './work.ts';

export const clockPath = '/_sandbox/clock';

const mostMs = 86_400_000;

/**
 * The call by which a program outside waits by the sandbox's time, and so lets a time that jumps over idleness jump: GET
 * says what time it is, POST of `{"sleepMs":1000}` does when that has passed. Both answer `{"now":…}`, in epoch milliseconds.
 */
export function controlClock(cloud: Cloud, request: WireRequest): Promise<WireResponse> {
  const { clock } = cloud;
  // To wait is no more than any client does, whoever it is.
  return answerControl(cloud, request, 'anybody', async () => {
    if (request.method === 'POST') await sleep(cloud, request, sleepMs(request));
    else if (request.method !== 'GET') throw unknownMethod('GET', 'POST');
    return { now: clock.now() };
  });
}

async function sleep(cloud: Cloud, request: WireRequest, ms: number): Promise<void> {
  const work = new Work(cloud, request);
  try {
    await work.pause(async (over) => {
      // Whoever has gone while it slept hears nothing of it.
      await cloud.clock.foreground.sleep(ms, over).catch((error: unknown) => {
        if (!over.aborted) throw error;
      });
    });
  } finally {
    work.done();
  }
}

function sleepMs(request: WireRequest): number {
  const content = controlContent(request);
  const ms = isMapping(content) ? content['sleepMs'] : undefined;
  if (typeof ms === 'number' && ms >= 0 && ms <= mostMs) return ms;
  throw new UserError(`The body has to be JSON, {"sleepMs":1000}, with no more than ${mostMs}.`);
}
