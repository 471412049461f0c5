import { describe, expect, it } from 'vitest';
import { AnswerOf, type ApiCall, apiCall } from '../../src/aws/api-call.ts';
import { cliLines } from '../../src/aws/cli-line.ts';
import { cliName } from '../../src/aws/cli-name.ts';
import { ZippedFolder } from '../../src/aws/zipped-folder.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const inVersion1 = (call: ApiCall): string => cliLines(call, { version: 1 }).join('\n');
const inVersion2 = (call: ApiCall): string => cliLines(call, { version: 2 }).join('\n');
const put = (data: Uint8Array): ApiCall => apiCall('kinesis', 'PutRecord', { StreamName: 's', PartitionKey: '1', Data: data });

describe('the AWS CLI spells', () => {
  it.each([
    ['CreateStream', 'create-stream'],
    ['DescribeStreamSummary', 'describe-stream-summary'],
    ['GetCallerIdentity', 'get-caller-identity'],
    ['StreamARN', 'stream-arn'],
    ['logGroupName', 'log-group-name'],
    ['MaxRecordSizeInKiB', 'max-record-size-in-ki-b'],
    ['CodeSha256', 'code-sha256'],
    ['S3Bucket', 's3-bucket'],
    ['KMSKeyArn', 'kms-key-arn'],
    ['ListMFADevices', 'list-mfa-devices'],
    ['ClientARNs', 'client-arns'],
  ])('%s as %s', (apiName, cli) => expect(cliName(apiName)).toBe(cli));
});

