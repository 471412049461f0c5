import { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quickDelays } from '../../../src/sandbox/delays.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { policyText } from '../../support/policies.ts';
import { arnOf, nameOf, newQueue, receive } from '../../support/queues.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const clock = manualClock(Date.now());
let aws: SandboxUnderTest;

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
});
afterAll(() => aws.stop());

const attributesOf = async (QueueUrl: string) => (await aws.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })).Attributes;
const notThere = { name: 'QueueDoesNotExist', message: 'The specified queue does not exist.', status: 400 };

describe('a queue', () => {
  it('has a URL below the endpoint, with the account and its name', async () => {
    const { QueueUrl } = await aws.sqs.createQueue({ QueueName: 'orders' });
    expect(QueueUrl).toBe(`${aws.sandbox.endpoint}/000000000000/orders`);
    expect(await aws.sqs.getQueueUrl({ QueueName: 'orders' })).toMatchObject({ QueueUrl });
  });

  it.each(['localhost', '127.0.0.1'])(
    'has a URL with the name by which a client reaches the endpoint, as clients send to it (%s)',
    async (name) => {
      const { port, region, credentials } = aws.sandbox;
      const endpoint = `http://${name}:${port}`;
      const sqs = new SQS({ endpoint, region, credentials, maxAttempts: 1 });
      try {
        const { QueueUrl } = await sqs.createQueue({ QueueName: 'named' });
        expect(QueueUrl).toBe(`${endpoint}/000000000000/named`);
        expect(await sqs.getQueueUrl({ QueueName: 'named' })).toMatchObject({ QueueUrl });
        expect((await sqs.listQueues({ QueueNamePrefix: 'named' })).QueueUrls).toEqual([QueueUrl]);
        await sqs.sendMessage({ QueueUrl, MessageBody: name });
        // Whatever it is called, it is one queue.
        const other = `${aws.sandbox.endpoint}/000000000000/named`;
        expect((await receive(aws.sqs, other)).map(({ Body }) => Body)).toEqual([name]);
      } finally {
        sqs.destroy();
      }
    },
  );

  it('has the attributes that AWS gives it', async () => {
    const seconds = String(Math.floor(clock.now() / 1000));
    const QueueUrl = await newQueue(aws.sqs);
    expect(await attributesOf(QueueUrl)).toEqual({
      QueueArn: arnOf(QueueUrl),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: seconds,
      LastModifiedTimestamp: seconds,
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
    });
  });

  it('shows the attributes that are asked for, and none when none are', async () => {
    const QueueUrl = await newQueue(aws.sqs, { DelaySeconds: '5' });
    const shown = async (...AttributeNames: string[]) =>
      (await aws.sqs.getQueueAttributes({ QueueUrl, AttributeNames: AttributeNames as 'All'[] })).Attributes;
    expect(await shown('DelaySeconds', 'Policy')).toEqual({ DelaySeconds: '5' });
    expect(await shown()).toBeUndefined();
    expect(await shown('Policy')).toBeUndefined();
    expect(await refusal(shown('Colour'))).toEqual({ name: 'InvalidAttributeName', message: 'Unknown Attribute Colour.', status: 400 });
  });

  it('is not there before it is created', async () => {
    expect(await refusal(aws.sqs.getQueueUrl({ QueueName: 'nowhere' }))).toEqual(notThere);
    const QueueUrl = `${aws.sandbox.endpoint}/000000000000/nowhere`;
    expect(await refusal(aws.sqs.sendMessage({ QueueUrl, MessageBody: 'x' }))).toEqual(notThere);
    expect(await refusal(aws.sqs.deleteQueue({ QueueUrl }))).toEqual(notThere);
  });

  it('is found by its URL, or its name alone', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    await aws.sqs.sendMessage({ QueueUrl: QueueUrl.split('/').pop(), MessageBody: 'by name' });
    expect(await receive(aws.sqs, QueueUrl)).toMatchObject([{ Body: 'by name' }]);
    expect(await refusal(aws.sqs.receiveMessage({ QueueUrl: 'http://127.0.0.1/somewhere/else' }))).toEqual(notThere);
    expect(await refusal(aws.sqs.receiveMessage({ QueueUrl: '' }))).toEqual(notThere);
  });

  it('tells old clients the code that they know', async () => {
    const error: unknown = await aws.sqs.getQueueUrl({ QueueName: 'nowhere' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ Code: 'AWS.SimpleQueueService.NonExistentQueue', Type: 'Sender' });
  });
});

