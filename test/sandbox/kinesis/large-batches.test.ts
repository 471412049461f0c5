import { DeleteStreamCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { kinesisSandbox } from '../../support/kinesis.ts';

const kinesis = kinesisSandbox();
const data = Buffer.alloc(6_000, 'x');

/** A request of 3 MB, which takes the sandbox more than one turn. */
function putLarge(StreamName: string, name: string) {
  const Records = Array.from({ length: 500 }, (_, index) => ({ PartitionKey: `${name} ${index}`, Data: data }));
  return kinesis.client.send(new PutRecordsCommand({ StreamName, Records }));
}

describe('batches of megabytes that are put at the same time', () => {
  it('keep their order each, and have the numbers under which they are read', async () => {
    const StreamName = await kinesis.stream();
    const names = ['a', 'b', 'c'];
    const answers = await Promise.all(names.map((name) => putLarge(StreamName, name)));
    const read = await kinesis.records(await kinesis.iterator(StreamName), 1_500);
    const numbers = read.map(({ SequenceNumber = '' }) => SequenceNumber);
    expect(numbers).toEqual([...new Set(numbers)].sort());
    for (const [index, name] of names.entries()) {
      const own = read.filter(({ PartitionKey }) => PartitionKey?.startsWith(`${name} `));
      expect(own.map(({ PartitionKey }) => PartitionKey)).toEqual(Array.from({ length: 500 }, (_, record) => `${name} ${record}`));
      expect(own.map(({ SequenceNumber }) => SequenceNumber)).toEqual(answers[index]?.Records?.map(({ SequenceNumber }) => SequenceNumber));
    }
  });

  it('are taken as a whole or refused when the stream is deleted meanwhile', async () => {
    const StreamName = await kinesis.stream();
    const puts = ['a', 'b'].map((name) =>
      putLarge(StreamName, name).then(
        ({ Records }) => Records?.length,
        (error: Error) => error.name,
      ),
    );
    await kinesis.client.send(new DeleteStreamCommand({ StreamName }));
    for (const outcome of await Promise.all(puts)) expect([500, 'ResourceNotFoundException']).toContain(outcome);
    expect((await failureOf(putLarge(StreamName, 'late'))).name).toBe('ResourceNotFoundException');
  });
});
