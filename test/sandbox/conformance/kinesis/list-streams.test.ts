import { ListStreamsCommand, type ListStreamsInput, paginateListStreams } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { conformance } from '../../../support/conformance.ts';
import { failureOf } from '../../../support/failure.ts';
import { atLeast, atMost, emptyName, invalid, noShorter } from '../../../support/violation.ts';
import { readsTypes } from '../../../support/wire-type.ts';

const kinesis = conformance();

function list(input: ListStreamsInput) {
  return kinesis.client.send(new ListStreamsCommand(input));
}

describe('ListStreams: serialization', () => {
  readsTypes(kinesis, 'ListStreams', { Limit: 'an Integer', ExclusiveStartStreamName: 'a String', NextToken: 'a String' });
});

describe('ListStreams: validation', () => {
  it('reports all values that break their constraints, in the order of AWS', async () => {
    expect(await failureOf(list({ Limit: 0, ExclusiveStartStreamName: '', NextToken: '' }))).toEqual(
      invalid(['limit', '0', atLeast(1)], ...emptyName('exclusiveStartStreamName'), ['nextToken', '', noShorter(1)]),
    );
    expect(await failureOf(list({ Limit: 10_001 }))).toEqual(invalid(['limit', '10001', atMost(10_000)]));
  });

  it('refuses a token that it did not give', async () => {
    expect((await failureOf(list({ NextToken: 'AAAA' }))).name).toBe('InvalidArgumentException');
  });
});

describe('ListStreams: behaviour', () => {
  // The account may have other streams: only those of this file are looked at.
  it('lists streams by name with what is most important of each, page by page', async () => {
    const names = [await kinesis.shared(1), await kinesis.shared(3)];
    const before = (names[0] ?? '').slice(0, -1);
    const first = await list({ ExclusiveStartStreamName: before, Limit: 1 });
    expect(first).toMatchObject({
      StreamNames: [names[0]],
      HasMoreStreams: true,
      StreamSummaries: [
        {
          StreamName: names[0],
          StreamARN: kinesis.arn(names[0] ?? ''),
          StreamStatus: 'ACTIVE',
          StreamModeDetails: { StreamMode: 'PROVISIONED' },
          StreamCreationTimestamp: expect.any(Date),
        },
      ],
    });
    expect((await list({ NextToken: first.NextToken, Limit: 1 })).StreamNames).toEqual([names[1]]);
    expect((await list({ ExclusiveStartStreamName: names[0], Limit: 1 })).StreamNames).toEqual([names[1]]);
  });

  it('can be walked by the paginator of the SDK', async () => {
    const names = [await kinesis.shared(1), await kinesis.shared(3)];
    const seen: string[] = [];
    for await (const { StreamNames = [] } of paginateListStreams({ client: kinesis.client, pageSize: 1 }, {})) seen.push(...StreamNames);
    expect(seen).toEqual(expect.arrayContaining(names));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('ends with nothing after the last name', async () => {
    const { $metadata: _, ...answer } = await list({ ExclusiveStartStreamName: 'z'.repeat(128) });
    expect(answer).toEqual({ StreamNames: [], HasMoreStreams: false, StreamSummaries: [] });
  });
});
