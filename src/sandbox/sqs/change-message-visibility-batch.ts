import type { OperationOf } from '../operation.ts';
import { checkBatch, eachEntry } from './batch.ts';
import { missingParameter } from './errors.ts';
import { onQueue, requestedQueue } from './request.ts';
import { checkVisibility } from './visibility.ts';

export const changeMessageVisibilityBatch: OperationOf<'sqs', 'ChangeMessageVisibilityBatch'> = {
  ...onQueue('changemessagevisibility'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    const entries = input.Entries ?? [];
    checkBatch(entries, 'ChangeMessageVisibilityBatchRequestEntry');
    return eachEntry(entries, ({ ReceiptHandle: handle, VisibilityTimeout: seconds }) => {
      if (!handle) throw missingParameter('ReceiptHandle');
      if (seconds === undefined) throw missingParameter('VisibilityTimeout');
      checkVisibility(seconds);
      queue.changeVisibility(handle, seconds);
      return {};
    });
  },
};
