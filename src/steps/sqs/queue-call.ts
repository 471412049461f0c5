import { AnswerOf, apiCall } from '../../aws/api-call.ts';

/** A queue is called by its name in labs and by its URL in the API; SQS tells the one from the other. */
export const getQueueUrl = (name: string) => apiCall('sqs', 'GetQueueUrl', { QueueName: name });

/** Stands in a call for the URL of the queue of that name. */
export const urlOf = (name: string): AnswerOf => new AnswerOf(getQueueUrl(name), 'QueueUrl');
