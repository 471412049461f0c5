import type { Scope } from '../../cloud.ts';
import type { FunctionCode } from './code.ts';
import type { Runtime } from './runtimes.ts';

/** What of a function never changes. */
export interface FunctionIdentity {
  readonly scope: Scope;
  readonly name: string;
  /** Unqualified. */
  readonly arn: string;
}

/** The configuration of a function, as far as it can be changed. */
export interface FunctionSettings {
  readonly runtime: Runtime;
  readonly handler: string;
  /** The ARN of the execution role. */
  readonly role: string;
  readonly description: string;
  /** Seconds. */
  readonly timeout: number;
  /** Megabytes. */
  readonly memorySize: number;
  /** Environment variables; undefined where none were ever given. */
  readonly variables: Readonly<Record<string, string>> | undefined;
  readonly architecture: 'x86_64' | 'arm64';
  /** Megabytes of /tmp; not enforced. */
  readonly ephemeralStorage: number;
  readonly tracing: 'Active' | 'PassThrough';
  readonly logGroup: string;
}

/** What an execution environment runs: code and settings that do not change while it lives. */
export interface FunctionVersion {
  /** `$LATEST`, or the number under which it was published. */
  readonly number: string;
  readonly settings: FunctionSettings;
  readonly code: FunctionCode;
}

/** What may be changed of a function, and is published as it is. */
export const latest = '$LATEST';
