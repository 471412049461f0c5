import type { OperationOf } from '../operation.ts';
import { eitherStream, encryptionKey, encryptionType } from './constraints.ts';
import { requireKey } from './encryption-key.ts';
import { activeStream, streamResource } from './request.ts';
import { streamsOf } from './streams.ts';

/** Also gives a stream that is encrypted another key. The limit of 25 times in 24 hours is not enforced. */
export const startStreamEncryption: OperationOf<'kinesis', 'StartStreamEncryption'> = {
  constraints: { EncryptionType: encryptionType, KeyId: encryptionKey, ...eitherStream },
  resources: streamResource,
  handle(input, context) {
    const stream = activeStream(input, context);
    const keyId = requireKey(input, context);
    streamsOf(context.cloud, context).update(stream, () => stream.encryption.start(keyId, context.cloud.clock.now()));
    return {};
  },
};
