import {
  DescribeStreamCommand,
  PutRecordsCommand,
  StartStreamEncryptionCommand,
  type StartStreamEncryptionInput,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { emptyName, invalid, noLonger, noShorter, notNull, oneOf } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();
const ownKey = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;

function start(input: Partial<StartStreamEncryptionInput>) {
  return kinesis.client.send(new StartStreamEncryptionCommand({ ...ownKey, ...input }));
}

function failure(input: Partial<StartStreamEncryptionInput>) {
  return failureOf(start(input));
}

describe('StartStreamEncryption: serialization', () => {
  readsTypes(kinesis, 'StartStreamEncryption', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    EncryptionType: 'a String',
    KeyId: 'a String',
  });
});

describe('StartStreamEncryption: validation', () => {
  findsItsStream(kinesis, start);

  it('needs a kind of encryption and a key', async () => {
    expect(await failure({ StreamName: 'a', EncryptionType: undefined, KeyId: undefined })).toEqual(
      invalid(['encryptionType', null, notNull], ['keyId', null, notNull]),
    );
  });

  it('reports all values that break their constraints', async () => {
    const EncryptionType = 'AES' as 'KMS';
    expect(await failure({ StreamName: '', EncryptionType, KeyId: '' })).toEqual(
      invalid(['encryptionType', 'AES', oneOf('NONE', 'KMS')], ['keyId', '', noShorter(1)], ...emptyName('streamName')),
    );
    const key = 'k'.repeat(2049);
    expect(await failure({ StreamName: 'a', KeyId: key })).toEqual(invalid(['keyId', key, noLonger(2048)]));
  });

  it('knows no encryption but that of KMS', async () => {
    expect((await failure({ StreamName: await kinesis.shared(), EncryptionType: 'NONE' })).name).toBe('InvalidArgumentException');
  });

  it('says which key is not there', async () => {
    const { name, message } = await failure({ StreamName: await kinesis.shared(), KeyId: 'alias/kinesis-labs-no-such-key' });
    expect(name).toBe('KMSNotFoundException');
    expect(message).toContain('alias/kinesis-labs-no-such-key');
  });
});

describe('StartStreamEncryption: behaviour', () => {
  it('makes everything say so: the stream, what is put to it, and each record', async () => {
    const StreamName = await kinesis.stream();
    const beginning = await kinesis.iterator(StreamName);
    expect((await kinesis.put(StreamName, 'open')).EncryptionType).toBeUndefined();
    await start({ StreamName });
    await kinesis.settled(StreamName);
    const { StreamDescription } = await kinesis.client.send(new DescribeStreamCommand({ StreamName }));
    expect(StreamDescription).toMatchObject({ EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' });
    // On AWS it takes up to five seconds more until all records are encrypted.
    const { timeoutMs: timeout, intervalMs: interval } = kinesis.patience;
    await expect.poll(async () => (await kinesis.put(StreamName, 'x')).EncryptionType, { timeout, interval }).toBe('KMS');
    const Records = [{ PartitionKey: 'a', Data: Buffer.from('y') }];
    expect((await kinesis.client.send(new PutRecordsCommand({ StreamName, Records }))).EncryptionType).toBe('KMS');
    const records = await kinesis.records(beginning, 3);
    expect(records[0]).not.toHaveProperty('EncryptionType');
    expect(records.at(-1)?.EncryptionType).toBe('KMS');
  });

  it('takes the key by its ARN as well', async () => {
    const StreamName = await kinesis.stream();
    const KeyId = `arn:aws:kms:${kinesis.region}:${kinesis.account}:alias/aws/kinesis`;
    await start({ StreamARN: kinesis.arn(StreamName), KeyId });
    expect(await kinesis.settled(StreamName)).toMatchObject({ EncryptionType: 'KMS', KeyId });
  });
});
