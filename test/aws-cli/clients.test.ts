import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { environmentFor } from '../support/environment.ts';
import { hasAwsCli, hasBoto3, needs, run } from '../support/programs.ts';

// The commands of the exercise that lab 01 grew out of, as a person types them in a second terminal: whoever has the
// environment that `kinesis-labs sandbox` prints needs nothing else.

let sandbox: Sandbox;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), 'kinesis-labs-clients-'));
  env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    ...environmentFor(sandbox, sandbox.credentials),
    AWS_PAGER: '',
  };
});

afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const handler = `exports.handler = async (event) => {
  event.Records.forEach((record) => console.log(Buffer.from(record.kinesis.data, 'base64').toString('utf8')));
};
`;

const trust =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}';

/** Version 2 of the AWS CLI takes blobs for base64 unless it is told otherwise; version 1 does not know how to be told. */
const script = `
set -euo pipefail
raw=$(aws --version 2>&1 | grep -q 'aws-cli/2' && echo '--cli-binary-format raw-in-base64-out' || true)
aws iam create-role --role-name lambda-cli-role --assume-role-policy-document '${trust}' --query Role.Arn --output text > role-arn
aws iam attach-role-policy --role-name lambda-cli-role --policy-arn arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole
aws kinesis create-stream --stream-name lambda-cli-stream --shard-count 1
until [ "$(aws kinesis describe-stream-summary --stream-name lambda-cli-stream --query StreamDescriptionSummary.StreamStatus --output text)" = ACTIVE ]; do :; done
aws kinesis list-streams > list.json
STREAM_ARN=$(aws kinesis describe-stream --stream-name lambda-cli-stream --query StreamDescription.StreamARN --output text)
python3 -c "import zipfile; zipfile.ZipFile('function.zip', 'w').write('kinesisEventLogger.js')"
aws lambda create-function --function-name kinesisEventLogger --handler kinesisEventLogger.handler --runtime nodejs22.x \\
  --role "$(cat role-arn)" --zip-file fileb://function.zip > function.json
until [ "$(aws lambda get-function-configuration --function-name kinesisEventLogger --query State --output text)" = Active ]; do :; done
UUID=$(aws lambda create-event-source-mapping --function-name kinesisEventLogger --event-source-arn "$STREAM_ARN" --batch-size 1 \\
  --starting-position TRIM_HORIZON --query UUID --output text)
aws lambda list-event-source-mappings --function-name kinesisEventLogger > mappings.json
aws kinesis put-record --stream-name lambda-cli-stream --partition-key 1 $raw --data 'Hello, Lambda CLI World' > put.json
until aws logs describe-log-streams --log-group-name /aws/lambda/kinesisEventLogger > streams.json 2>/dev/null && grep -q logStreamName streams.json; do :; done
LOG_STREAM_NAME=$(python3 -c "import json; print(json.load(open('streams.json'))['logStreams'][0]['logStreamName'])")
until aws logs get-log-events --log-group-name /aws/lambda/kinesisEventLogger --log-stream-name "$LOG_STREAM_NAME" > events.json && grep -q REPORT events.json; do :; done
aws lambda delete-event-source-mapping --uuid "$UUID" > deleted.json
aws lambda delete-function --function-name kinesisEventLogger > deleted.json
aws logs delete-log-group --log-group-name /aws/lambda/kinesisEventLogger
aws kinesis delete-stream --stream-name lambda-cli-stream
aws iam detach-role-policy --role-name lambda-cli-role --policy-arn arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole
aws iam delete-role --role-name lambda-cli-role
cat events.json
`;

/**
 * Version 1 of the AWS CLI sends SQS requests to AWS whatever AWS_ENDPOINT_URL says, and wants to be told by the option
 * (its customization `overridesslcommonname` fills the option in before the environment is looked at).
 */
const queuesAndBuckets = `
set -euo pipefail
sqs() { aws --endpoint-url "$AWS_ENDPOINT_URL" sqs "$@"; }
URL=$(sqs create-queue --queue-name letters --attributes VisibilityTimeout=5 --query QueueUrl --output text)
sqs send-message --queue-url "$URL" --message-body hello --message-attributes '{"Foo":{"DataType":"String","StringValue":"Bar"}}' --query MD5OfMessageAttributes --output text
sqs receive-message --queue-url "$URL" --wait-time-seconds 5 > received.json
python3 -c "import json; m = json.load(open('received.json'))['Messages'][0]; print(m['Body']); open('handle', 'w').write(m['ReceiptHandle'])"
sqs delete-message --queue-url "$URL" --receipt-handle "$(cat handle)"
sqs get-queue-attributes --queue-url "$URL" --attribute-names ApproximateNumberOfMessages --query Attributes.ApproximateNumberOfMessages --output text
sqs get-queue-url --queue-name nowhere 2>&1 | grep -o 'AWS.SimpleQueueService.NonExistentQueue' || true
sqs delete-queue --queue-url "$URL"
aws s3 mb s3://letters-bucket
printf 'from a file' > file.txt
aws s3 cp --quiet file.txt 's3://letters-bucket/a folder/file+1.txt'
printf 'from a pipe' | aws s3 cp - s3://letters-bucket/pipe.txt
aws s3 cp --quiet s3://letters-bucket/pipe.txt s3://letters-bucket/copy.txt
aws s3 cp 's3://letters-bucket/a folder/file+1.txt' -; echo
aws s3 ls s3://letters-bucket --recursive | cut -c21-
aws s3api get-object --bucket letters-bucket --key none none.txt 2>&1 | grep -o 'An error.*'  || true
aws s3 rm --quiet --recursive s3://letters-bucket
aws s3 rb s3://letters-bucket
`;

