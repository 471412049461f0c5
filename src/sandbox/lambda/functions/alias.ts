import { randomUUID } from 'node:crypto';
import type { AliasConfiguration } from '@aws-sdk/client-lambda';
import type { Invocable, RunnableVersion } from './invocable.ts';
import { ResourcePolicy } from './resource-policy.ts';

/** What of an alias can be changed. */
export interface AliasSettings {
  readonly description: string;
  /** `$LATEST` or the number of a version. */
  readonly functionVersion: string;
  /** A second version, and the part of the invocations that it gets, from 0 to 1. */
  readonly additional: { readonly functionVersion: string; readonly weight: number } | undefined;
}

/** A name for a version of a function, which can be given to another version. */
export class Alias implements Invocable {
  readonly name: string;
  readonly arn: string;
  readonly resourcePolicy: ResourcePolicy;
  readonly #versionOf: (number: string) => RunnableVersion | undefined;
  #settings: AliasSettings;
  #revisionId = randomUUID();

  constructor(functionArn: string, name: string, settings: AliasSettings, versionOf: (number: string) => RunnableVersion | undefined) {
    this.name = name;
    this.arn = `${functionArn}:${name}`;
    this.resourcePolicy = new ResourcePolicy(this.arn);
    this.#settings = settings;
    this.#versionOf = versionOf;
  }

  get settings(): AliasSettings {
    return this.#settings;
  }

  get revisionId(): string {
    return this.#revisionId;
  }

  get main(): RunnableVersion {
    return this.#version(this.#settings.functionVersion);
  }

  pick(): RunnableVersion {
    const { additional } = this.#settings;
    return additional !== undefined && Math.random() < additional.weight ? this.#version(additional.functionVersion) : this.main;
  }

  touch(): void {
    this.#revisionId = randomUUID();
  }

  /** The revision is another one afterwards, also where nothing is different (recorded from Lambda). */
  change(settings: AliasSettings): void {
    this.#settings = settings;
    this.touch();
  }

  /** Whether some of its invocations run a version. */
  leadsTo(number: string): boolean {
    return this.#settings.functionVersion === number || this.#settings.additional?.functionVersion === number;
  }

  /** As the operations answer it. */
  shown(): AliasConfiguration {
    const { description, functionVersion, additional } = this.#settings;
    return {
      AliasArn: this.arn,
      Name: this.name,
      FunctionVersion: functionVersion,
      Description: description,
      ...(additional && { RoutingConfig: { AdditionalVersionWeights: { [additional.functionVersion]: additional.weight } } }),
      RevisionId: this.#revisionId,
    };
  }

  #version(number: string): RunnableVersion {
    const version = this.#versionOf(number);
    if (version === undefined) throw new Error(`${this.arn} leads to version ${number}, which is not there.`);
    return version;
  }
}
