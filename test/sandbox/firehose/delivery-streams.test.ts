import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
  PutRecordCommand,
  StartDeliveryStreamEncryptionCommand,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose';
import { describe, expect, it } from 'vitest';
import { quickDelays } from '../../../src/sandbox/delays.ts';
import { failureOf } from '../../support/failure.ts';
import { firehoseSandbox } from '../../support/firehose.ts';
import { roleSession } from '../../support/role-session.ts';

const firehose = firehoseSandbox();
const slow = firehoseSandbox({ delays: { ...quickDelays, deliveryStreamCreate: 3_600_000 } });
const notFound = { name: 'ResourceNotFoundException', message: 'Firehose nowhere under account 000000000000 not found.' };

function newStream(tags: Record<string, string> = {}): Promise<string> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return firehose.deliveryStream({ ExtendedS3DestinationConfiguration: firehose.destination('b'), ...(Tags.length > 0 && { Tags }) });
}

describe('a delivery stream that is being created', () => {
  it('takes no records and cannot be deleted', async () => {
    const DeliveryStreamName = 'slow';
    await slow.client.send(
      new CreateDeliveryStreamCommand({ DeliveryStreamName, ExtendedS3DestinationConfiguration: slow.destination('b') }),
    );
    expect((await slow.describe(DeliveryStreamName))?.DeliveryStreamStatus).toBe('CREATING');
    const put = slow.client.send(new PutRecordCommand({ DeliveryStreamName, Record: { Data: Buffer.from('x') } }));
    expect((await failureOf(put)).name).toBe('ResourceNotFoundException');
    expect((await failureOf(slow.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName })))).name).toBe(
      'ResourceInUseException',
    );
  });
});