describe('creating a queue', () => {
  it('that is there is answered with the one that is there', async () => {
    const first = await aws.sqs.createQueue({ QueueName: 'same', Attributes: { VisibilityTimeout: '60' } });
    const again = await aws.sqs.createQueue({ QueueName: 'same', Attributes: { VisibilityTimeout: '060' } });
    expect([again.QueueUrl, (await aws.sqs.createQueue({ QueueName: 'same' })).QueueUrl]).toEqual([first.QueueUrl, first.QueueUrl]);
  });

  it('that is there with another value of an attribute is refused', async () => {
    await aws.sqs.createQueue({ QueueName: 'other' });
    expect(await refusal(aws.sqs.createQueue({ QueueName: 'other', Attributes: { VisibilityTimeout: '30', DelaySeconds: '1' } }))).toEqual({
      name: 'QueueNameExists',
      message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
      status: 400,
    });
  });

  it.each(['', 'a b', 'a.b', 'a'.repeat(81), 'orders.fifo'])('of the name %j is refused', async (QueueName) => {
    const error: unknown = await aws.sqs.createQueue({ QueueName }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'InvalidParameterValue',
      Code: 'InvalidParameterValue',
      message: 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    });
  });

  it.each([
    ['VisibilityTimeout', '43201'],
    ['MaximumMessageSize', '1023'],
    ['MaximumMessageSize', '1048577'],
    ['MessageRetentionPeriod', '59'],
    ['DelaySeconds', '901'],
    ['DelaySeconds', '-1'],
    ['ReceiveMessageWaitTimeSeconds', 'soon'],
    ['SqsManagedSseEnabled', 'yes'],
    ['Policy', '{'],
    ['Policy', '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}'],
  ])('with %s %j is refused', async (name, value) => {
    expect(await refusal(newQueue(aws.sqs, { [name]: value }))).toEqual({
      name: 'InvalidAttributeValue',
      message: `Invalid value for the parameter ${name}.`,
      status: 400,
    });
  });

  it('with attributes of FIFO queues is refused', async () => {
    const refused = async (Attributes: Record<string, string>, QueueName = 'standard') =>
      refusal(aws.sqs.createQueue({ QueueName, Attributes }));
    expect((await refused({ FifoQueue: 'false' })).message).toBe('Unknown Attribute FifoQueue.');
    expect((await refused({ ContentBasedDeduplication: 'true' })).message).toBe('Unknown Attribute ContentBasedDeduplication.');
    expect((await refused({ DeduplicationScope: 'queue' })).message).toBe(
      'You can specify the DeduplicationScope only when FifoQueue is set to true.',
    );
    expect(await refused({ FifoQueue: 'true' })).toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('must end with .fifo'),
    });
  });
});

describe('the attributes of a queue', () => {
  it('change together or not at all', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    await clock.advance(5000);
    await aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { DelaySeconds: '7', VisibilityTimeout: '8' } });
    const changed = await attributesOf(QueueUrl);
    expect(changed).toMatchObject({ DelaySeconds: '7', VisibilityTimeout: '8' });
    expect(Number(changed?.LastModifiedTimestamp) - Number(changed?.CreatedTimestamp)).toBe(5);
    const wrong = aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { DelaySeconds: '9', Colour: 'red' } as Record<string, string> });
    expect(await refusal(wrong)).toMatchObject({ name: 'InvalidAttributeName', message: 'Unknown Attribute Colour.' });
    expect(await attributesOf(QueueUrl)).toEqual(changed);
  });

  it('can choose who encrypts it, as recorded', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    const set = (Attributes: Record<string, string>) => aws.sqs.setQueueAttributes({ QueueUrl, Attributes });
    const shown = async () => {
      const names = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'] as const;
      return (await aws.sqs.getQueueAttributes({ QueueUrl, AttributeNames: [...names] })).Attributes;
    };
    expect(await refusal(set({ KmsMasterKeyId: 'testKeyId', SqsManagedSseEnabled: 'true' }))).toMatchObject({
      name: 'InvalidAttributeName',
      message: 'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    });
    await set({ KmsMasterKeyId: 'testKeyId', KmsDataKeyReusePeriodSeconds: '6000' });
    expect(await shown()).toEqual({ KmsMasterKeyId: 'testKeyId', KmsDataKeyReusePeriodSeconds: '6000', SqsManagedSseEnabled: 'false' });
    await set({ KmsMasterKeyId: '', KmsDataKeyReusePeriodSeconds: '300' });
    expect(await shown()).toEqual({ SqsManagedSseEnabled: 'false' });
  });

  it('can have a policy whose Resource is no ARN, which lets nobody in', async () => {
    const Policy = policyText({ Principal: '*', Action: 'sqs:SendMessage', Resource: "'$sqs_queue_arn'" });
    const QueueUrl = await newQueue(aws.sqs, { Policy });
    expect((await attributesOf(QueueUrl))?.['Policy']).toBe(Policy);
  });

  it('says which queues may name it as their dead-letter queue', async () => {
    const RedriveAllowPolicy = JSON.stringify({ redrivePermission: 'denyAll' });
    const target = await newQueue(aws.sqs, { RedriveAllowPolicy });
    expect((await attributesOf(target))?.['RedriveAllowPolicy']).toBe(RedriveAllowPolicy);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(target), maxReceiveCount: 1 });
    expect(await refusal(newQueue(aws.sqs, { RedrivePolicy }))).toMatchObject({ name: 'InvalidParameterValue' });
    const source = await newQueue(aws.sqs);
    const allowed = JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [arnOf(source)] });
    await aws.sqs.setQueueAttributes({ QueueUrl: target, Attributes: { RedriveAllowPolicy: allowed } });
    await aws.sqs.setQueueAttributes({ QueueUrl: source, Attributes: { RedrivePolicy } });
    const wrong = { RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue' }) };
    expect(await refusal(newQueue(aws.sqs, wrong))).toMatchObject({ message: expect.stringContaining('sourceQueueArns') });
  });

  it('cannot make it a FIFO queue', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    expect(await refusal(aws.sqs.setQueueAttributes({ QueueUrl, Attributes: { FifoQueue: 'true' } }))).toMatchObject({
      name: 'InvalidAttributeName',
      message: 'Unknown Attribute FifoQueue.',
    });
    expect(await refusal(aws.sqs.setQueueAttributes({ QueueUrl, Attributes: {} }))).toMatchObject({
      name: 'MissingParameter',
    });
  });
});

