// A bare Node server that answers calls of Kinesis with what was made beforehand: nobody can be answered faster.
import { createServer } from 'node:http';

const record = { SequenceNumber: '49590338271490256608559692538361571095921575989136588898', ShardId: 'shardId-000000000000' };
const stored = {
  ...record,
  Data: Buffer.alloc(100, 'x').toString('base64'),
  PartitionKey: '1',
  ApproximateArrivalTimestamp: 1_700_000_000,
};
const answers = {
  PutRecord: Buffer.from(JSON.stringify(record)),
  PutRecords: Buffer.from(JSON.stringify({ FailedRecordCount: 0, Records: Array.from({ length: 500 }, () => record) })),
  GetShardIterator: Buffer.from(JSON.stringify({ ShardIterator: 'next' })),
  GetRecords: Buffer.from(
    JSON.stringify({ MillisBehindLatest: 1_000, NextShardIterator: 'next', Records: Array.from({ length: 10_000 }, () => stored) }),
  ),
  ListShards: Buffer.from(
    JSON.stringify({ Shards: Array.from({ length: 4 }, (_, index) => ({ ShardId: `shardId-00000000000${index}` })) }),
  ),
  DescribeStreamSummary: Buffer.from(JSON.stringify({ StreamDescriptionSummary: { StreamStatus: 'ACTIVE' } })),
};
const nothing = Buffer.from('{}');

createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const operation = String(request.headers['x-amz-target']).split('.')[1];
    const body = answers[operation] ?? nothing;
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': body.length });
    response.end(body);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
