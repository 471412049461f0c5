import type { WarmThroughputObject } from '@aws-sdk/client-kinesis';
import type { RequestContext } from '../operation.ts';
import { isCommitted } from './account-settings.ts';
import { invalidArgument, limitExceeded } from './errors.ts';
import type { Stream, StreamMode } from './stream.ts';

/** The shards of a new on-demand stream, each of which takes a MiB a second: no stream is scaled to less (Kinesis quotas). */
const fewestShards = 4;

/** MiB a second (Kinesis API reference, UpdateStreamWarmThroughput). */
const mostWarm = 10 * 1024;

/**
 * How many shards a stream needs that is to be ready for so many MiB a second, or for what an on-demand stream begins with.
 * That it has to be on-demand, and the account committed to a minimum, is documented; the texts are unverified.
 * @param asked MiB a second
 * @throws {AwsError} InvalidArgumentException, LimitExceededException
 */
export function warmShards(asked: number | undefined, mode: StreamMode, context: RequestContext): number {
  if (asked === undefined) return fewestShards;
  if (mode !== 'ON_DEMAND') throw invalidArgument('Warm throughput is only supported for data streams with the on-demand capacity mode.');
  if (!isCommitted(context)) {
    throw invalidArgument(
      `Warm throughput is only supported for accounts that have MinimumThroughputBillingCommitment enabled, which account ${context.account} has not.`,
    );
  }
  if (asked > mostWarm) throw limitExceeded(`A data stream cannot be scaled to more than ${mostWarm} MiBps, and ${asked} were asked for.`);
  return Math.max(asked, fewestShards);
}

/** What is told of a stream: nothing unless it is on-demand and the account committed (Kinesis API reference, WarmThroughputObject). */
export function warmThroughput(stream: Stream, context: RequestContext): { readonly WarmThroughput?: WarmThroughputObject } {
  if (stream.mode !== 'ON_DEMAND' || !isCommitted(context)) return {};
  const current = stream.openShards.length;
  const target = stream.status === 'CREATING' ? stream.plannedShards : (stream.scalingTo ?? current);
  return { WarmThroughput: { TargetMiBps: target, CurrentMiBps: current } };
}
