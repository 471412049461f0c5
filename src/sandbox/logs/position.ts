import type { LogPosition } from './stream.ts';

// AWS's event ids are numbers of 56 digits with the timestamp in the bits above 144.
const timestampShift = 144n;

/** The id of an event, which also stands for the place behind it. */
export function eventId({ timestamp, sequence }: LogPosition): string {
  return ((BigInt(timestamp) << timestampShift) + BigInt(sequence + 1)).toString().padStart(56, '0');
}

/** The place that `eventId` stands for; `undefined` for what is no id. */
export function positionOf(id: string): LogPosition | undefined {
  if (!/^\d{56}$/.test(id)) return undefined;
  const value = BigInt(id);
  return { timestamp: Number(value >> timestampShift), sequence: Number(BigInt.asUintN(Number(timestampShift), value)) - 1 };
}

/** The place before all events. */
export const beginning: LogPosition = { timestamp: 0, sequence: -1 };

/** The place just before an event. */
export function before({ timestamp, sequence }: LogPosition): LogPosition {
  return { timestamp, sequence: Math.max(beginning.sequence, sequence - 1) };
}
