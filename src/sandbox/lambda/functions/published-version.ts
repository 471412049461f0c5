import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Cloud } from '../../cloud.ts';
import type { AwsError } from '../../error.ts';
import { EnvironmentPool } from '../environments/pool.ts';
import { wrongState } from '../error.ts';
import type { Invocable, InvokedFunction, RunnableVersion } from './invocable.ts';
import { ResourcePolicy } from './resource-policy.ts';
import type { FunctionVersion } from './version.ts';

/** A version of a function: what `$LATEST` was when it was published. It does not change any more. */
export class PublishedVersion implements Invocable, RunnableVersion {
  readonly owner: InvokedFunction;
  readonly number: string;
  readonly arn: string;
  readonly configured: FunctionVersion;
  readonly environments: EnvironmentPool;
  /** None of what `$LATEST` had (recorded from Lambda). */
  readonly resourcePolicy: ResourcePolicy;
  readonly lastModified: number;
  readonly lastUpdateStatus = 'Successful';
  readonly #source: FunctionVersion;
  #revisionId = randomUUID();
  #active: boolean;

  /** @param facts.active whether `$LATEST` can be invoked as it is; otherwise `activate` tells when it can */
  constructor(
    cloud: Cloud,
    owner: InvokedFunction,
    source: FunctionVersion,
    facts: { readonly number: string; readonly description: string | undefined; readonly lastModified: number; readonly active: boolean },
  ) {
    const { number, description, lastModified, active } = facts;
    this.owner = owner;
    this.number = number;
    this.arn = `${owner.arn}:${number}`;
    this.configured = { ...source, number, settings: { ...source.settings, description: description ?? source.settings.description } };
    this.environments = new EnvironmentPool(cloud, owner);
    this.resourcePolicy = new ResourcePolicy(this.arn);
    // That it has the time at which `$LATEST` was modified, and not that of its publication, is unverified.
    this.lastModified = lastModified;
    this.#source = source;
    this.#active = active;
  }

  get live(): FunctionVersion | undefined {
    return this.#active ? this.configured : undefined;
  }

  get state(): 'Pending' | 'Active' {
    return this.#active ? 'Active' : 'Pending';
  }

  get revisionId(): string {
    return this.#revisionId;
  }

  get main(): RunnableVersion {
    return this;
  }

  pick(): RunnableVersion {
    return this;
  }

  touch(): void {
    this.#revisionId = randomUUID();
  }

  wrongState(): AwsError {
    return wrongState(this.state);
  }

  /** Whether it was published from just this; nothing has to be published again then (Lambda API reference, PublishVersion). */
  isOf({ settings, code }: FunctionVersion): boolean {
    return this.#source.code.sha256 === code.sha256 && isDeepStrictEqual(this.#source.settings, settings);
  }

  /** What it was published from can be invoked now. */
  becomeActive(source: FunctionVersion): void {
    if (this.#active || source !== this.#source) return;
    this.#active = true;
    this.touch();
  }
}
