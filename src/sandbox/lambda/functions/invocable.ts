import type { AwsError } from '../../error.ts';
import type { EnvironmentPool } from '../environments/pool.ts';
import type { ResourcePolicy } from './resource-policy.ts';
import type { FunctionIdentity, FunctionVersion } from './version.ts';

/** A function as its invocations count, whichever of its versions they run. */
export interface InvokedFunction extends FunctionIdentity {
  /** Undefined: it shares the account's concurrency with all others. */
  readonly reservedConcurrency: number | undefined;
  /** How many invocations are going on. */
  running: number;
}

/** What runs: `$LATEST` of a function, or a version that was published. */
export interface RunnableVersion {
  readonly owner: InvokedFunction;
  /** `$LATEST` or `1`. */
  readonly number: string;
  /** As it is shown. */
  readonly configured: FunctionVersion;
  /** What invocations use; undefined while it is being created. */
  readonly live: FunctionVersion | undefined;
  readonly environments: EnvironmentPool;
  readonly state: 'Pending' | 'Active';
  readonly lastUpdateStatus: 'Successful' | 'InProgress';
  readonly revisionId: string;
  /** Epoch milliseconds. */
  readonly lastModified: number;
  /** What is answered to what only an Active version can do. */
  wrongState(): AwsError;
}

/** What can be invoked by an ARN of its own: a function, one of its versions, or an alias. */
export interface Invocable {
  readonly arn: string;
  /** Who else may invoke it. */
  readonly resourcePolicy: ResourcePolicy;
  readonly revisionId: string;
  /** The version that it is shown as, and the role of which it has. */
  readonly main: RunnableVersion;
  /** The version that the next invocation runs, which for an alias is any of those that share its traffic. */
  pick(): RunnableVersion;
  /** Something about it was changed that its versions do not hold. */
  touch(): void;
}
