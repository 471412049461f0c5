import { describe, expect, it } from 'vitest';
import { compareEvents, eventSize, LogStream } from '../../../src/sandbox/logs/stream.ts';
import { random } from '../../support/random.ts';

describe('a log stream', () => {
  it('has its events in the order of their time, however late they are written', () => {
    const chance = random(7);
    const stream = new LogStream('s', 0);
    let sequence = 0;
    for (let batch = 0; batch < 50; batch += 1) {
      const times = Array.from({ length: batch % 7 }, () => Math.floor(chance() * 100)).sort((one, other) => one - other);
      stream.add(times.map((timestamp) => ({ timestamp, message: `event ${sequence}`, ingestionTime: batch, sequence: sequence++ })));
    }
    expect(stream.events).toHaveLength(sequence);
    expect(stream.events).toEqual(stream.events.toSorted(compareEvents));
    expect(stream.bytes).toBe(stream.events.reduce((sum, event) => sum + eventSize(event), 0));
    expect(stream.lastIngestionTime).toBe(48);
  });
});
