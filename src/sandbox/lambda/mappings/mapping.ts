import { randomUUID } from 'node:crypto';
import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import type { Cloud, Scope } from '../../cloud.ts';
import { AwsError } from '../../error.ts';
import { type StartingPosition, StreamProgress } from '../../kinesis/stream-progress.ts';
import type { EventSource } from './event-source.ts';
import type { ProcessingResult } from './poll-context.ts';
import { Poller } from './poller.ts';
import { type MappingSettings, shownSettings } from './settings.ts';
import { ShardWindows } from './tumbling-window.ts';

type State = 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';

/** An event-source mapping: what it is set to, what state it is in (Lambda Developer Guide, "Polling and stream starting positions"), and what polls for it. */
export class EventSourceMapping {
  readonly uuid = randomUUID();
  readonly arn: string;
  readonly source: EventSource;
  readonly start: StartingPosition;
  readonly tags: Map<string, string>;
  readonly #cloud: Cloud;
  readonly #scope: Scope;
  readonly #progress: StreamProgress;
  readonly #windows = new Map<string, ShardWindows>();
  #settings: MappingSettings;
  #state: State = 'Creating';
  #lastModified: number;
  #lastResult: ProcessingResult = 'No records processed';
  #poller: Poller | undefined;

  constructor(
    cloud: Cloud,
    scope: Scope,
    options: {
      readonly source: EventSource;
      readonly start: StartingPosition;
      readonly settings: MappingSettings;
      readonly tags: Readonly<Record<string, string>>;
    },
  ) {
    this.#cloud = cloud;
    this.#scope = { account: scope.account, region: scope.region };
    this.arn = `arn:aws:lambda:${scope.region}:${scope.account}:event-source-mapping:${this.uuid}`;
    this.source = options.source;
    this.start = options.start;
    this.tags = new Map(Object.entries(options.tags));
    this.#settings = options.settings;
    this.#progress = new StreamProgress(options.start);
    this.#lastModified = cloud.clock.now();
    this.#settle();
  }

  get settings(): MappingSettings {
    return this.#settings;
  }

  /** As the operations answer it (mappings recorded on AWS). */
  shown(): EventSourceMappingConfiguration {
    const { start } = this;
    return {
      UUID: this.uuid,
      EventSourceArn: this.source.arn,
      EventSourceMappingArn: this.arn,
      ...shownSettings(this.#settings),
      StartingPosition: start.type,
      ...(start.type === 'AT_TIMESTAMP' ? { StartingPositionTimestamp: new Date(start.time) } : {}),
      LastModified: new Date(this.#lastModified),
      LastProcessingResult: this.#lastResult,
      State: this.#state,
      StateTransitionReason: 'User action',
    };
  }

  /** Begins a change. @throws {AwsError} ResourceInUseException while another one is going on. */
  update(settings: MappingSettings): void {
    this.#refuseInTransition('update');
    const before = this.#settings.enabled;
    this.#settings = settings;
    this.#enter(before === settings.enabled ? 'Updating' : settings.enabled ? 'Enabling' : 'Disabling');
    this.#settle();
  }

  /** Begins the deletion. @param gone is called when it is over. @throws {AwsError} as `update`. */
  delete(gone: () => void): void {
    this.#refuseInTransition('delete');
    this.#enter('Deleting');
    this.#cloud.inBackground(async () => {
      await this.#poller?.stop();
      await this.#cloud.clock.sleep(this.#cloud.delay('mappingDelete'), this.#cloud.signal);
      gone();
    });
  }

  #refuseInTransition(verb: 'update' | 'delete'): void {
    if (this.#state === 'Enabled' || this.#state === 'Disabled') return;
    throw new AwsError('ResourceInUseException', `Cannot ${verb} the event source mapping because it is in use.`);
  }

  #enter(state: State): void {
    this.#state = state;
    this.#lastModified = this.#cloud.clock.now();
  }

  /**
   * Ends a transition after the cloud's delay. Polling begins some time after the mapping is Enabled, and LATEST is taken
   * at that moment: what was put before is never seen (Lambda Developer Guide, "Polling and stream starting positions").
   */
  #settle(): void {
    const { clock, signal } = this.#cloud;
    const settings = this.#settings;
    this.#cloud.inBackground(async () => {
      await clock.sleep(this.#cloud.delay('mappingTransition'), signal);
      const polled = this.#poller !== undefined;
      await this.#poller?.stop();
      this.#poller = undefined;
      this.#enter(settings.enabled ? 'Enabled' : 'Disabled');
      if (!settings.enabled) return;
      if (!polled) await clock.sleep(this.#cloud.delay('mappingPollStart'), signal);
      // Meanwhile it may have been changed again, or deleted.
      if (this.#settings === settings && this.#state === 'Enabled') this.#poll(settings);
    });
  }

  #poll(settings: MappingSettings): void {
    const { source, uuid } = this;
    const report = (result: ProcessingResult) => {
      this.#lastResult = result;
    };
    const windowsOf = (shardId: string) => {
      const windows = this.#windows.get(shardId) ?? new ShardWindows();
      this.#windows.set(shardId, windows);
      return windows;
    };
    const context = { scope: this.#scope, source, uuid, settings, report, windowsOf };
    this.#poller = new Poller(this.#cloud, context, this.#progress);
  }
}
