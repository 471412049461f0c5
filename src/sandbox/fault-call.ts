import { isMapping } from '../util/json.ts';
import { UserError } from '../util/user-error.ts';
import type { Cloud } from './cloud.ts';
import { answerControl, controlContent, unknownMethod } from './control-call.ts';
import { faultText, parseFault } from './fault.ts';
import { checkOperations } from './fault-check.ts';
import type { WireRequest, WireResponse } from './wire.ts';

export const faultPath = '/_sandbox/faults';

/**
 * The call by which a test or a person tells a running sandbox to misbehave: GET lists the faults, POST adds those of
 * `{"faults":["kinesis:PutRecord=throttle"]}`, DELETE forgets all. Each answers with the list.
 */
export function controlFaults(cloud: Cloud, request: WireRequest): Promise<WireResponse> {
  return answerControl(cloud, request, 'root', async () => {
    if (request.method === 'POST') await addFaults(cloud, request);
    else if (request.method === 'DELETE') cloud.faults.clear();
    else if (request.method !== 'GET') throw unknownMethod('GET', 'POST', 'DELETE');
    return { faults: cloud.faults.list.map(({ fault, met }) => ({ fault: faultText(fault), met })) };
  });
}

async function addFaults(cloud: Cloud, request: WireRequest): Promise<void> {
  const faults = textsOf(request).map(parseFault);
  await checkOperations(faults);
  cloud.faults.add(...faults);
}

function textsOf(request: WireRequest): readonly string[] {
  const content = controlContent(request);
  const faults = isMapping(content) ? content['faults'] : undefined;
  if (Array.isArray(faults) && faults.every((each) => typeof each === 'string')) return faults;
  throw new UserError('The body has to be JSON, {"faults":["kinesis:PutRecord=throttle,times=3"]}.');
}
