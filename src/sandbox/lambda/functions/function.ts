import { randomUUID } from 'node:crypto';
import type { Cloud, Scope } from '../../cloud.ts';
import { AwsError } from '../../error.ts';
import { EnvironmentPool } from '../environments/pool.ts';
import { conflict } from '../error.ts';
import { removeCode } from './code.ts';
import { functionArn } from './function-name.ts';
import { ResourcePolicy } from './resource-policy.ts';
import type { FunctionIdentity, FunctionVersion } from './version.ts';

/** A function: its configuration as it is shown, the one that invocations use, and the processes that run it. */
export class LambdaFunction implements FunctionIdentity {
  readonly scope: Scope;
  readonly name: string;
  readonly arn: string;
  readonly tags: Map<string, string>;
  /** Who else may invoke it. */
  readonly resourcePolicy: ResourcePolicy;
  readonly environments: EnvironmentPool;
  /** Undefined: it shares the account's concurrency with all others. */
  reservedConcurrency: number | undefined;
  /** How many invocations are going on. */
  running = 0;
  readonly #cloud: Cloud;
  #latest: FunctionVersion;
  /** What invocations use; undefined while the function is being created. */
  #live: FunctionVersion | undefined;
  #revisionId = randomUUID();
  /** Epoch milliseconds. */
  #lastModified: number;
  #deleted = false;

  constructor(cloud: Cloud, scope: Scope, name: string, version: FunctionVersion, tags: Readonly<Record<string, string>>) {
    this.scope = { account: scope.account, region: scope.region };
    this.name = name;
    this.arn = functionArn(scope, name);
    this.tags = new Map(Object.entries(tags));
    this.resourcePolicy = new ResourcePolicy(this.arn);
    this.#cloud = cloud;
    this.#latest = version;
    this.#lastModified = cloud.clock.now();
    this.environments = new EnvironmentPool(cloud, this);
    this.#goLive(version);
  }

  /** What was asked for last. */
  get latest(): FunctionVersion {
    return this.#latest;
  }

  /** What invocations use. While an update is in progress, that is still what was there before (Lambda API reference and quotas). */
  get live(): FunctionVersion | undefined {
    return this.#live;
  }

  get state(): 'Pending' | 'Active' {
    return this.#live === undefined ? 'Pending' : 'Active';
  }

  get lastUpdateStatus(): 'Successful' | 'InProgress' {
    return this.#live === this.#latest ? 'Successful' : 'InProgress';
  }

  /** Changes with every transition. */
  get revisionId(): string {
    return this.#revisionId;
  }

  get lastModified(): number {
    return this.#lastModified;
  }

  /** Something about the function was changed that its versions do not hold. */
  touch(): void {
    this.#revisionId = randomUUID();
  }

  /** @throws {AwsError} when a request was made for another revision than the one that is there. The text is widely quoted; unverified. */
  refuseOtherRevision(revisionId: string | undefined): void {
    if (revisionId === undefined || revisionId === this.#revisionId) return;
    const text =
      'The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId';
    throw new AwsError('PreconditionFailedException', text, { status: 412 });
  }

  /** @throws {AwsError} while it is being created or updated. */
  refuseWhileChanging(): void {
    if (this.#live === this.#latest) return;
    if (this.#live === undefined) throw this.wrongState();
    throw conflict(`The operation cannot be performed at this time. An update is in progress for resource: ${this.arn}`);
  }

  /** What is answered to what only an Active function can do. The text is widely quoted; unverified. */
  wrongState(): AwsError {
    return conflict(`The operation cannot be performed at this time. The function is currently in the following state: ${this.state}`);
  }

  /** Begins an update; invocations use it after the cloud's delay. */
  update(version: FunctionVersion): void {
    this.#latest = version;
    this.#lastModified = this.#cloud.clock.now();
    this.touch();
    this.#goLive(version);
  }

  /** Ends its environments, once they are done, and lets go of its code. */
  async delete(): Promise<void> {
    this.#deleted = true;
    this.#live = undefined;
    await this.environments.retire();
    await removeCode(this.#latest.code);
  }

  #goLive(version: FunctionVersion): void {
    this.#cloud.later(this.#cloud.delay('functionCreate'), () => {
      if (this.#deleted) return;
      const before = this.#live;
      this.#live = version;
      this.touch();
      if (before === undefined) return;
      this.#cloud.inBackground(async () => {
        await this.environments.retire();
        if (before.code !== version.code) await removeCode(before.code);
      });
    });
  }
}
