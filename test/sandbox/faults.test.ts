import { describe, expect, it } from 'vitest';
import { parseFault } from '../../src/sandbox/fault.ts';
import { Faults } from '../../src/sandbox/faults.ts';

/** Faults on a clock that the test moves. */
function armed(...texts: readonly string[]) {
  const clock = { now: 1_000 };
  const faults = new Faults(() => clock.now);
  faults.add(...texts.map(parseFault));
  const meet = (call: string): string | undefined => faults.meet(call, '000000000000')?.kind;
  return { faults, clock, meet };
}

describe('the faults of a sandbox', () => {
  it('happen once, unless they are told otherwise', () => {
    const { meet } = armed('kinesis:PutRecord=throttle', 'lambda:Invoke=error,times=2');
    expect(['kinesis:PutRecord', 'kinesis:PutRecord'].map(meet)).toEqual(['throttle', undefined]);
    expect(['lambda:Invoke', 'lambda:Invoke', 'lambda:Invoke'].map(meet)).toEqual(['error', 'error', undefined]);
  });

  it('leave all other calls alone', () => {
    const { meet } = armed('kinesis:Put*=throttle,times=9');
    expect(['kinesis:GetRecords', 'firehose:PutRecord', 'kinesis:PutRecord', 'kinesis:PutRecords'].map(meet)).toEqual([
      undefined,
      undefined,
      'throttle',
      'throttle',
    ]);
  });

  it('leave all other accounts alone where they are for one', () => {
    const { faults } = armed('kinesis:*=throttle,account=111111111111');
    expect(['222222222222', '111111111111', '111111111111'].map((account) => faults.meet('kinesis:ListStreams', account)?.kind)).toEqual([
      undefined,
      'throttle',
      undefined,
    ]);
  });

  it('let the first calls through where they are told to', () => {
    const { meet } = armed('*=cut-after,after=2');
    expect(['a:A', 'b:B', 'c:C', 'd:D'].map(meet)).toEqual([undefined, undefined, 'cut-after', undefined]);
  });

  it('come one after the other where several fit', () => {
    const { meet } = armed('s3:A=throttle,times=2', 's3:*=error');
    expect(['s3:A', 's3:A', 's3:A', 's3:A'].map(meet)).toEqual(['throttle', 'throttle', 'error', undefined]);
  });

  it('end when their time is over', () => {
    const { meet, clock } = armed('iam:*=throttle,for=10s');
    expect([meet('iam:GetRole'), meet('iam:GetRole')]).toEqual(['throttle', 'throttle']);
    clock.now += 9_999;
    expect(meet('iam:GetRole')).toBe('throttle');
    clock.now += 1;
    expect(meet('iam:GetRole')).toBeUndefined();
  });

  it('make a thing take longer, every time unless they are told otherwise', () => {
    const { faults } = armed('stream-create=30s', 'log-delivery=1m,times=1');
    expect([1, 2].map(() => faults.delay('streamCreate', 300))).toEqual([30_000, 30_000]);
    expect([1, 2].map(() => faults.delay('logDelivery', 50))).toEqual([60_000, 50]);
    expect(faults.delay('streamDelete', 300)).toBe(300);
  });

  it('are listed with how often they have happened, and forgotten when they are cleared', () => {
    const { faults, meet } = armed('s3:A=throttle,times=2', 'stream-create=30s');
    meet('s3:A');
    expect(faults.list).toEqual([
      { fault: parseFault('s3:A=throttle,times=2'), met: 1 },
      { fault: parseFault('stream-create=30s'), met: 0 },
    ]);
    faults.clear();
    expect(faults.list).toEqual([]);
    expect(meet('s3:A')).toBeUndefined();
  });
});
