import type { RequestContext } from '../operation.ts';
import { invalidArgument } from './errors.ts';
import { activeStream, requestedStream, type StreamReference } from './request.ts';
import { streamsOf } from './streams.ts';

const shortest = 24;

/**
 * Begins to change how long a stream keeps its records, in one direction only.
 * @throws {AwsError} InvalidArgumentException, ResourceInUseException, ResourceNotFoundException
 */
export function changeRetention(
  direction: 'increase' | 'decrease',
  input: StreamReference & { readonly RetentionPeriodHours?: number | undefined },
  context: RequestContext,
): void {
  const hours = input.RetentionPeriodHours ?? 0;
  const stream = requestedStream(input, context);
  if (hours < shortest) {
    throw invalidArgument(
      `Minimum allowed retention period is ${shortest} hours. Requested retention period (${hours} hours) is too short.`,
    );
  }
  const existing = stream.retentionHours;
  if (direction === 'increase' ? hours < existing : hours > existing) {
    const [wrong, other] = direction === 'increase' ? ['shorter', 'Decrease'] : ['longer', 'Increase'];
    throw invalidArgument(
      `Requested retention period (${hours} hours) for stream ${stream.name} can not be ${wrong} than existing retention period (${existing} hours). ` +
        `Use ${other}RetentionPeriod API.`,
    );
  }
  // What is asked for is looked at before the stream's state (recorded from Kinesis).
  activeStream(input, context);
  // What is so already is no change, and another one can follow at once (recorded from Kinesis).
  if (hours === existing) return;
  streamsOf(context.cloud, context).update(stream, () => {
    stream.retentionHours = hours;
  });
}
