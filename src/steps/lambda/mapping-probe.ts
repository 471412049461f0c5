import { z } from 'zod';
import { apiCall } from '../../aws/api-call.ts';
import { bytesOf, dataSchema, textOf } from '../kinesis/record.ts';
import { probeKey } from '../kinesis/shard-reading.ts';
import type { Probe } from '../step.ts';

// From the put to the log line: a mapping looks about once a second, a function starts, and log lines take 1 to 10 seconds.
const withinMs = 60_000;

export const probeSchema = z
  .strictObject({
    data: dataSchema.describe(
      'What the record holds: something that the function can handle, with ${{ learner.nonce }} in it, which is a new one in each probe.',
    ),
    text: z.string().min(1).optional().describe('What the log of the function shows then. Without it, the data.'),
  })
  .describe('A record by which verify --probe sees whether a record that is put now gets into the log of the function.');

/** The probe of a mapping: a record that is put into its stream has to show in the log of its function. */
export function probeOf(
  mapping: { readonly function: string; readonly stream: string; readonly windowMs: number },
  input: z.output<typeof probeSchema>,
): Omit<Probe, 'obstacle'> {
  const record = { 'partition-key': probeKey, data: input.data };
  return {
    put: apiCall('kinesis', 'PutRecord', { StreamARN: mapping.stream, PartitionKey: probeKey, Data: bytesOf(record) }),
    group: `/aws/lambda/${mapping.function}`,
    text: input.text ?? textOf(record),
    withinMs: withinMs + mapping.windowMs,
  };
}