describe('a delivery stream', () => {
  it('is DELETING for a while, and then gone', async () => {
    const DeliveryStreamName = await newStream();
    await firehose.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName }));
    await firehose.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName })).catch(() => undefined);
    await firehose.until(async () => (await firehose.describe(DeliveryStreamName).catch(() => undefined)) === undefined);
    expect(await failureOf(firehose.describe(DeliveryStreamName))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Firehose ${DeliveryStreamName} under account 000000000000 not found.`,
    });
  });

  it('that is not there is not found', async () => {
    const DeliveryStreamName = 'nowhere';
    expect(await failureOf(firehose.describe(DeliveryStreamName))).toEqual(notFound);
    expect(await failureOf(firehose.client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName })))).toEqual(notFound);
    expect(await failureOf(firehose.client.send(new ListTagsForDeliveryStreamCommand({ DeliveryStreamName })))).toEqual(notFound);
  });

  it('has tags that can be added, changed and removed', async () => {
    const DeliveryStreamName = await newStream({ lab: '04', subject: 'taboo' });
    await firehose.client.send(
      new TagDeliveryStreamCommand({ DeliveryStreamName, Tags: [{ Key: 'subject', Value: 'open' }, { Key: 'alone' }] }),
    );
    await firehose.client.send(new UntagDeliveryStreamCommand({ DeliveryStreamName, TagKeys: ['lab', 'never-there'] }));
    const { Tags, HasMoreTags } = await firehose.client.send(new ListTagsForDeliveryStreamCommand({ DeliveryStreamName }));
    expect(Tags).toEqual([
      { Key: 'alone', Value: '' },
      { Key: 'subject', Value: 'open' },
    ]);
    expect(HasMoreTags).toBe(false);
    const rest = await firehose.client.send(new ListTagsForDeliveryStreamCommand({ DeliveryStreamName, ExclusiveStartTagKey: 'alone' }));
    expect(rest.Tags).toEqual([{ Key: 'subject', Value: 'open' }]);
    const many = Array.from({ length: 49 }, (_, index) => ({ Key: `key-${index}` }));
    const refused = await failureOf(firehose.client.send(new TagDeliveryStreamCommand({ DeliveryStreamName, Tags: many })));
    expect(refused.name).toBe('InvalidArgumentException');
  });

  it('gets another destination under a new version', async () => {
    const DeliveryStreamName = await newStream();
    const input = { DeliveryStreamName, DestinationId: 'destinationId-000000000001' };
    const ExtendedS3DestinationUpdate = { Prefix: 'new/', CompressionFormat: 'GZIP' } as const;
    const update = (CurrentDeliveryStreamVersionId: string) =>
      firehose.client.send(new UpdateDestinationCommand({ ...input, CurrentDeliveryStreamVersionId, ExtendedS3DestinationUpdate }));
    expect((await failureOf(update('2'))).name).toBe('ConcurrentModificationException');
    await update('1');
    expect(await firehose.describe(DeliveryStreamName)).toMatchObject({
      VersionId: '2',
      LastUpdateTimestamp: expect.any(Date),
      Destinations: [
        {
          ExtendedS3DestinationDescription: {
            BucketARN: 'arn:aws:s3:::b',
            Prefix: 'new/',
            CompressionFormat: 'GZIP',
            BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
          },
        },
      ],
    });
    expect((await failureOf(update('1'))).name).toBe('ConcurrentModificationException');
  });

  it('cannot do what the sandbox does not do', async () => {
    const { name, message } = await failureOf(
      firehose.client.send(new StartDeliveryStreamEncryptionCommand({ DeliveryStreamName: await newStream() })),
    );
    expect(name).toBe('NotImplemented');
    expect(message).toContain('firehose:StartDeliveryStreamEncryption');
  });
});

describe('ListDeliveryStreams', () => {
  it('lists names by type and in pages', async () => {
    const KinesisStreamARN = await firehose.stream();
    const fromKinesis = await firehose.deliveryStream({
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN, RoleARN: firehose.role },
      ExtendedS3DestinationConfiguration: firehose.destination('b'),
    });
    const direct = await newStream();
    const typed = await firehose.client.send(new ListDeliveryStreamsCommand({ DeliveryStreamType: 'KinesisStreamAsSource' }));
    expect(typed.DeliveryStreamNames).toEqual([fromKinesis]);
    const names: string[] = [];
    for (let more = true; more; ) {
      const page = await firehose.client.send(
        new ListDeliveryStreamsCommand({ Limit: 1, ...(names.length > 0 && { ExclusiveStartDeliveryStreamName: names.at(-1) }) }),
      );
      names.push(...(page.DeliveryStreamNames ?? []));
      more = page.HasMoreDeliveryStreams ?? false;
    }
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(expect.arrayContaining([fromKinesis, direct]));
  });
});

describe('a role', () => {
  it('may do what its policies allow, delivery stream by delivery stream', async () => {
    const DeliveryStreamName = await newStream();
    const Record = { Data: Buffer.from('x') };
    const allowed = [{ Effect: 'Allow', Action: 'firehose:PutRecord', Resource: firehose.arn(DeliveryStreamName) }];
    const client = new FirehoseClient(await roleSession(firehose.sandbox, 'producer', allowed));
    await client.send(new PutRecordCommand({ DeliveryStreamName, Record }));
    const refused: readonly (readonly [action: string, resource: string, call: () => Promise<unknown>])[] = [
      ['PutRecord', firehose.arn('other'), () => client.send(new PutRecordCommand({ DeliveryStreamName: 'other', Record }))],
      [
        'DeleteDeliveryStream',
        firehose.arn(DeliveryStreamName),
        () => client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName })),
      ],
      ['ListDeliveryStreams', '*', () => client.send(new ListDeliveryStreamsCommand({}))],
    ];
    for (const [action, resource, call] of refused) {
      expect(await failureOf(call())).toEqual({
        name: 'AccessDeniedException',
        message:
          'User: arn:aws:sts::000000000000:assumed-role/producer/tester is not authorized to perform: ' +
          `firehose:${action} on resource: ${resource} because no identity-based policy allows the firehose:${action} action`,
      });
    }
    client.destroy();
  });
});
