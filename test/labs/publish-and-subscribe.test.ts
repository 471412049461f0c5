import { describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';

// Lab 03 waits for a schedule of one minute, twice. On the program's own AWS that takes no more than the work.

interface ShownRecord {
  readonly ApproximateArrivalTimestamp: string;
  readonly Data: string;
  readonly PartitionKey: string;
}

interface ShownEvent {
  readonly timestamp: number;
  readonly message: string;
}

interface Line {
  readonly type: string;
  readonly step?: string;
  readonly answer?: { readonly Records?: readonly ShownRecord[]; readonly events?: readonly ShownEvent[] };
}

const minute = 60_000;
const sensors = ['sensor-1', 'sensor-2', 'sensor-3', 'sensor-4', 'sensor-5'];

describe('lab 03, done by the program', () => {
  it('takes seconds, and has readings that lie a minute apart and batches that add up', async () => {
    const began = Date.now();
    const { code, stdout, stderr } = await cli(['test', '03', '--json']);
    const took = Date.now() - began;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines: readonly Line[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const shown = (id: string) => lines.find(({ type, step }) => type === 'answer-shown' && step === id)?.answer ?? {};

    const { Records: records = [] } = shown('readings');
    const arrivals = records
      .filter(({ PartitionKey }) => PartitionKey === 'sensor-1')
      .map((each) => Date.parse(each.ApproximateArrivalTimestamp));
    expect(arrivals.length).toBeGreaterThanOrEqual(2);
    expect(gaps(arrivals).some((gap) => Math.abs(gap - minute) < minute / 4)).toBe(true);
    // Two minutes went by at least, and the machine's own clock knows nothing of them.
    expect(took).toBeLessThan(minute / 2);

    const readings = records.map(({ Data }) => JSON.parse(Data));
    expect(readings.slice(0, 5).map(({ sensor }) => sensor)).toEqual(sensors);
    expect(gaps(readings.filter(({ sensor }) => sensor === 'sensor-1').map(({ time }) => Date.parse(time)))).toEqual(
      Array.from({ length: arrivals.length - 1 }, () => minute),
    );

    const { events: totals = [] } = shown('totals');
    const { events: averages = [] } = shown('averages');
    const [total, average] = [totals, averages].map(([first]) => Number(first?.message.trim().split(' ').at(-1)));
    const { events: batches = [] } = shown('first-batch');
    const count = Number(/Batch of (\d+) readings/.exec(batches[0]?.message ?? '')?.[1]);
    const sum = readings.slice(0, count).reduce((all, { reading }) => all + reading, 0);
    expect(total).toBeCloseTo(sum, 0);
    expect(average).toBeCloseTo(sum / count, 0);
    // The next batch has what came with the next minute.
    expect(gaps(totals.map(({ timestamp }) => timestamp)).some((gap) => gap > minute / 12)).toBe(true);
  });
});

function gaps(times: readonly number[]): readonly number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}
