import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../src/sandbox/cloud.ts';
import { quickDelays } from '../../../src/sandbox/delays.ts';
import { LogStore, logStore } from '../../../src/sandbox/logs/store.ts';
import { bareCloud } from '../../support/account.ts';
import type { ManualClock } from '../../support/manual-clock.ts';

let cloud: Cloud;
let clock: ManualClock;
let store: LogStore;

beforeEach(() => {
  ({ cloud, clock } = bareCloud());
  store = logStore(cloud, { account: '000000000000', region: 'us-east-1' });
  store.ensureStream('/aws/lambda/f', 's');
});
afterEach(() => cloud.stop());

const messages = () => store.stream(store.group('/aws/lambda/f'), 's').events.map(({ message }) => message);
const write = (...texts: readonly string[]) =>
  store.append(
    '/aws/lambda/f',
    's',
    texts.map((message) => ({ timestamp: clock.now(), message })),
  );

describe('what a function logs', () => {
  it('can be read when the delay of delivery is over, not before', async () => {
    write('one');
    await clock.advance(quickDelays.logDelivery - 1);
    expect(messages()).toEqual([]);
    await clock.advance(1);
    expect(messages()).toEqual(['one']);
  });

  it('arrives each with its own delay', async () => {
    write('one');
    await clock.advance(quickDelays.logDelivery - 4);
    write('two');
    await clock.advance(4);
    expect(messages()).toEqual(['one']);
    await clock.advance(quickDelays.logDelivery - 4);
    expect(messages()).toEqual(['one', 'two']);
  });

  it('keeps the order of writing within a millisecond, and the order of time otherwise', async () => {
    write('first', 'second', 'third');
    store.append('/aws/lambda/f', 's', [{ timestamp: clock.now() - 1000, message: 'earlier' }]);
    await clock.advance(quickDelays.logDelivery);
    expect(messages()).toEqual(['earlier', 'first', 'second', 'third']);
  });

  it('goes into a group and a stream that are there, once', () => {
    store.ensureStream('/aws/lambda/f', 's');
    store.ensureStream('/aws/lambda/f', 't');
    expect(store.streams(store.group('/aws/lambda/f')).map(({ name }) => name)).toEqual(['s', 't']);
    expect(() => store.append('/aws/lambda/g', 's', [])).toThrow('The specified log group does not exist.');
    expect(() => store.append('/aws/lambda/f', 'u', [])).toThrow('The specified log stream does not exist.');
  });

  it('does not come back when its group was deleted on the way and created again', async () => {
    write('lost');
    store.deleteGroup('/aws/lambda/f');
    store.ensureStream('/aws/lambda/f', 's');
    await clock.advance(quickDelays.logDelivery);
    expect(messages()).toEqual([]);
  });

  it('is kept apart by account and region', () => {
    expect(logStore(cloud, { account: '000000000000', region: 'eu-west-1' }).groups()).toEqual([]);
    expect(logStore(cloud, { account: '111111111111', region: 'us-east-1' }).groups()).toEqual([]);
  });
});

describe('retention', () => {
  const day = 24 * 60 * 60 * 1000;

  it('forgets events when they are as old as the group keeps them', async () => {
    store.group('/aws/lambda/f').retentionInDays = 3;
    write('old');
    await clock.advance(day);
    write('young');
    await clock.advance(2 * day - 1);
    expect(messages()).toEqual(['old', 'young']);
    await clock.advance(2);
    expect(messages()).toEqual(['young']);
  });

  it('is for ever where none is set', async () => {
    write('old');
    await clock.advance(3000 * day);
    expect(messages()).toEqual(['old']);
  });
});

describe('memory', () => {
  it('is bounded: the oldest events go when there is too much', async () => {
    const small = new LogStore(cloud, 10_000);
    const write = (stream: string, count: number) => {
      small.ensureStream('/g', stream);
      const events = Array.from({ length: count }, (_, index) => ({ timestamp: clock.now() + index, message: `${index}`.padEnd(74) }));
      small.append('/g', stream, events);
    };
    write('short', 10);
    write('long', 200);
    await clock.advance(quickDelays.logDelivery);
    const kept = (stream: string) => small.stream(small.group('/g'), stream).events;
    expect(kept('short')).toHaveLength(10);
    expect(kept('long').length).toBeLessThanOrEqual(90);
    expect(kept('long').length).toBeGreaterThan(45);
    expect(kept('long').at(-1)?.message.trim()).toBe('199');
  });
});
