import type { OperationOf } from '../operation.ts';
import { streamArn, streamId, tags } from './constraints.ts';
import { consumerFacts, consumerName } from './consumer-request.ts';
import { limitExceeded, resourceInUse } from './errors.ts';
import { activeStream, streamResource } from './request.ts';
import { checkFirstTags } from './tags.ts';

/** Per stream (Kinesis API reference, RegisterStreamConsumer). */
const mostConsumers = 20;
const mostInCreation = 5;

/** The texts of its errors are unverified. */
export const registerStreamConsumer: OperationOf<'kinesis', 'RegisterStreamConsumer'> = {
  constraints: {
    StreamARN: { required: true, ...streamArn },
    ConsumerName: { required: true, ...consumerName },
    Tags: tags,
    StreamId: streamId,
  },
  resources: streamResource,
  handle(input, context) {
    const stream = activeStream({ StreamARN: input.StreamARN }, context);
    const name = input.ConsumerName ?? '';
    const consumers = stream.consumers.all();
    if (stream.consumers.find(name)) {
      throw resourceInUse(`Consumer ${name} under stream ${stream.arn} already exists for account ${stream.account}.`);
    }
    if (consumers.length >= mostConsumers) {
      throw limitExceeded(`Stream ${stream.name} under account ${stream.account} has reached its limit of ${mostConsumers} consumers.`);
    }
    if (consumers.filter(({ status }) => status === 'CREATING').length >= mostInCreation) {
      throw limitExceeded(`No more than ${mostInCreation} consumers of a stream can be in CREATING status at the same time.`);
    }
    const given = input.Tags ?? {};
    checkFirstTags(given, name, context.account);
    return { Consumer: consumerFacts(stream.consumers.register(context.cloud, stream, name, given)) };
  },
};
