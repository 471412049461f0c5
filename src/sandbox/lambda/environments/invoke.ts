import type { Cloud } from '../../cloud.ts';
import type { RunnableVersion } from '../functions/invocable.ts';
import { enterInvocation } from './concurrency.ts';
import type { ExecutionEnvironment, Outcome } from './environment.ts';
import { endLine, initReportLine, type Report, reportLine, startLine, timedOutLine, timedOutText } from './log-lines.ts';

export interface Invocation {
  readonly requestId: string;
  /** By which the function was called. */
  readonly functionArn: string;
  /** JSON. */
  readonly payload: Uint8Array;
  /** JSON. */
  readonly clientContext?: string;
}

export interface InvocationResult {
  /** What the function returned, or what is known of its failure; JSON. */
  readonly payload: Uint8Array;
  readonly failed: boolean;
  /** The last 4 KB of the log. */
  readonly logTail: string;
}

/**
 * Runs a version of a function once and waits for it. The sandbox's clock is busy meanwhile.
 * @throws {AwsError} when the function could not be run: it is not there yet, its role or interpreter is missing, it is throttled.
 */
export async function invokeFunction(cloud: Cloud, version: RunnableVersion, invocation: Invocation): Promise<InvocationResult> {
  const { live, environments } = version;
  if (live === undefined) throw version.wrongState();
  const leave = enterInvocation(cloud, version.owner);
  const done = cloud.clock.busy();
  try {
    const { environment, cold } = await environments.acquire(live);
    try {
      return await perform(cloud, environment, cold, invocation);
    } finally {
      environments.release(environment, version.live);
    }
  } finally {
    leave();
    done();
  }
}

async function perform(cloud: Cloud, environment: ExecutionEnvironment, cold: boolean, invocation: Invocation): Promise<InvocationResult> {
  const { log } = environment;
  const { requestId } = invocation;
  const { timeout, memorySize } = environment.version.settings;
  const initStart = performance.now();
  const initFailure = cold ? await environment.initialise() : undefined;
  const initialised = performance.now() - initStart;
  if (initFailure === undefined) {
    if (!cold) log.open();
    log.startTail();
  } else {
    log.write(initReportLine(initialised, initFailure.kind === 'timeout' ? 'timeout' : 'error', errorTypeOf(initFailure)));
  }
  log.write(startLine(requestId, environment.version.number));
  const start = performance.now();
  const outcome = initFailure ?? (await environment.run(invocation));
  const ran = initFailure === undefined ? performance.now() - start : initialised;
  const duration = outcome.kind === 'timeout' ? timeout * 1_000 : ran;
  const initDuration = cold && initFailure === undefined ? initialised : undefined;
  if (outcome.kind === 'timeout') log.write(timedOutLine(cloud.clock.now(), requestId, timeout));
  if (outcome.kind === 'exit') log.write(`RequestId: ${requestId} Error: ${exitText(outcome.reason)}\nRuntime.ExitError\n`);
  log.write(endLine(requestId));
  log.write(
    reportLine({
      requestId,
      duration,
      initDuration,
      memorySize,
      maxMemoryUsed: environment.maxMemoryUsed,
      ...status(outcome, initFailure !== undefined),
    }),
  );
  return { payload: payloadOf(outcome, requestId, timeout), failed: outcome.kind !== 'success', logTail: log.tail };
}

/** An error that the handler reported counts as a success of the platform. */
function status(outcome: Outcome, inInit: boolean): Pick<Report, 'status' | 'errorType'> {
  if (outcome.kind === 'timeout') return { status: 'timeout' };
  if (outcome.kind === 'success' || (outcome.kind === 'error' && !inInit)) return { status: 'success' };
  const errorType = errorTypeOf(outcome);
  return { status: 'error', ...(errorType === undefined ? {} : { errorType }) };
}

function errorTypeOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'exit') return 'Runtime.ExitError';
  if (outcome.kind !== 'error') return undefined;
  try {
    const { errorType } = JSON.parse(Buffer.from(outcome.payload).toString('utf8')) as { readonly errorType?: string };
    return errorType;
  } catch {
    // A function can speak to the Runtime API by itself, and say anything.
    return undefined;
  }
}

/** Lambda's own words where the function has none (answers recorded from Lambda). */
function payloadOf(outcome: Outcome, requestId: string, timeout: number): Uint8Array {
  switch (outcome.kind) {
    case 'success':
    case 'error':
      return outcome.payload;
    case 'timeout':
      return platformError('Sandbox.Timedout', `RequestId: ${requestId} Error: ${timedOutText(timeout)}`);
    case 'exit':
      return platformError('Runtime.ExitError', `RequestId: ${requestId} Error: ${exitText(outcome.reason)}`);
  }
}

function exitText(reason: string | undefined): string {
  return reason === undefined ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${reason}`;
}

function platformError(errorType: string, errorMessage: string): Uint8Array {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}
