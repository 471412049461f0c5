import { randomUUID } from 'node:crypto';
import type { Cloud, Scope } from '../../cloud.ts';
import type { AwsError } from '../../error.ts';
import { EnvironmentPool } from '../environments/pool.ts';
import { conflict, refuseOtherRevision, wrongState } from '../error.ts';
import type { Alias } from './alias.ts';
import { type FunctionCode, removeCode } from './code.ts';
import { withdraw } from './code-location.ts';
import { functionArn } from './function-name.ts';
import type { Invocable, InvokedFunction, RunnableVersion } from './invocable.ts';
import { PublishedVersion } from './published-version.ts';
import { ResourcePolicy } from './resource-policy.ts';
import { type FunctionVersion, latest } from './version.ts';

/** A function: `$LATEST` as it is shown, as invocations use it, the processes that run it; its versions and its aliases. */
export class LambdaFunction implements Invocable, InvokedFunction, RunnableVersion {
  readonly number = latest;
  readonly scope: Scope;
  readonly name: string;
  readonly arn: string;
  readonly tags: Map<string, string>;
  readonly resourcePolicy: ResourcePolicy;
  readonly environments: EnvironmentPool;
  /** By number, in the order in which they were published. */
  readonly versions = new Map<string, PublishedVersion>();
  /** By name. */
  readonly aliases = new Map<string, Alias>();
  reservedConcurrency: number | undefined;
  running = 0;
  readonly #cloud: Cloud;
  #configured: FunctionVersion;
  #live: FunctionVersion | undefined;
  #revisionId = randomUUID();
  #lastModified: number;
  #lastPublished = 0;
  #deleted = false;

  constructor(cloud: Cloud, scope: Scope, name: string, version: Omit<FunctionVersion, 'number'>, tags: Readonly<Record<string, string>>) {
    this.scope = { account: scope.account, region: scope.region };
    this.name = name;
    this.arn = functionArn(scope, name);
    this.tags = new Map(Object.entries(tags));
    this.resourcePolicy = new ResourcePolicy(this.arn);
    this.#cloud = cloud;
    this.#configured = { ...version, number: latest };
    this.#lastModified = cloud.clock.now();
    this.environments = new EnvironmentPool(cloud, this);
    this.#goLive(this.#configured);
  }

  get owner(): InvokedFunction {
    return this;
  }

  get main(): RunnableVersion {
    return this;
  }

  /** What was asked for last. */
  get configured(): FunctionVersion {
    return this.#configured;
  }

  /** While an update is in progress, that is still what was there before (Lambda API reference and quotas). */
  get live(): FunctionVersion | undefined {
    return this.#live;
  }

  get state(): 'Pending' | 'Active' {
    return this.#live === undefined ? 'Pending' : 'Active';
  }

  get lastUpdateStatus(): 'Successful' | 'InProgress' {
    return this.#live === this.#configured ? 'Successful' : 'InProgress';
  }

  /** Changes with every transition. */
  get revisionId(): string {
    return this.#revisionId;
  }

  get lastModified(): number {
    return this.#lastModified;
  }

  /** The bytes of all code packages that it holds. */
  get codeSize(): number {
    return this.#codes().reduce((sum, { size }) => sum + size, 0);
  }

  pick(): RunnableVersion {
    return this;
  }

  touch(): void {
    this.#revisionId = randomUUID();
  }

  /** @throws {AwsError} when a request was made for another revision than the one that is there. */
  refuseOtherRevision(revisionId: string | undefined): void {
    refuseOtherRevision(this, revisionId);
  }

  /** @throws {AwsError} while it is being created or updated. */
  refuseWhileChanging(): void {
    if (this.#live === this.#configured) return;
    if (this.#live === undefined) throw this.wrongState();
    throw conflict(`The operation cannot be performed at this time. An update is in progress for resource: ${this.arn}`);
  }

  wrongState(): AwsError {
    return wrongState(this.state);
  }

  /** `$LATEST` or a version, by its number. */
  version(number: string): RunnableVersion | undefined {
    return number === latest ? this : this.versions.get(number);
  }

  /** What a qualifier means: `$LATEST` where there is none, a version, or an alias. */
  invocable(qualifier: string | undefined): Invocable | undefined {
    if (qualifier === undefined || qualifier === latest) return this;
    return this.versions.get(qualifier) ?? this.aliases.get(qualifier);
  }

  /** Begins an update; invocations use it after the cloud's delay. */
  update(version: Omit<FunctionVersion, 'number'>): void {
    this.#configured = { ...version, number: latest };
    this.#lastModified = this.#cloud.clock.now();
    this.touch();
    this.#goLive(this.#configured);
  }

  /**
   * Publishes what it is now, unless that is what was published last.
   * @param description of the version; by default that of the function
   */
  publish(description?: string): PublishedVersion {
    const last = [...this.versions.values()].at(-1);
    if (last?.isOf(this.#configured)) return last;
    this.#lastPublished += 1;
    const version = new PublishedVersion(this.#cloud, this, this.#configured, {
      number: String(this.#lastPublished),
      description,
      lastModified: this.#lastModified,
      active: this.#live === this.#configured,
    });
    this.versions.set(version.number, version);
    this.touch();
    return version;
  }

  /** Ends a version's environments, once they are done, and lets go of its code. */
  async deleteVersion(version: PublishedVersion): Promise<void> {
    this.versions.delete(version.number);
    await version.environments.retire();
    await this.#dropCode(version.configured.code);
  }

  /** The same with all that there is of it. */
  async delete(): Promise<void> {
    this.#deleted = true;
    this.#live = undefined;
    const pools = [this.environments, ...[...this.versions.values()].map(({ environments }) => environments)];
    await Promise.all(pools.map((environments) => environments.retire()));
    await Promise.all(this.#codes().map((code) => this.#removeCode(code)));
  }

  #goLive(version: FunctionVersion): void {
    this.#cloud.later(this.#cloud.delay('functionCreate'), () => {
      if (this.#deleted) return;
      const before = this.#live;
      this.#live = version;
      this.touch();
      for (const published of this.versions.values()) published.becomeActive(version);
      if (before === undefined) return;
      this.#cloud.inBackground(async () => {
        await this.environments.retire();
        await this.#dropCode(before.code);
      });
    });
  }

  #codes(): readonly FunctionCode[] {
    const held = [this.#configured, this.#live, ...[...this.versions.values()].map(({ configured }) => configured)];
    return [...new Set(held.flatMap((version) => (version === undefined ? [] : [version.code])))];
  }

  /** Unless a version has it, or `$LATEST`. */
  async #dropCode(code: FunctionCode): Promise<void> {
    if (!this.#codes().includes(code)) await this.#removeCode(code);
  }

  async #removeCode(code: FunctionCode): Promise<void> {
    withdraw(this.#cloud, this.scope, code);
    await removeCode(code);
  }
}