const python = `
import boto3, io, time
kinesis = boto3.client('kinesis')
kinesis.create_stream(StreamName='from-boto3', ShardCount=2)
kinesis.get_waiter('stream_exists').wait(StreamName='from-boto3', WaiterConfig={'Delay': 1})
sent = [kinesis.put_record(StreamName='from-boto3', PartitionKey=str(n), Data=f'record {n}'.encode()) for n in range(5)]
batch = kinesis.put_records(StreamName='from-boto3', Records=[{'PartitionKey': 'test', 'Data': b'six'}, {'PartitionKey': '1', 'Data': b'seven'}])
assert batch['FailedRecordCount'] == 0, batch
read = []
for shard in kinesis.list_shards(StreamName='from-boto3')['Shards']:
    iterator = kinesis.get_shard_iterator(StreamName='from-boto3', ShardId=shard['ShardId'], ShardIteratorType='TRIM_HORIZON')['ShardIterator']
    read += [record['Data'].decode() for record in kinesis.get_records(ShardIterator=iterator)['Records']]
print(sorted(read))
try:
    kinesis.describe_stream(StreamName='missing')
except kinesis.exceptions.ResourceNotFoundException as error:
    print(error.response['Error']['Message'])
kinesis.delete_stream(StreamName='from-boto3')
kinesis.get_waiter('stream_not_exists').wait(StreamName='from-boto3', WaiterConfig={'Delay': 1})
print(boto3.client('sts').get_caller_identity()['Account'])
sqs, s3 = boto3.client('sqs'), boto3.client('s3')
url = sqs.create_queue(QueueName='from-boto3')['QueueUrl']
sqs.send_message_batch(QueueUrl=url, Entries=[{'Id': str(n), 'MessageBody': f'message {n}'} for n in range(3)])
print([message['Body'] for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=5)['Messages']])
try:
    sqs.get_queue_url(QueueName='missing')
except sqs.exceptions.QueueDoesNotExist as error:
    print(error.response['Error']['Code'])
s3.create_bucket(Bucket='from-boto3')
s3.upload_fileobj(io.BytesIO('Grüße'.encode()), 'from-boto3', 'a/ü+ b.txt')
print([entry['Key'] for entry in s3.list_objects_v2(Bucket='from-boto3')['Contents']], s3.get_object(Bucket='from-boto3', Key='a/ü+ b.txt')['Body'].read().decode())
try:
    s3.get_object(Bucket='from-boto3', Key='missing')
except s3.exceptions.NoSuchKey as error:
    print(error.response['Error']['Message'])
print([entry['Key'] for entry in s3.delete_objects(Bucket='from-boto3', Delete={'Objects': [{'Key': 'a/ü+ b.txt'}]})['Deleted']])
`;

describe('the real clients', () => {
  it.skipIf(!hasAwsCli)(
    `the AWS CLI builds the pipeline, sends "Hello", finds it in the log and takes everything down${needs('AWS CLI', hasAwsCli)}`,
    { timeout: 120_000 },
    async () => {
      writeFileSync(join(folder, 'kinesisEventLogger.js'), handler);
      const finished = await run('bash', ['-c', script], { env, cwd: folder });
      expect(finished.stderr).toBe('');
      expect(finished.code).toBe(0);
      const { events } = JSON.parse(finished.stdout) as { events: readonly { message: string }[] };
      const messages = events.map((event) => event.message);
      expect(messages).toContainEqual(expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z\t[0-9a-f-]{36}\tINFO\tHello, Lambda CLI World\n$/));
      expect(messages).toContainEqual(expect.stringMatching(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST\n$/));
      expect(messages).toContainEqual(expect.stringMatching(/^REPORT RequestId: .*\tInit Duration: [\d.]+ ms\t\n$/));
    },
  );

  it.skipIf(!hasBoto3)(
    `boto3 puts, reads, waits and catches its own exceptions${needs('boto3', hasBoto3)}`,
    { timeout: 60_000 },
    async () => {
      const finished = await run('python3', ['-c', python], { env, cwd: folder });
      expect(finished.stderr).toBe('');
      expect(finished.stdout.trim().split('\n')).toEqual([
        "['record 0', 'record 1', 'record 2', 'record 3', 'record 4', 'seven', 'six']",
        'Stream missing under account 000000000000 not found.',
        '000000000000',
        "['message 0', 'message 1', 'message 2']",
        'AWS.SimpleQueueService.NonExistentQueue',
        "['a/ü+ b.txt'] Grüße",
        'The specified key does not exist.',
        "['a/ü+ b.txt']",
      ]);
    },
  );

  it.skipIf(!hasAwsCli)(
    `the AWS CLI sends letters through a queue and copies files into a bucket and out${needs('AWS CLI', hasAwsCli)}`,
    { timeout: 120_000 },
    async () => {
      const finished = await run('bash', ['-c', queuesAndBuckets], { env, cwd: folder });
      expect(finished.stderr).toBe('');
      expect(finished.stdout.trim().split('\n')).toEqual([
        // As AWS answered for this attribute (recorded).
        'ae7155c6026991b6d54b11589678bf9c',
        'hello',
        '0',
        'AWS.SimpleQueueService.NonExistentQueue',
        'make_bucket: letters-bucket',
        'from a file',
        '        11 a folder/file+1.txt',
        '        11 copy.txt',
        '        11 pipe.txt',
        'An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.',
        'remove_bucket: letters-bucket',
      ]);
    },
  );
});