describe('a call as an AWS CLI line', () => {
  it('has the service, the operation and an option for each member, numbers as they are', () => {
    const call = apiCall('kinesis', 'CreateStream', { StreamName: 'lambda-cli-stream', ShardCount: 1 });
    expect(inVersion2(call)).toBe('aws kinesis create-stream --stream-name lambda-cli-stream --shard-count 1');
  });

  it('goes to s3api for S3, and to the terminal with an object', () => {
    expect(inVersion2(apiCall('s3', 'GetObject', { Bucket: 'b', Key: 'a/b' }))).toBe(
      'aws s3api get-object --bucket b --key a/b /dev/stdout',
    );
  });

  it('leaves out members that are undefined', () => {
    const call: ApiCall = { service: 'kinesis', operation: 'ListStreams', input: { Limit: undefined } };
    expect(inVersion2(call)).toBe('aws kinesis list-streams');
  });

  it('leaves out members that a lab has left empty', () => {
    const call: ApiCall = { service: 'logs', operation: 'FilterLogEvents', input: { logGroupName: 'g', filterPattern: null } };
    expect(inVersion2(call)).toBe('aws logs filter-log-events --log-group-name g');
  });

  it('leads version 1 to another endpoint where it does not go by itself, which is with SQS', () => {
    const call = apiCall('sqs', 'GetQueueUrl', { QueueName: 'q' });
    expect(inVersion1(call)).toBe(`aws sqs get-queue-url --queue-name q \${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"}`);
    expect(inVersion2(call)).toBe('aws sqs get-queue-url --queue-name q');
  });

  it('has booleans as flags', () => {
    const mapping = (enabled: boolean): ApiCall => ({
      service: 'lambda',
      operation: 'UpdateEventSourceMapping',
      input: { Enabled: enabled },
    });
    expect(inVersion2(mapping(true))).toBe('aws lambda update-event-source-mapping --enabled');
    expect(inVersion2(mapping(false))).toBe('aws lambda update-event-source-mapping --no-enabled');
  });

  it('has lists of plain values side by side, other lists as JSON', () => {
    const call = (logStreamNames: readonly unknown[]): ApiCall => ({
      service: 'logs',
      operation: 'FilterLogEvents',
      input: { logStreamNames },
    });
    expect(inVersion2(call(['a', 'b c']))).toBe("aws logs filter-log-events --log-stream-names a 'b c'");
    expect(inVersion2(call([]))).toBe("aws logs filter-log-events --log-stream-names '[]'");
    expect(inVersion2(call(['-x']))).toBe(`aws logs filter-log-events --log-stream-names '["-x"]'`);
    expect(inVersion2(call([{ Key: 'a' }]))).toBe(`aws logs filter-log-events --log-stream-names '[{"Key":"a"}]'`);
  });

  it('has structures and maps as JSON', () => {
    const call: ApiCall = {
      service: 'lambda',
      operation: 'UpdateFunctionConfiguration',
      input: { Environment: { Variables: { A: "it's" } } },
    };
    expect(inVersion2(call)).toBe(`aws lambda update-function-configuration --environment '{"Variables":{"A":"it'\\''s"}}'`);
  });

  it('has times in ISO 8601', () => {
    const call = apiCall('kinesis', 'ListShards', { StreamName: 's', StreamCreationTimestamp: new Date(0) });
    expect(inVersion2(call)).toBe('aws kinesis list-shards --stream-name s --stream-creation-timestamp 1970-01-01T00:00:00.000Z');
  });

  it('ties a value to its option when it looks like an option', () => {
    expect(inVersion1(put(bytes('--help')))).toBe('aws kinesis put-record --stream-name s --partition-key 1 --data=--help');
  });

  it('gives a value that looks like the URL of a file as a file, because the CLI would read it', () => {
    const call: ApiCall = { service: 'lambda', operation: 'UpdateFunctionConfiguration', input: { Description: 'https://example.com' } };
    expect(cliLines(call, { version: 1 })).toEqual([
      'echo aHR0cHM6Ly9leGFtcGxlLmNvbQ== | base64 -d > /tmp/description-1',
      'aws lambda update-function-configuration --description file:///tmp/description-1',
    ]);
  });

  it('is broken at its options when it is long', () => {
    const call = apiCall('lambda', 'CreateEventSourceMapping', {
      FunctionName: 'kinesisEventLogger',
      EventSourceArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/lambda-cli-stream',
      BatchSize: 1,
      StartingPosition: 'LATEST',
    });
    expect(inVersion2(call)).toBe(
      [
        'aws lambda create-event-source-mapping \\',
        '  --function-name kinesisEventLogger \\',
        '  --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/lambda-cli-stream \\',
        '  --batch-size 1 \\',
        '  --starting-position LATEST',
      ].join('\n'),
    );
  });

  it('names a place for the answer of Invoke', () => {
    expect(inVersion2(apiCall('lambda', 'Invoke', { FunctionName: 'f' }))).toBe('aws lambda invoke --function-name f /dev/stdout');
  });
});

