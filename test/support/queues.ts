import type { Message, ReceiveMessageCommandInput, SQS } from '@aws-sdk/client-sqs';

let queues = 0;

/** Creates a queue of its own. @returns its URL */
export async function newQueue(sqs: SQS, Attributes?: Record<string, string>): Promise<string> {
  queues += 1;
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: `queue-${queues}`, ...(Attributes === undefined ? {} : { Attributes }) });
  return QueueUrl;
}

/** The name at the end of a queue's URL. */
export function nameOf(QueueUrl: string): string {
  return QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
}

export function arnOf(QueueUrl: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${nameOf(QueueUrl)}`;
}

/** What can be received now, ten messages at the most. */
export async function receive(
  sqs: SQS,
  QueueUrl: string,
  over: Omit<Partial<ReceiveMessageCommandInput>, 'QueueUrl'> = {},
): Promise<Message[]> {
  return (await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, ...over })).Messages ?? [];
}

export function bodies(messages: readonly Message[]): (string | undefined)[] {
  return messages.map(({ Body }) => Body);
}
