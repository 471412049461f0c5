import { describe, expect, it } from 'vitest';
import { refuseStreamsOverLimit } from '../../../src/sandbox/kinesis/quota.ts';
import { Stream } from '../../../src/sandbox/kinesis/stream.ts';
import { manualClock } from '../../support/manual-clock.ts';

const scope = { account: '123456789012', region: 'eu-west-1' };

function onDemandStreams(count: number): readonly Stream[] {
  const clock = manualClock();
  return Array.from({ length: count }, (_, at) => {
    const stream = new Stream(
      scope,
      { clock, shardLimits: true },
      { name: `stream-${at}`, mode: 'ON_DEMAND', shardCount: 4, maxRecordKiB: 1024, tags: {} },
    );
    stream.activate();
    return stream;
  });
}

describe('the streams of an account', () => {
  it('are fifty at the most that are on-demand, and provisioned ones besides', () => {
    const one = (count: number, mode: Stream['mode']) => () =>
      refuseStreamsOverLimit(onDemandStreams(count), mode, scope.account, scope.region);
    expect(one(49, 'ON_DEMAND')).not.toThrow();
    expect(one(50, 'PROVISIONED')).not.toThrow();
    expect(one(50, 'ON_DEMAND')).toThrow(
      'This request would exceed the limit on the number of On-Demand streams for the account 123456789012 in eu-west-1. Current On-Demand streams count: 50. Limit: 50.',
    );
  });
});
