import {
  DescribeStreamCommand,
  PutRecordCommand,
  PutRecordsCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox, waiting } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();
const key = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;

async function active(StreamName: string): Promise<void> {
  await waitUntilStreamExists({ client: kinesis.client, ...waiting }, { StreamName });
}

async function description(StreamName: string) {
  return (await kinesis.client.send(new DescribeStreamCommand({ StreamName }))).StreamDescription;
}

async function put(StreamName: string) {
  return kinesis.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'key', Data: Buffer.from('x') }));
}

describe('StartStreamEncryption and StopStreamEncryption', () => {
  it('say of the stream, of what is put and of each record whether it is encrypted', async () => {
    const StreamName = await kinesis.stream();
    expect((await put(StreamName)).EncryptionType).toBeUndefined();

    await kinesis.client.send(new StartStreamEncryptionCommand({ StreamName, ...key }));
    await active(StreamName);
    expect(await description(StreamName)).toMatchObject({ EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' });
    expect((await put(StreamName)).EncryptionType).toBe('KMS');
    const Records = [{ PartitionKey: 'key', Data: Buffer.from('y') }];
    expect((await kinesis.client.send(new PutRecordsCommand({ StreamName, Records }))).EncryptionType).toBe('KMS');

    await kinesis.client.send(new StopStreamEncryptionCommand({ StreamName, ...key }));
    await active(StreamName);
    expect(await description(StreamName)).toMatchObject({ EncryptionType: 'NONE' });
    expect((await description(StreamName))?.KeyId).toBeUndefined();
    const read = await kinesis.read(StreamName);
    expect(read.Records?.map(({ EncryptionType }) => EncryptionType)).toEqual([undefined, 'KMS', 'KMS']);
  });

  it('take the key that Kinesis keeps for the account, and name any other as missing', async () => {
    const StreamName = await kinesis.stream();
    const KeyId = `arn:aws:kms:${kinesis.sandbox.region}:${kinesis.sandbox.account}:alias/aws/kinesis`;
    await kinesis.client.send(new StartStreamEncryptionCommand({ StreamName, ...key, KeyId }));
    await active(StreamName);
    expect((await description(StreamName))?.KeyId).toBe(KeyId);
    const failure = await failureOf(kinesis.client.send(new StartStreamEncryptionCommand({ StreamName, ...key, KeyId: 'alias/mine' })));
    expect(failure).toMatchObject({ name: 'KMSNotFoundException' });
    expect(failure.message).toContain('alias/mine');
  });

  it('refuse another kind of encryption, and a stream that is not there', async () => {
    const StreamName = await kinesis.stream();
    const none = kinesis.client.send(new StartStreamEncryptionCommand({ StreamName, ...key, EncryptionType: 'NONE' }));
    expect(await failureOf(none)).toMatchObject({ name: 'InvalidArgumentException' });
    const nowhere = kinesis.client.send(new StopStreamEncryptionCommand({ StreamName: 'nowhere', ...key }));
    expect(await failureOf(nowhere)).toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
