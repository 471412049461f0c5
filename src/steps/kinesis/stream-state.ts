import { apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent } from '../../aws/aws.ts';
import type { ResourceContext } from '../resource.ts';
import type { Awaited as AwaitedState } from '../step.ts';

// A stream takes seconds to become ACTIVE and up to a minute to be gone (as seen on AWS); under load more.
const activeTimeoutMs = 120_000;

/** DescribeStreamSummary counts the open shards, and may be called twice as often as DescribeStream. */
export const summarizeStream = (stream: string) => apiCall('kinesis', 'DescribeStreamSummary', { StreamName: stream });

/** What a stream is like. */
export type Summary = NonNullable<Awaited<ReturnType<typeof summarize>>>;

/** @returns `undefined` when there is no such stream. */
export async function summarize(aws: Aws, stream: string) {
  return (await orAbsent(aws.call(summarizeStream(stream))))?.StreamDescriptionSummary;
}

const activeText = (stream: string): string => `the stream ${stream} to become ACTIVE`;

/** A stream that is being created or changed takes no other change until it is ACTIVE. */
export function becomesActive(stream: string): AwaitedState {
  return {
    what: activeText(stream),
    call: summarizeStream(stream),
    query: "StreamDescriptionSummary.StreamStatus == 'ACTIVE'",
    withinMs: [activeTimeoutMs],
  };
}

/** Waits until a stream can be used and changed. @throws {WaitTimeout} */
export async function active(stream: string, { aws, wait }: ResourceContext): Promise<Summary> {
  return wait({ what: activeText(stream), timeoutMs: activeTimeoutMs }, async () => {
    const summary = await summarize(aws, stream);
    return summary?.StreamStatus === 'ACTIVE' ? summary : undefined;
  });
}
