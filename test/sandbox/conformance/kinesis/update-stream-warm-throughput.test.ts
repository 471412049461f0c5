import { UpdateStreamWarmThroughputCommand, type UpdateStreamWarmThroughputInput } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { findsItsStream } from '../../../support/stream-reference.ts';
import { atLeast, emptyName, invalid, notNull } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function update(input: Partial<UpdateStreamWarmThroughputInput>) {
  return kinesis.client.send(new UpdateStreamWarmThroughputCommand({ WarmThroughputMiBps: 8, ...input }));
}

describe('UpdateStreamWarmThroughput: serialization', () => {
  readsTypes(kinesis, 'UpdateStreamWarmThroughput', {
    StreamARN: 'a String',
    StreamName: 'a String',
    StreamId: 'a String',
    WarmThroughputMiBps: 'an Integer',
  });
});

describe('UpdateStreamWarmThroughput: validation', () => {
  findsItsStream(kinesis, update);

  it('needs a throughput that is none below nothing', async () => {
    expect(await failureOf(update({ StreamName: 'a', WarmThroughputMiBps: undefined }))).toEqual(
      invalid(['warmThroughputMiBps', null, notNull]),
    );
    expect(await failureOf(update({ StreamName: '', WarmThroughputMiBps: -1 }))).toEqual(
      invalid(...emptyName('streamName'), ['warmThroughputMiBps', '-1', atLeast(0)]),
    );
  });
});

describe('UpdateStreamWarmThroughput: behaviour', () => {
  // A commitment costs a fortune on AWS; what comes of one is among the sandbox's own tests.
  it('refuses streams with provisioned capacity', async () => {
    const { name } = await failureOf(update({ StreamName: await kinesis.shared() }));
    expect(['InvalidArgumentException', 'ValidationException']).toContain(name);
  });
});
