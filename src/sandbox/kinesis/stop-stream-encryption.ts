import type { OperationOf } from '../operation.ts';
import { eitherStream, encryptionKey, encryptionType } from './constraints.ts';
import { requireKey } from './encryption-key.ts';
import { activeStream, streamResource } from './request.ts';
import { streamsOf } from './streams.ts';

export const stopStreamEncryption: OperationOf<'kinesis', 'StopStreamEncryption'> = {
  constraints: { EncryptionType: encryptionType, KeyId: encryptionKey, ...eitherStream },
  resources: streamResource,
  handle(input, context) {
    const stream = activeStream(input, context);
    requireKey(input, context);
    streamsOf(context.cloud, context).update(stream, () => stream.encryption.stop(context.cloud.clock.now()));
    return {};
  },
};
