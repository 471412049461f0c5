import { randomUUID } from 'node:crypto';
import { type Clock, wallClock } from '../util/clock.ts';
import { authenticate, refused } from './auth/authenticate.ts';
import { type Claim, isSignedByVersion2, readClaim } from './auth/claim.ts';
import { credentialStore } from './auth/credentials.ts';
import { incompleteSignature } from './auth/incomplete-signature.ts';
import { clockPath, controlClock } from './clock-call.ts';
import type { Cloud } from './cloud.ts';
import { AwsError } from './error.ts';
import { failed, throttled } from './fault-answer.ts';
import { controlFaults, faultPath } from './fault-call.ts';
import type { RequestContext } from './operation.ts';
import { carryOut } from './operation-call.ts';
import { loadService, type Service, serviceOf } from './services.ts';
import { unknownService } from './unknown-service.ts';
import { cut, isReady, isWhole, plain, type RequestHead, type WireRequest, type WireResponse } from './wire.ts';
import { Work } from './work.ts';

/** The largest body that any operation takes: a function's code, sent as base64 (Lambda API reference and quotas). */
const mostBytes = 70_167_211;
/** Nothing is done for whoever has no credentials of this sandbox, and this much is enough to tell them so. */
const mostBytesOfStrangers = 65_536;

/** How many bytes of a request's body are read. */
export function mostBodyBytes(cloud: Cloud, head: RequestHead): number {
  // Who sends little is looked at once, when it is there.
  if (Number(head.headers['content-length']) <= mostBytesOfStrangers) return mostBytesOfStrangers;
  return isFromStranger(cloud, readClaim(head)) ? mostBytesOfStrangers : mostBytes;
}

function isFromStranger(cloud: Cloud, claim: Claim | undefined): boolean {
  return claim === undefined || !credentialStore(cloud).admits(claim.accessKeyId);
}

/**
 * Answers one request. The order of the checks is part of what AWS promises: who may speak at all, which service, who
 * asks, which operation, what its input is, what limits it must keep, whether the caller may; then the operation itself.
 * @returns the answer, or `cut` where the sandbox was told to give none.
 */
export async function dispatch(
  cloud: Cloud,
  request: WireRequest,
  reportBug: (error: unknown) => void,
): Promise<WireResponse | typeof cut> {
  if (request.method === 'GET' && request.path === '/_sandbox/health') return plain(200, { status: 'ok' });
  if (request.path === faultPath) return controlFaults(cloud, request);
  if (request.path === clockPath) return controlClock(cloud, request);

  const claim = readClaim(request);
  const serviceName = serviceOf(request, claim?.service) ?? (isSignedByVersion2(request) ? 's3' : undefined);
  if (!serviceName) return unknownService(request, claim?.service);
  const spoken = await loadService(serviceName).catch(reportBug);
  if (!spoken) return plain(500, { __type: 'InternalFailure', message: `The service ${serviceName} could not be loaded, which is a bug.` });
  const protocol = spoken.protocol.spokenBy?.(request);
  const service = protocol === undefined ? spoken : { ...spoken, protocol: await protocol };
  const work = new Work(cloud, request);
  const requestId = randomUUID();
  let clock: Clock = wallClock;
  try {
    const unread = request.bodyTooLarge ? undefined : service.protocol.refuse?.(request, { signed: claim !== undefined, requestId });
    const refusal = unread && (await unread);
    if (refusal) return dated(refusal, clock);
    if (!claim) throw missingToken(request, service);
    if (request.bodyTooLarge && !isFromStranger(cloud, claim)) throw tooLarge(request, service);
    const authenticated = authenticate(cloud, request, claim, service);
    const { principal } = authenticated;
    clock = authenticated.clock;
    const context: RequestContext = {
      account: principal.account,
      region: claim.region,
      cloud,
      principal,
      requestId,
      headers: request.headers,
      // The name has been looked at before anything was read.
      endpoint: `http://${request.headers['host']}`,
      wait: (until) => work.pause(until),
      over: () => work.over(),
    };
    const understood = claim.expires === undefined ? request : withHoistedHeaders(request);
    const response = await perform(service, understood, context);
    return response === cut ? cut : dated(reportingBugs(response, reportBug), clock);
  } catch (error) {
    const answered = error instanceof AwsError ? error : internalFailure(error, reportBug);
    return dated(service.protocol.writeError(answered, requestId), clock);
  } finally {
    work.done();
  }
}

