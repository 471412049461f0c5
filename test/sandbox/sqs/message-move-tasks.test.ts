import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../support/manual-clock.ts';
import { arnOf, bodies, newQueue, receive } from '../../support/queues.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const clock = manualClock(Date.now());
let aws: SandboxUnderTest;

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
});
afterAll(() => aws.stop());

/** A queue that gave so many messages to its dead-letter queue. */
async function deadLetters(count: number) {
  const dead = await newQueue(aws.sqs);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(dead), maxReceiveCount: 1 });
  const origin = await newQueue(aws.sqs, { RedrivePolicy, VisibilityTimeout: '0' });
  for (let sent = 0; sent < count; sent += 1) await aws.sqs.sendMessage({ QueueUrl: origin, MessageBody: `m${sent}` });
  for (let round = 0; round < 2; round += 1) await receive(aws.sqs, origin);
  return { dead, origin, SourceArn: arnOf(dead) };
}
const tasks = async (SourceArn: string) => (await aws.sqs.listMessageMoveTasks({ SourceArn, MaxResults: 10 })).Results;

describe('a message move task', () => {
  it('brings messages back to the queue that gave them up, as new ones', async () => {
    const { dead, origin, SourceArn } = await deadLetters(2);
    const { TaskHandle = '' } = await aws.sqs.startMessageMoveTask({ SourceArn });
    expect(JSON.parse(Buffer.from(TaskHandle, 'base64').toString())).toMatchObject({ sourceArn: SourceArn });
    expect(bodies(await receive(aws.sqs, dead))).toEqual([]);
    const back = await receive(aws.sqs, origin, { MessageSystemAttributeNames: ['All'] });
    expect(back).toMatchObject([{ Body: 'm0', Attributes: { ApproximateReceiveCount: '1' } }, { Body: 'm1' }]);
    expect(await tasks(SourceArn)).toEqual([
      {
        ApproximateNumberOfMessagesMoved: 2,
        ApproximateNumberOfMessagesToMove: 2,
        SourceArn,
        StartedTimestamp: expect.any(Number),
        Status: 'COMPLETED',
      },
    ]);
  });

  it('brings them where it is told, as fast as it is told, until it is cancelled', async () => {
    const { SourceArn } = await deadLetters(3);
    const DestinationArn = arnOf(await newQueue(aws.sqs));
    const { TaskHandle } = await aws.sqs.startMessageMoveTask({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: 1 });
    const running = { ApproximateNumberOfMessagesToMove: 3, DestinationArn, MaxNumberOfMessagesPerSecond: 1, SourceArn };
    expect(await tasks(SourceArn)).toMatchObject([{ ...running, ApproximateNumberOfMessagesMoved: 1, Status: 'RUNNING', TaskHandle }]);
    expect(await refusal(aws.sqs.startMessageMoveTask({ SourceArn }))).toMatchObject({
      name: 'InvalidParameterValue',
      message: 'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    });
    await clock.advance(1_000);
    expect(await aws.sqs.cancelMessageMoveTask({ TaskHandle })).toMatchObject({ ApproximateNumberOfMessagesMoved: 2 });
    await clock.advance(2_000);
    const [cancelled] = (await tasks(SourceArn)) ?? [];
    expect(cancelled).toMatchObject({ ...running, ApproximateNumberOfMessagesMoved: 2, Status: 'CANCELLED' });
    expect(cancelled?.TaskHandle).toBeUndefined();
    expect(await refusal(aws.sqs.cancelMessageMoveTask({ TaskHandle }))).toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('fails when the destination goes', async () => {
    const { SourceArn } = await deadLetters(2);
    const QueueUrl = await newQueue(aws.sqs);
    await aws.sqs.startMessageMoveTask({ SourceArn, DestinationArn: arnOf(QueueUrl), MaxNumberOfMessagesPerSecond: 1 });
    await aws.sqs.deleteQueue({ QueueUrl });
    await clock.advance(1_000);
    expect(await tasks(SourceArn)).toMatchObject([
      { ApproximateNumberOfMessagesMoved: 1, FailureReason: 'AWS.SimpleQueueService.NonExistentQueue', Status: 'FAILED' },
    ]);
  });

  it('is refused where there is nothing to move, nowhere to move it, or no such task (recorded)', async () => {
    const { SourceArn } = await deadLetters(0);
    const notADeadLetterQueue = arnOf(await newQueue(aws.sqs));
    expect(await refusal(aws.sqs.startMessageMoveTask({ SourceArn: notADeadLetterQueue }))).toMatchObject({
      name: 'InvalidParameterValue',
      message: 'Source queue must be configured as a Dead Letter Queue.',
    });
    expect(await refusal(aws.sqs.startMessageMoveTask({ SourceArn, DestinationArn: `${SourceArn}-not` }))).toEqual({
      name: 'ResourceNotFoundException',
      message: "The resource that you specified for the DestinationArn parameter doesn't exist.",
      status: 404,
    });
    const handle = (taskId: string, sourceArn: string) => Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64');
    const cancel = (TaskHandle: string) => refusal(aws.sqs.cancelMessageMoveTask({ TaskHandle }));
    expect(await cancel('foobared')).toMatchObject({ message: 'Value for parameter TaskHandle is invalid.' });
    expect(await cancel(handle('x', `${SourceArn}-not`))).toMatchObject({ message: expect.stringContaining('the SourceArn parameter') });
    const foreign = handle('x', 'arn:aws:sqs:us-east-1:878966065785:nowhere');
    expect(await cancel(foreign)).toMatchObject({ message: expect.stringContaining('the SourceArn parameter') });
    expect(await cancel(handle('x', SourceArn))).toMatchObject({ name: 'ResourceNotFoundException', message: 'Task does not exist.' });
  });
});
