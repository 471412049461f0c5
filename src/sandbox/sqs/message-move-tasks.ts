import type { ListMessageMoveTasksResultEntry } from '@aws-sdk/client-sqs';
import type { OperationOf } from '../operation.ts';
import { invalidParameter, invalidValue, missingParameter, taskNotFound } from './errors.ts';
import { fastestRate, type MoveTask, moveTasksOf } from './move-tasks.ts';
import { queuesOf } from './queues.ts';

const mostResults = 10;

/** StartMessageMoveTask (SQS API reference): what a dead-letter queue holds goes back, or somewhere else, as new messages. */
export const startMessageMoveTask: OperationOf<'sqs', 'StartMessageMoveTask'> = {
  action: 'sqs:startmessagemovetask',
  resources: ({ SourceArn = '' }) => [SourceArn],
  besides: ({ DestinationArn }) => [
    ...['sqs:receivemessage', 'sqs:deletemessage', 'sqs:getqueueattributes'].map((action) => ({ action })),
    ...(DestinationArn === undefined ? [] : [{ action: 'sqs:sendmessage', resource: DestinationArn }]),
  ],
  handle({ SourceArn: sourceArn = '', DestinationArn: destinationArn, MaxNumberOfMessagesPerSecond: rate }, context) {
    if (sourceArn === '') throw missingParameter('SourceArn');
    const queues = queuesOf(context.cloud, context);
    const source = queues.byArn(sourceArn);
    if (source === undefined) throw taskNotFound('SourceArn');
    if (![...queues.all()].some(({ attributes }) => attributes.redrive?.deadLetterTargetArn === sourceArn)) {
      throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    }
    if (destinationArn !== undefined && queues.byArn(destinationArn) === undefined) throw taskNotFound('DestinationArn');
    // The text is unverified.
    if (rate !== undefined && (rate < 1 || rate > fastestRate)) {
      throw invalidValue(rate, 'MaxNumberOfMessagesPerSecond', `Must be between 1 and ${fastestRate}, if provided.`);
    }
    return { TaskHandle: moveTasksOf(context.cloud, context).start({ source, destinationArn, rate }).handle };
  },
};

export const cancelMessageMoveTask: OperationOf<'sqs', 'CancelMessageMoveTask'> = {
  action: 'sqs:cancelmessagemovetask',
  // That there is no such task is told to everybody (recorded).
  resources: ({ TaskHandle: handle = '' }, context) => [moveTasksOf(context.cloud, context).byHandle(handle).sourceArn],
  handle({ TaskHandle: handle = '' }, context) {
    const task = moveTasksOf(context.cloud, context).byHandle(handle);
    // The text is unverified.
    if (task.status !== 'RUNNING') throw invalidParameter('Only active tasks can be cancelled.');
    task.cancel();
    return { ApproximateNumberOfMessagesMoved: task.moved };
  },
};

/** The latest tasks first, and one of them when the request does not say how many (SQS API reference). */
export const listMessageMoveTasks: OperationOf<'sqs', 'ListMessageMoveTasks'> = {
  action: 'sqs:listmessagemovetasks',
  resources: ({ SourceArn = '' }) => [SourceArn],
  handle({ SourceArn: sourceArn = '', MaxResults: limit = 1 }, context) {
    if (sourceArn === '') throw missingParameter('SourceArn');
    if (queuesOf(context.cloud, context).byArn(sourceArn) === undefined) throw taskNotFound('SourceArn');
    if (limit < 1 || limit > mostResults) throw invalidValue(limit, 'MaxResults', `Must be between 1 and ${mostResults}, if provided.`);
    return { Results: moveTasksOf(context.cloud, context).ofSource(sourceArn).slice(0, limit).map(described) };
  },
};

function described(task: MoveTask): ListMessageMoveTasksResultEntry {
  return {
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.destinationArn === undefined ? {} : { DestinationArn: task.destinationArn }),
    ...(task.failure === undefined ? {} : { FailureReason: task.failure }),
    ...(task.rate === undefined ? {} : { MaxNumberOfMessagesPerSecond: task.rate }),
    SourceArn: task.sourceArn,
    StartedTimestamp: task.started,
    Status: task.status,
    ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
  };
}
