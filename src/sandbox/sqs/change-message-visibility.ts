import type { OperationOf } from '../operation.ts';
import { missingParameter } from './errors.ts';
import { onQueue, requestedQueue } from './request.ts';
import { checkVisibility } from './visibility.ts';

/** Also when the message has become available again: then it is hidden again. */
export const changeMessageVisibility: OperationOf<'sqs', 'ChangeMessageVisibility'> = {
  ...onQueue('changemessagevisibility'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    const { ReceiptHandle: handle, VisibilityTimeout: seconds } = input;
    if (!handle) throw missingParameter('ReceiptHandle');
    if (seconds === undefined) throw missingParameter('VisibilityTimeout');
    checkVisibility(seconds);
    queue.changeVisibility(handle, seconds);
    return {};
  },
};