describe('bytes on an AWS CLI line', () => {
  it('are text for version 1, which takes no option for it', () => {
    expect(inVersion1(put(bytes('Hello, World')))).toBe("aws kinesis put-record --stream-name s --partition-key 1 --data 'Hello, World'");
  });

  it('are text for version 2, which has to be told', () => {
    expect(inVersion2({ service: 'kinesis', operation: 'PutRecord', input: { Data: bytes('Hello') } })).toBe(
      'aws kinesis put-record --data Hello --cli-binary-format raw-in-base64-out',
    );
  });

  it('are text inside JSON as well', () => {
    const call = apiCall('kinesis', 'PutRecords', { StreamName: 's', Records: [{ PartitionKey: '1', Data: bytes('{"a":1}') }] });
    const records = `--records '[{"PartitionKey":"1","Data":"{\\"a\\":1}"}]'`;
    expect(inVersion1(call)).toBe(`aws kinesis put-records --stream-name s ${records}`);
    expect(inVersion2(call)).toContain('--cli-binary-format raw-in-base64-out');
  });

  it('are text where they come as a Buffer, which has a JSON form of its own', () => {
    const call = apiCall('kinesis', 'PutRecords', { StreamName: 's', Records: [{ PartitionKey: '1', Data: Buffer.from('x') }] });
    expect(inVersion1(call)).toContain('"Data":"x"');
  });

  it.each([
    ['are not UTF-8', Uint8Array.of(0xff, 0xfe), '//4='],
    ['hold control characters', bytes('\u001b[2J'), 'G1sySg=='],
    ['look like the URL of a file', bytes('file:///etc/passwd'), 'ZmlsZTovLy9ldGMvcGFzc3dk'],
  ])('go through a file when they %s', (_, data, base64) => {
    for (const version of [1, 2] as const) {
      expect(cliLines(put(data), { version })).toEqual([
        `echo ${base64} | base64 -d > /tmp/data-1`,
        'aws kinesis put-record --stream-name s --partition-key 1 --data fileb:///tmp/data-1',
      ]);
    }
  });

  it('are base64 inside JSON for version 2 when they are not text, which version 1 cannot send', () => {
    const call = apiCall('kinesis', 'PutRecords', { StreamName: 's', Records: [{ PartitionKey: '1', Data: Uint8Array.of(0xff) }] });
    expect(inVersion2(call)).toBe(`aws kinesis put-records --stream-name s --records '[{"PartitionKey":"1","Data":"/w=="}]'`);
    expect(cliLines(call, { version: 1 })[0]).toBe('# Version 1 of the AWS CLI cannot send these bytes; version 2 can.');
  });
});

describe('the code of a function on an AWS CLI line', () => {
  const code = new ZippedFolder('/srv/my labs/event-logger');

  it('is zipped first, and given beside the structure that it belongs to', () => {
    const call = apiCall('lambda', 'CreateFunction', { FunctionName: 'f', Role: 'r', Code: { ZipFile: code } });
    expect(cliLines(call, { version: 2 })).toEqual([
      "(cd '/srv/my labs/event-logger' && zip -q -r -FS /tmp/event-logger.zip .)",
      'aws lambda create-function --function-name f --role r --zip-file fileb:///tmp/event-logger.zip',
    ]);
  });

  it('is given as it is where the call takes it at the top', () => {
    const call = apiCall('lambda', 'UpdateFunctionCode', { FunctionName: 'f', ZipFile: code });
    expect(cliLines(call, { version: 2 })[1]).toBe(
      'aws lambda update-function-code --function-name f --zip-file fileb:///tmp/event-logger.zip',
    );
  });
});

describe('a call that takes what another call answers', () => {
  const shard = new AnswerOf(apiCall('kinesis', 'ListShards', { StreamName: 'orders' }), 'Shards[0].ShardId');
  const iterator = (ShardId: string | AnswerOf) =>
    new AnswerOf(apiCall('kinesis', 'GetShardIterator', { StreamName: 'orders', ShardId, ShardIteratorType: 'LATEST' }), 'ShardIterator');

  it('has the answer in a variable, which the other call fills', () => {
    expect(inVersion2(apiCall('kinesis', 'GetRecords', { ShardIterator: iterator('shardId-000000000000'), Limit: 2 }))).toBe(
      [
        'SHARD_ITERATOR=$(aws kinesis get-shard-iterator \\',
        '  --stream-name orders \\',
        '  --shard-id shardId-000000000000 \\',
        '  --shard-iterator-type LATEST \\',
        '  --query ShardIterator \\',
        '  --output text)',
        'aws kinesis get-records --shard-iterator "$SHARD_ITERATOR" --limit 2',
      ].join('\n'),
    );
  });

  it('prepares what that call needs before it', () => {
    const lines = cliLines(apiCall('kinesis', 'GetRecords', { ShardIterator: iterator(shard) }), { version: 1 });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe("SHARD_ID=$(aws kinesis list-shards --stream-name orders --query 'Shards[0].ShardId' --output text)");
    expect(lines[1]).toContain('--shard-id "$SHARD_ID"');
  });
});
