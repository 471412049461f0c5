import { limitExceeded } from './errors.ts';
import type { Stream } from './stream.ts';

const largeRegions = ['us-east-1', 'us-west-2', 'eu-west-1'];

/** How many streams may be in CREATING at once. That those in DELETING count as well, as the text has it, the API reference does not say. */
const mostCreating = 5;

/** On-demand streams that an account may have in a region (Kinesis quotas). */
export const onDemandStreamLimit = 50;

/** Open shards that an account may have in a region. AWS has 1000 or 6000 outside of its three largest regions (Kinesis quotas). */
export function shardLimit(region: string): number {
  return largeRegions.includes(region) ? 20_000 : 1_000;
}

/** The open shards of all streams, those of streams that are being created included. */
export function openShardCount(streams: readonly Stream[]): number {
  return streams.reduce((sum, stream) => sum + (stream.status === 'CREATING' ? stream.plannedShards : stream.openShards.length), 0);
}

/** @throws {AwsError} LimitExceededException when `additional` open shards would be too many. */
export function refuseShardsOverLimit(streams: readonly Stream[], additional: number, account: string, region: string): void {
  const count = openShardCount(streams);
  const limit = shardLimit(region);
  if (count + additional <= limit) return;
  throw limitExceeded(
    `This request would exceed the shard limit for the account ${account} in ${region}. Current shard count for the account: ${count}. ` +
      `Limit: ${limit}. Number of additional shards that would have resulted from this request: ${additional}. ` +
      'Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.',
  );
}

/** @throws {AwsError} LimitExceededException. The limits are documented; the texts are quoted in reports about Terraform. */
export function refuseStreamsOverLimit(streams: readonly Stream[], mode: Stream['mode'], account: string, region: string): void {
  if (streams.filter((stream) => stream.status === 'CREATING').length >= mostCreating) {
    throw limitExceeded(
      'This request would have exceed the limit on the number  of streams that can simultaneously be in CREATING or DELETING ' +
        `for the account ${account}. Limit: ${mostCreating}.`,
    );
  }
  const onDemand = streams.filter((stream) => stream.mode === 'ON_DEMAND').length;
  if (mode === 'ON_DEMAND' && onDemand >= onDemandStreamLimit) {
    throw limitExceeded(
      `This request would exceed the limit on the number of On-Demand streams for the account ${account} in ${region}. ` +
        `Current On-Demand streams count: ${onDemand}. Limit: ${onDemandStreamLimit}.`,
    );
  }
}
