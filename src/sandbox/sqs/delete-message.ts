import type { OperationOf } from '../operation.ts';
import { missingParameter } from './errors.ts';
import { onQueue, requestedQueue } from './request.ts';

/** Also when the message has become available again, as long as nobody else has received it. */
export const deleteMessage: OperationOf<'sqs', 'DeleteMessage'> = {
  ...onQueue('deletemessage'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    if (!input.ReceiptHandle) throw missingParameter('ReceiptHandle');
    queue.delete(input.ReceiptHandle);
    return {};
  },
};
