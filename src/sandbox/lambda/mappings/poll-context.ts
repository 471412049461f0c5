import type { Cloud, Scope } from '../../cloud.ts';
import type { EventSource } from './event-source.ts';
import type { MappingSettings } from './settings.ts';
import { findTarget, roleOfTarget } from './target-function.ts';
import type { ShardWindows } from './tumbling-window.ts';

/** The texts of `LastProcessingResult`. Those about the stream and its permissions are unverified (nobody has recorded them). */
export type ProcessingResult =
  | 'No records processed'
  | 'OK'
  | 'PROBLEM: Function call failed'
  | 'PROBLEM: Stream not found'
  | 'PROBLEM: Stream consumer not found'
  | `PROBLEM: Cannot access stream. Please ensure the role can perform the ${'GetRecords' | 'SubscribeToShard'} action on your stream in IAM.`;

/** What everything that polls for one mapping shares. */
export interface PollContext {
  readonly cloud: Cloud;
  readonly scope: Scope;
  readonly source: EventSource;
  readonly settings: MappingSettings;
  /** The UUID of the mapping. */
  readonly uuid: string;
  /** Aborts when polling has to end. What a function is working on at that moment still counts. */
  readonly signal: AbortSignal;
  report(result: ProcessingResult): void;
  /** The tumbling windows of a shard. */
  windowsOf(shardId: string): ShardWindows;
}

/** The execution role of the mapping's function; undefined while there is no function. */
export function roleOf({ cloud, scope, settings }: PollContext): string | undefined {
  const target = findTarget(cloud, scope, settings.target);
  return target && roleOfTarget(target);
}
