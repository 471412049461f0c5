import type { OperationOf } from '../operation.ts';
import { nextToken, pageLimit, streamArn, streamId } from './constraints.ts';
import { consumerFacts } from './consumer-request.ts';
import { issuePageToken, openPageToken } from './page-token.ts';
import { requestedStream, streamResource } from './request.ts';

const mostConsumers = 100;

export const listStreamConsumers: OperationOf<'kinesis', 'ListStreamConsumers'> = {
  constraints: { StreamARN: { required: true, ...streamArn }, NextToken: nextToken, MaxResults: pageLimit, StreamId: streamId },
  resources: streamResource,
  handle(input, context) {
    const { consumers } = requestedStream({ StreamARN: input.StreamARN }, context);
    const after = input.NextToken === undefined ? '' : String(openPageToken(context.cloud, 'consumers', input.NextToken)['name']);
    const listed = consumers.all().filter(({ name }) => name > after);
    const page = listed.slice(0, Math.min(input.MaxResults ?? mostConsumers, mostConsumers));
    const last = page.at(-1);
    const more = page.length < listed.length && last !== undefined;
    return {
      Consumers: page.map(consumerFacts),
      ...(more && { NextToken: issuePageToken(context.cloud, 'consumers', { name: last.name }) }),
    };
  },
};
