import { type Runtime, runtimeVersionArn } from '../functions/runtimes.ts';

/** Lambda's own log lines, in the text format (logs recorded from Lambda). Durations are in milliseconds. */

/** `version` is that of the interpreter which really runs the function. */
export function initStartLine(runtime: Runtime, version: string, region: string): string {
  return `INIT_START Runtime Version: ${runtime.label}.v${version}\tRuntime Version ARN: ${runtimeVersionArn(runtime, region)}\n`;
}

/** Of an initialisation that failed. The line is unverified. */
export function initReportLine(duration: number, status: 'timeout' | 'error', errorType: string | undefined): string {
  const fields = [`INIT_REPORT Init Duration: ${duration.toFixed(2)} ms`, 'Phase: init', ...statusFields(status, errorType)];
  return `${fields.join('\t')}\t\n`;
}

export function startLine(requestId: string, version: string): string {
  return `START RequestId: ${requestId} Version: ${version}\n`;
}

export function endLine(requestId: string): string {
  return `END RequestId: ${requestId}\n`;
}

export interface Report {
  readonly requestId: string;
  readonly duration: number;
  /** Of a cold start. */
  readonly initDuration: number | undefined;
  readonly memorySize: number;
  /** Megabytes; undefined where the operating system does not tell. */
  readonly maxMemoryUsed: number | undefined;
  readonly status: 'success' | 'timeout' | 'error';
  readonly errorType?: string;
}

/** A cold start is billed with its initialisation (since August 2025). The `Status` fields are unverified. */
export function reportLine(report: Report): string {
  const { requestId, duration, initDuration, memorySize, maxMemoryUsed, status, errorType } = report;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(duration + (initDuration ?? 0))} ms`,
    `Memory Size: ${memorySize} MB`,
    ...(maxMemoryUsed === undefined ? [] : [`Max Memory Used: ${maxMemoryUsed} MB`]),
    ...(initDuration === undefined ? [] : [`Init Duration: ${initDuration.toFixed(2)} ms`]),
    ...(status === 'success' ? [] : statusFields(status, errorType)),
  ];
  return `${fields.join('\t')}\t\n`;
}

function statusFields(status: 'timeout' | 'error', errorType: string | undefined): string[] {
  return [`Status: ${status}`, ...(errorType === undefined ? [] : [`Error Type: ${errorType}`])];
}

/** @param now epoch milliseconds. @param seconds the function's timeout. */
export function timedOutLine(now: number, requestId: string, seconds: number): string {
  return `${new Date(now).toISOString()} ${requestId} ${timedOutText(seconds)}\n\n`;
}

export function timedOutText(seconds: number): string {
  return `Task timed out after ${seconds.toFixed(2)} seconds`;
}
