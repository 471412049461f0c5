import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ApiCall, apiCall } from '../../src/aws/api-call.ts';
import { cutOffOf } from '../../src/aws/interruption.ts';

const read = apiCall('kinesis', 'ListStreams', {});
const write = apiCall('kinesis', 'CreateStream', { StreamName: 's' });

/** Somebody at the terminal, and who has been told of what is let finish. */
function terminal() {
  const [first, second] = [new AbortController(), new AbortController()];
  const told: string[] = [];
  const onFinishing = ({ operation }: ApiCall) => void told.push(operation);
  return { first, second, told, interruption: { signal: first.signal, abandon: second.signal, onFinishing } };
}

describe('a call that is under way when the run is interrupted', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is cut off where it only looks', () => {
    const { first, told, interruption } = terminal();
    const { signal } = cutOffOf(read, interruption);
    first.abort();
    expect([signal?.aborted, told]).toEqual([true, []]);
  });

  it('is let finish for five seconds where it writes, and somebody hears of it', () => {
    const { first, told, interruption } = terminal();
    const { signal } = cutOffOf(write, interruption);
    first.abort(new Error('Ctrl-C'));
    expect(told).toEqual(['CreateStream']);
    vi.advanceTimersByTime(4_999);
    expect(signal?.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal?.aborted).toBe(true);
  });

  it('is cut off at the second interruption', () => {
    const { first, second, interruption } = terminal();
    const { signal } = cutOffOf(write, interruption);
    first.abort();
    second.abort();
    expect(signal?.aborted).toBe(true);
  });

  it('is let finish by nobody for whom both are the same', () => {
    const { first, told, interruption } = terminal();
    const { signal } = cutOffOf(write, { ...interruption, abandon: first.signal });
    first.abort();
    expect([signal?.aborted, told]).toEqual([true, []]);
  });

  it('leaves no timer and no listener when it has ended', () => {
    const { first, second, told, interruption } = terminal();
    const { signal, done } = cutOffOf(write, interruption);
    first.abort();
    done();
    expect(vi.getTimerCount()).toBe(0);
    second.abort();
    expect(signal?.aborted).toBe(false);
    expect(told).toEqual(['CreateStream']);
  });

  it('cannot be cut off where nobody can interrupt', () => {
    expect(cutOffOf(write, {}).signal).toBeUndefined();
  });
});