describe('queues', () => {
  it('are listed by name, page by page when a page has a size', async () => {
    for (const QueueName of ['list-c', 'list-a', 'list-b']) await aws.sqs.createQueue({ QueueName });
    const all = await aws.sqs.listQueues({ QueueNamePrefix: 'list-' });
    expect([all.QueueUrls?.map(nameOf), all.NextToken]).toEqual([['list-a', 'list-b', 'list-c'], undefined]);
    const first = await aws.sqs.listQueues({ QueueNamePrefix: 'list-', MaxResults: 2 });
    expect(first.QueueUrls?.map(nameOf)).toEqual(['list-a', 'list-b']);
    const second = await aws.sqs.listQueues({ QueueNamePrefix: 'list-', MaxResults: 2, NextToken: first.NextToken });
    expect([second.QueueUrls?.map(nameOf), second.NextToken]).toEqual([['list-c'], undefined]);
    expect((await aws.sqs.listQueues({ QueueNamePrefix: 'none' })).QueueUrls).toBeUndefined();
    expect(await refusal(aws.sqs.listQueues({ MaxResults: 1001 }))).toMatchObject({ name: 'InvalidParameterValue' });
    expect(await refusal(aws.sqs.listQueues({ NextToken: 'x' }))).toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('carry tags', async () => {
    const { QueueUrl } = await aws.sqs.createQueue({ QueueName: 'tagged', tags: { lab: '05' } });
    await aws.sqs.tagQueue({ QueueUrl, Tags: { lab: '06', run: '' } });
    expect((await aws.sqs.listQueueTags({ QueueUrl })).Tags).toEqual({ lab: '06', run: '' });
    await aws.sqs.untagQueue({ QueueUrl, TagKeys: ['lab', 'run', 'never'] });
    expect((await aws.sqs.listQueueTags({ QueueUrl })).Tags).toBeUndefined();
    const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, '']));
    expect(await refusal(aws.sqs.tagQueue({ QueueUrl, Tags }))).toMatchObject({ name: 'InvalidParameterValue' });
    expect(await refusal(aws.sqs.createQueue({ QueueName: 'overtagged', tags: Tags }))).toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  it('are gone with their messages when they are deleted, and their names stay taken for a while', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    await aws.sqs.sendMessage({ QueueUrl, MessageBody: 'lost' });
    await aws.sqs.deleteQueue({ QueueUrl });
    expect(await refusal(aws.sqs.getQueueUrl({ QueueName: nameOf(QueueUrl) }))).toEqual(notThere);
    expect(await refusal(aws.sqs.createQueue({ QueueName: nameOf(QueueUrl) }))).toEqual({
      name: 'QueueDeletedRecently',
      message: 'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      status: 400,
    });
    await clock.advance(quickDelays.queueNameReuse);
    await aws.sqs.createQueue({ QueueName: nameOf(QueueUrl) });
    expect(await receive(aws.sqs, QueueUrl)).toEqual([]);
  });

  it('are purged of all their messages, once a minute', async () => {
    const QueueUrl = await newQueue(aws.sqs);
    for (const MessageBody of ['seen', 'unseen']) await aws.sqs.sendMessage({ QueueUrl, MessageBody });
    await receive(aws.sqs, QueueUrl, { MaxNumberOfMessages: 1 });
    await aws.sqs.purgeQueue({ QueueUrl });
    await clock.advance(31_000);
    expect(await receive(aws.sqs, QueueUrl)).toEqual([]);
    expect(await refusal(aws.sqs.purgeQueue({ QueueUrl }))).toEqual({
      name: 'PurgeQueueInProgress',
      message: `Only one PurgeQueue operation on ${nameOf(QueueUrl)} is allowed every 60 seconds.`,
      status: 403,
    });
    await clock.advance(30_000);
    await aws.sqs.purgeQueue({ QueueUrl });
  });
});
