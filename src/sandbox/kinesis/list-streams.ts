import type { OperationOf } from '../operation.ts';
import { nextToken, pageLimit, streamName } from './constraints.ts';
import { streamFacts } from './description.ts';
import { issuePageToken, openPageToken } from './page-token.ts';
import { streamsOf } from './streams.ts';

const mostStreams = 100;

export const listStreams: OperationOf<'kinesis', 'ListStreams'> = {
  constraints: { Limit: pageLimit, ExclusiveStartStreamName: streamName, NextToken: nextToken },
  resources: () => ['*'],
  handle(input, { cloud, ...scope }) {
    const after = input.NextToken === undefined ? input.ExclusiveStartStreamName : openPageToken(cloud, 'streams', input.NextToken)['name'];
    const streams = streamsOf(cloud, scope)
      .all()
      .filter(({ name }) => after === undefined || name > String(after));
    const page = streams.slice(0, Math.min(input.Limit ?? mostStreams, mostStreams));
    const last = page.at(-1);
    const more = page.length < streams.length && last !== undefined;
    return {
      StreamNames: page.map((stream) => stream.name),
      HasMoreStreams: more,
      ...(more && { NextToken: issuePageToken(cloud, 'streams', { name: last.name }) }),
      StreamSummaries: page.map(streamFacts),
    };
  },
};
