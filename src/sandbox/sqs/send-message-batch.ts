import { AwsError } from '../error.ts';
import type { OperationOf } from '../operation.ts';
import { checkBatch, eachEntry } from './batch.ts';
import { checkMessage, checkOrdered, messageSize, sendChecked, sentMessage } from './new-message.ts';
import { onQueue, requestedQueue } from './request.ts';

const mostBytes = 1_048_576;

export const sendMessageBatch: OperationOf<'sqs', 'SendMessageBatch'> = {
  ...onQueue('sendmessage'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    const entries = input.Entries ?? [];
    checkBatch(entries, 'SendMessageBatchRequestEntry');
    const bytes = entries.reduce((sum, entry) => sum + messageSize(entry), 0);
    if (bytes > mostBytes) {
      const message = `Batch requests cannot be longer than ${mostBytes} bytes. You have sent ${bytes} bytes.`;
      throw new AwsError('BatchRequestTooLong', message);
    }
    // Recorded: the batch is refused as a whole.
    if (queue.isFifo) for (const entry of entries) checkOrdered(entry, queue, true);
    return eachEntry(entries, (entry) => {
      checkMessage(entry, queue, 'One or more parameters cannot be validated.');
      return sentMessage(sendChecked(entry, queue, context), entry);
    });
  },
};
