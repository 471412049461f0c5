import { StartStreamEncryptionCommand, StopStreamEncryptionCommand, type StopStreamEncryptionInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { emptyName, invalid, noLonger, noShorter, notNull, oneOf } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();
const ownKey = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;

function stop(input: Partial<StopStreamEncryptionInput>) {
  return kinesis.client.send(new StopStreamEncryptionCommand({ ...ownKey, ...input }));
}

function failure(input: Partial<StopStreamEncryptionInput>) {
  return failureOf(stop(input));
}

describe('StopStreamEncryption: serialization', () => {
  readsTypes(kinesis, 'StopStreamEncryption', {
    StreamName: 'a String',
    StreamARN: 'a String',
    StreamId: 'a String',
    EncryptionType: 'a String',
    KeyId: 'a String',
  });
});

describe('StopStreamEncryption: validation', () => {
  findsItsStream(kinesis, stop);

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
});

describe('StopStreamEncryption: behaviour', () => {
  it('makes a stream take records as they are again', async () => {
    const StreamName = await kinesis.stream();
    await kinesis.client.send(new StartStreamEncryptionCommand({ StreamName, ...ownKey }));
    expect((await kinesis.settled(StreamName)).EncryptionType).toBe('KMS');
    await stop({ StreamARN: kinesis.arn(StreamName) });
    const stream = await kinesis.settled(StreamName);
    expect(stream.EncryptionType).toBe('NONE');
    expect(stream).not.toHaveProperty('KeyId');
    // On AWS it takes up to five seconds more until no record is encrypted.
    const { timeoutMs: timeout, intervalMs: interval } = kinesis.patience;
    await expect.poll(async () => (await kinesis.put(StreamName, 'x')).EncryptionType, { timeout, interval }).toBeUndefined();
  });
});
