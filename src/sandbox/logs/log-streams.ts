import type { LogStream as StreamOutput } from '@aws-sdk/client-cloudwatch-logs';
import type { OperationOf } from '../operation.ts';
import { pageOf } from '../page.ts';
import { describeLimit, groupIdentifier, groupName, optionalGroupName, optionalStreamName, streamName, token } from './constraints.ts';
import { groupArn, groupNameOf, groupOf, invalidParameter, invalidToken, logResource, logResources } from './names.ts';
import { eventId } from './position.ts';
import { logStore } from './store.ts';
import type { LogStream } from './stream.ts';

export const createLogStream: OperationOf<'logs', 'CreateLogStream'> = {
  constraints: { logGroupName: groupName, logStreamName: streamName },
  resources: logResources,
  handle(input, context) {
    logStore(context.cloud, context).createStream(groupOf(input, context), input.logStreamName ?? '');
    return {};
  },
};

export const deleteLogStream: OperationOf<'logs', 'DeleteLogStream'> = {
  constraints: { logGroupName: groupName, logStreamName: streamName },
  resources: logResources,
  handle(input, context) {
    logStore(context.cloud, context).deleteStream(groupOf(input, context), input.logStreamName ?? '');
    return {};
  },
};

export const describeLogStreams: OperationOf<'logs', 'DescribeLogStreams'> = {
  constraints: {
    logGroupName: optionalGroupName,
    logGroupIdentifier: groupIdentifier,
    logStreamNamePrefix: optionalStreamName,
    orderBy: { values: ['LogStreamName', 'LastEventTime'] },
    nextToken: token,
    limit: describeLimit,
  },
  resources: (input, context) => [logResource(context, groupNameOf(input))],
  handle(input, context) {
    const group = groupOf(input, context);
    const byTime = input.orderBy === 'LastEventTime';
    if (byTime && input.logStreamNamePrefix !== undefined) {
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const streams = logStore(context.cloud, context)
      .streams(group)
      .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''));
    const keyOf = ({ name, events }: LogStream) => (byTime ? `${String(events.at(-1)?.timestamp ?? 0).padStart(16, '0')} ${name}` : name);
    const request = { token: input.nextToken, limit: input.limit ?? 50, descending: input.descending ?? false };
    const { items, next } = pageOf(streams, request, keyOf, invalidToken);
    const arn = groupArn(context, group.name);
    return { logStreams: items.map((stream) => describedStream(stream, arn)), ...(next === undefined ? {} : { nextToken: next }) };
  },
};

function describedStream(stream: LogStream, arn: string): StreamOutput {
  const [first, last] = [stream.events[0], stream.events.at(-1)];
  const written =
    first === undefined || last === undefined
      ? {}
      : {
          firstEventTimestamp: first.timestamp,
          lastEventTimestamp: last.timestamp,
          lastIngestionTime: stream.lastIngestionTime,
          uploadSequenceToken: eventId(last),
        };
  return {
    logStreamName: stream.name,
    creationTime: stream.created,
    ...written,
    arn: `${arn}:log-stream:${stream.name}`,
    // CloudWatch Logs stopped counting the bytes of streams in 2019 and answers 0 (API reference, LogStream).
    storedBytes: 0,
  };
}
