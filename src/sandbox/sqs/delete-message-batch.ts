import type { OperationOf } from '../operation.ts';
import { checkBatch, eachEntry } from './batch.ts';
import { missingParameter } from './errors.ts';
import { onQueue, requestedQueue } from './request.ts';

export const deleteMessageBatch: OperationOf<'sqs', 'DeleteMessageBatch'> = {
  ...onQueue('deletemessage'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    const entries = input.Entries ?? [];
    checkBatch(entries, 'DeleteMessageBatchRequestEntry');
    return eachEntry(entries, ({ ReceiptHandle: handle }) => {
      if (!handle) throw missingParameter('ReceiptHandle');
      queue.delete(handle);
      return {};
    });
  },
};