/** What the sandbox was told to do wrong happens before anything is checked, as with what AWS refuses under load. */
async function perform(service: Service, request: WireRequest, context: RequestContext): Promise<WireResponse | typeof cut> {
  const route = service.protocol.route(request);
  if (!route) throw service.protocol.unknownOperation(request);
  const { name } = route.operation;
  const operation = service.operation(name);
  const input = await service.protocol.readInput(route, request);
  const { cloud, account } = context;
  const fault = cloud.faults.meet(`${service.name}:${name}`, account);
  if (fault?.kind === 'slow' && !(await passed(fault.ms, context))) return cut;
  if (fault?.kind === 'throttle') throw throttled(service.name, name, input, account);
  if (fault?.kind === 'error') throw failed(service.name);
  if (fault?.kind === 'cut-before') return cut;
  const call = { service, name, operation, input };
  if (fault?.kind === 'cut-after') {
    // An answer that is an error is lost as well.
    await carryOut(call, context).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error;
    });
    return cut;
  }
  const output = await carryOut(call, fault === undefined ? context : { ...context, fault: fault.kind });
  return service.protocol.writeOutput(route.operation, output ?? {}, context.requestId);
}

/** Lets time go by, also for a client that does not wait so long. @returns whether it has; not when the sandbox stops before */
async function passed(ms: number, { cloud, wait }: RequestContext): Promise<boolean> {
  try {
    await wait(() => cloud.clock.foreground.sleep(ms, cloud.signal));
    return true;
  } catch (error) {
    if (cloud.signal.aborted) return false;
    throw error;
  }
}

/** What goes wrong in a body that is made while it is sent goes wrong after the answer has begun, and can only cut it off. */
function reportingBugs(response: WireResponse, reportBug: (error: unknown) => void): WireResponse {
  const { body } = response;
  if (isReady(body)) return response;
  const reported = (error: unknown): never => {
    reportBug(error);
    throw error;
  };
  if (!isWhole(body)) return { ...response, body: untilBug(body, reported) };
  const { byteLength } = body;
  const pieces = function* (): Generator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      reported(error);
    }
  };
  return { ...response, body: { byteLength, [Symbol.iterator]: pieces } };
}

async function* untilBug(pieces: AsyncIterable<Uint8Array>, reported: (error: unknown) => never): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch (error) {
    reported(error);
  }
}

function missingToken(request: WireRequest, service: Service): AwsError {
  // As S3 answers in regions that are younger than version 4 (Amazon S3 API reference, "Error responses").
  if (isSignedByVersion2(request)) {
    return new AwsError('InvalidRequest', 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.');
  }
  const { code, text } = incompleteSignature(request);
  return new AwsError(code, text, { status: service.refusals.unknownKey.status });
}

function tooLarge(request: WireRequest, { protocol, refusals }: Service): AwsError {
  return refused(refusals.tooLarge(mostBytes, protocol.route(request)?.operation.name ?? 'requested'));
}

/** Signing a URL moves the headers of AWS's that a request would have had into its query. */
function withHoistedHeaders(request: WireRequest): WireRequest {
  const hoisted = [...new URLSearchParams(request.query)].filter(([name]) => /^x-amz-/.test(name));
  return { ...request, headers: { ...Object.fromEntries(hoisted), ...request.headers } };
}

/** SDKs set their clocks by the `Date` of an answer: it is the time that the caller goes by. */
function dated(response: WireResponse, clock: Clock): WireResponse {
  return { ...response, headers: { date: new Date(clock.now()).toUTCString(), ...response.headers } };
}

/** A bug of the sandbox, answered as AWS answers its own. */
function internalFailure(error: unknown, reportBug: (error: unknown) => void): AwsError {
  reportBug(error);
  return new AwsError('InternalFailure', 'The sandbox failed to answer this request, which is a bug in it.', { status: 500 });
}
