import type { OperationOf } from '../operation.ts';
import { checkMessage, sendChecked, sentMessage } from './new-message.ts';
import { onQueue, requestedQueue } from './request.ts';

export const sendMessage: OperationOf<'sqs', 'SendMessage'> = {
  ...onQueue('sendmessage'),
  handle(input, context) {
    const queue = requestedQueue(input, context);
    checkMessage(input, queue);
    return sentMessage(sendChecked(input, queue, context), input);
  },
};
