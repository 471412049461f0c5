import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { briefDelays } from '../../support/lambda.ts';
import { mappingSandbox, receiver } from '../../support/mapping.ts';
import { lambdaTrust } from '../../support/policies.ts';

const sandbox = mappingSandbox();
const { lambda } = sandbox;
/** Here a transition takes twenty seconds of the sandbox's time, which passes only while a test waits for it. */
const slow = mappingSandbox({ delays: { ...briefDelays, mappingTransition: 20_000, mappingDelete: 20_000 } });
const code = 'exports.handler = async () => {};';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const nobody = '00000000-0000-4000-8000-000000000000';

async function refusal(settings: Partial<CreateEventSourceMappingCommandInput>) {
  const input = { EventSourceArn: sandbox.arn(await sandbox.stream()), StartingPosition: 'LATEST' as const, ...settings };
  const FunctionName = settings.FunctionName ?? (await lambda.deploy(code));
  return failureOf(sandbox.client.send(new CreateEventSourceMappingCommand({ FunctionName, ...input })));
}

async function roleWith(name: string, actions: readonly string[], Resource = '*'): Promise<string> {
  const { Role } = await lambda.iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: lambdaTrust }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource }] });
  await lambda.iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'inline', PolicyDocument }));
  return Role?.Arn ?? '';
}

describe('CreateEventSourceMapping', () => {
  it('answers 202 with a mapping that is Creating, with the defaults for streams', async () => {
    const stream = await sandbox.stream();
    const name = await lambda.deploy(code);
    const { status, answer } = await sandbox.create(stream, name, { StartingPosition: 'LATEST' });
    expect(status).toBe(202);
    expect(answer).toEqual({
      UUID: expect.stringMatching(uuid),
      BatchSize: 100,
      BisectBatchOnFunctionError: false,
      DestinationConfig: { OnFailure: {} },
      EventSourceArn: sandbox.arn(stream),
      EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${answer.UUID}`,
      FunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      FunctionResponseTypes: [],
      LastModified: expect.any(Date),
      LastProcessingResult: 'No records processed',
      MaximumBatchingWindowInSeconds: 0,
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: -1,
      ParallelizationFactor: 1,
      StartingPosition: 'LATEST',
      State: 'Creating',
      StateTransitionReason: 'User action',
      TumblingWindowInSeconds: 0,
    });
  });

  it('takes what it is given', async () => {
    const settings = {
      BatchSize: 1,
      MaximumBatchingWindowInSeconds: 5,
      ParallelizationFactor: 10,
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 60,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: { Filters: [{ Pattern: '{"data":{"a":[1]}}' }] },
      StartingPosition: 'AT_TIMESTAMP',
      StartingPositionTimestamp: new Date('2026-01-01T00:00:00Z'),
    } satisfies Partial<CreateEventSourceMappingCommandInput>;
    const { answer } = await sandbox.create(await sandbox.stream(), await lambda.deploy(code), settings);
    expect(answer).toMatchObject(settings);
  });

  it('can leave the mapping disabled', async () => {
    const stream = await sandbox.stream();
    await sandbox.put(stream, 'unseen');
    const name = await lambda.deploy(receiver());
    const { uuid: id } = await sandbox.create(stream, name, { Enabled: false });
    await sandbox.until(async () => (await sandbox.mapping(id)).State === 'Disabled');
    await sandbox.pass(60_000);
    expect(await sandbox.received(name)).toEqual([]);
  });

  it('names the version where it was asked for', async () => {
    const name = await lambda.deploy(code);
    const { answer } = await sandbox.create(await sandbox.stream(), `${name}:$LATEST`);
    expect(answer.FunctionArn).toBe(`arn:aws:lambda:us-east-1:000000000000:function:${name}:$LATEST`);
  });
});

describe('CreateEventSourceMapping refuses', () => {
  const invalid = 'InvalidParameterValueException';

  it('a request without a source', async () => {
    expect(await refusal({ EventSourceArn: undefined })).toEqual({ name: invalid, message: 'Unrecognized event source.' });
  });

  it('a starting position that is missing or unknown', async () => {
    expect(await refusal({ StartingPosition: undefined })).toEqual({
      name: invalid,
      message: "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    });
    expect(await refusal({ StartingPosition: 'invalid' as 'LATEST' })).toEqual({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value 'invalid' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
    });
  });

  it('a time stamp without its position, and the other way round, and one to come', async () => {
    const StartingPositionTimestamp = new Date('2026-01-01T00:00:00Z');
    expect((await refusal({ StartingPosition: 'AT_TIMESTAMP' })).name).toBe(invalid);
    expect((await refusal({ StartingPosition: 'LATEST', StartingPositionTimestamp })).name).toBe(invalid);
    const tomorrow = new Date(lambda.sandbox.clock.now() + 86_400_000);
    expect((await refusal({ StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: tomorrow })).message).toContain('future');
  });

  it('a function that does not exist', async () => {
    expect(await refusal({ FunctionName: 'nope' })).toEqual({ name: invalid, message: 'Function does not exist' });
  });

  it('a role that may not read the stream', async () => {
    const stream = await sandbox.stream();
    const message = `Cannot access stream ${sandbox.arn(stream)}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.`;
    const needed = ['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:DescribeStream', 'kinesis:ListShards'];
    for (const missing of needed) {
      const Role = await roleWith(
        `without-${missing.slice(8)}`,
        needed.filter((action) => action !== missing),
      );
      const FunctionName = await lambda.deploy(code, { Role });
      expect(await refusal({ FunctionName, EventSourceArn: sandbox.arn(stream) }), missing).toEqual({ name: invalid, message });
    }
    const elsewhere = await lambda.deploy(code, { Role: await roleWith('elsewhere', ['kinesis:*'], sandbox.arn('other')) });
    expect((await refusal({ FunctionName: elsewhere, EventSourceArn: sandbox.arn(stream) })).message).toBe(message);
    const enough = await lambda.deploy(code, { Role: await roleWith('enough', needed, sandbox.arn(stream)) });
    expect((await sandbox.create(stream, enough)).status).toBe(202);
  });

  it('a stream that does not exist', async () => {
    expect(await refusal({ EventSourceArn: sandbox.arn('nope') })).toEqual({
      name: invalid,
      message: `Stream not found: ${sandbox.arn('nope')}`,
    });
  });

  it('the same stream and function twice', async () => {
    const stream = await sandbox.stream();
    const FunctionName = await lambda.deploy(code);
    const { uuid: existing } = await sandbox.create(stream, FunctionName);
    expect(await refusal({ FunctionName, EventSourceArn: sandbox.arn(stream) })).toEqual({
      name: 'ResourceConflictException',
      message: `The event source arn (" ${sandbox.arn(stream)} ") and function (" ${FunctionName} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${existing}`,
    });
  });

  it('limits that are not kept', async () => {
    expect((await refusal({ BatchSize: 10_001, ParallelizationFactor: 11 })).message).toMatch(
      /^2 validation errors detected: Value '10001' at 'batchSize'/,
    );
    expect((await refusal({ MaximumRecordAgeInSeconds: 59 })).name).toBe('ValidationException');
    expect((await refusal({ FilterCriteria: { Filters: [{ Pattern: '{"a":1}' }] } })).message).toBe('Invalid filter pattern definition.');
    const Filters = Array.from({ length: 6 }, () => ({ Pattern: '{"data":{"a":[1]}}' }));
    expect(await refusal({ FilterCriteria: { Filters } })).toMatchObject({ name: invalid, message: expect.stringContaining('5 filters') });
  });

  it('several batches at once of a shard that has tumbling windows', async () => {
    expect(await refusal({ TumblingWindowInSeconds: 60, ParallelizationFactor: 2 })).toEqual({
      name: invalid,
      message: 'Parallelization factor must be equal to 1 when tumbling window period is configured',
    });
    const FunctionName = await lambda.deploy(code);
    const { uuid: UUID } = await sandbox.create(await sandbox.stream(), FunctionName, { ParallelizationFactor: 2 });
    await sandbox.untilEnabled(UUID);
    const update = sandbox.client.send(new UpdateEventSourceMappingCommand({ UUID, TumblingWindowInSeconds: 60 }));
    expect((await failureOf(update)).message).toBe('Parallelization factor must be equal to 1 when tumbling window period is configured');
    expect((await refusal({ TumblingWindowInSeconds: 901 })).name).toBe('ValidationException');
  });

  it('a destination that the role may not send to, or that cannot be one', async () => {
    const Destination = 'arn:aws:sqs:us-east-1:000000000000:failures';
    const message = 'The function execution role does not have permissions to call SendMessage on SQS';
    expect(await refusal({ DestinationConfig: { OnFailure: { Destination } } })).toEqual({ name: invalid, message });
    const Role = await roleWith('sender', ['kinesis:*', 'sqs:SendMessage']);
    const FunctionName = await lambda.deploy(code, { Role });
    const settings = { DestinationConfig: { OnFailure: { Destination } } };
    const { answer, uuid: UUID } = await sandbox.create(await sandbox.stream(), FunctionName, settings);
    expect(answer).toMatchObject(settings);
    await sandbox.untilEnabled(UUID);
    const bucket = { DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failures' } } };
    expect((await refusal(bucket)).message).toBe('The function execution role does not have permissions to call PutObject on S3');
    const putter = await lambda.deploy(code, { Role: await roleWith('putter', ['kinesis:*', 's3:PutObject']) });
    const listBucket = 'The function execution role does not have permissions to call ListBucket on S3';
    expect((await refusal({ FunctionName: putter, ...bucket })).message).toBe(listBucket);
    const withoutPermission = await lambda.deploy(code);
    const update = (input: object) => sandbox.client.send(new UpdateEventSourceMappingCommand({ UUID, ...input }));
    expect((await failureOf(update({ FunctionName: withoutPermission }))).message).toBe(message);
    expect((await update({ DestinationConfig: { OnFailure: {} } })).DestinationConfig).toEqual({ OnFailure: {} });
    for (const wrong of ['arn:aws:sqs:us-east-1:000000000000:q.fifo', 'arn:aws:lambda:us-east-1:000000000000:function:f'])
      expect((await refusal({ DestinationConfig: { OnFailure: { Destination: wrong } } })).name, wrong).toBe(invalid);
    expect((await refusal({ DestinationConfig: { OnSuccess: { Destination } } })).name).toBe(invalid);
  });

  it('by name what it does not implement, rather than ignore it', async () => {
    const settings: readonly Partial<CreateEventSourceMappingCommandInput>[] = [
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:t' } } },
      { MetricsConfig: { Metrics: ['EventCount'] } },
      { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:q' },
    ];
    for (const each of settings)
      expect((await refusal(each)).message, JSON.stringify(each)).toMatch(/exists on AWS and is not implemented by this sandbox\.$/);
    const nothing = { DestinationConfig: { OnFailure: {} }, TumblingWindowInSeconds: 0 };
    expect((await sandbox.create(await sandbox.stream(), await lambda.deploy(code), nothing)).status).toBe(202);
  });
});

describe('A mapping', () => {
  it('goes through its states, and is in use while it does', async () => {
    const stream = await slow.stream();
    const name = await slow.lambda.deploy(code);
    const { uuid: UUID } = await slow.create(stream, name);
    const state = async () => (await slow.mapping(UUID)).State;
    const update = (Enabled?: boolean) => slow.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled, BatchSize: 7 }));
    const remove = () => slow.client.send(new DeleteEventSourceMappingCommand({ UUID }));
    const inUse = { name: 'ResourceInUseException', message: 'Cannot update the event source mapping because it is in use.' };

    expect(await state()).toBe('Creating');
    expect(await failureOf(update())).toEqual(inUse);
    expect((await failureOf(remove())).message).toBe('Cannot delete the event source mapping because it is in use.');
    await slow.until(async () => (await state()) === 'Enabled');

    const updated = await update();
    expect([updated.$metadata.httpStatusCode, updated.State, updated.BatchSize]).toEqual([202, 'Updating', 7]);
    expect(await failureOf(update())).toEqual(inUse);
    await slow.until(async () => (await state()) === 'Enabled');

    expect((await update(false)).State).toBe('Disabling');
    await slow.until(async () => (await state()) === 'Disabled');
    expect((await update(true)).State).toBe('Enabling');
    await slow.until(async () => (await state()) === 'Enabled');

    const deleted = await remove();
    expect([deleted.$metadata.httpStatusCode, deleted.State, deleted.UUID]).toEqual([202, 'Deleting', UUID]);
    expect(await state()).toBe('Deleting');
    await slow.untilGone(UUID);
  });

  it('that is gone is not found', async () => {
    const missing = { name: 'ResourceNotFoundException', message: 'The resource you requested does not exist.' };
    for (const command of [GetEventSourceMappingCommand, UpdateEventSourceMappingCommand, DeleteEventSourceMappingCommand]) {
      const call = sandbox.client.send(new command({ UUID: nobody }) as GetEventSourceMappingCommand);
      expect(await failureOf(call)).toEqual(missing);
    }
  });

  it('works by its new settings after an update, where it was', async () => {
    const stream = await sandbox.stream();
    const first = await lambda.deploy(receiver());
    const UUID = await sandbox.map(stream, first, { BatchSize: 1 });
    await sandbox.putAll(stream, ['a', 'b']);
    expect(await sandbox.batches(first, 2)).toEqual([['a'], ['b']]);
    const second = await lambda.deploy(receiver());
    await sandbox.client.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 10, FunctionName: second }));
    await sandbox.untilEnabled(UUID);
    await sandbox.pass(1_000);
    await sandbox.putAll(stream, ['c', 'd']);
    expect(await sandbox.batches(second, 1)).toEqual([['c', 'd']]);
    expect(await sandbox.received(first)).toHaveLength(2);
  });

  it('delivers nothing after it was deleted', async () => {
    const stream = await sandbox.stream();
    const name = await lambda.deploy(receiver());
    const UUID = await sandbox.map(stream, name);
    await sandbox.put(stream, 'seen');
    await sandbox.batches(name, 1);
    await sandbox.client.send(new DeleteEventSourceMappingCommand({ UUID }));
    await sandbox.untilGone(UUID);
    await sandbox.put(stream, 'unseen');
    await sandbox.pass(60_000);
    expect(await sandbox.received(name)).toHaveLength(1);
  });

  it('has tags', async () => {
    const { answer } = await sandbox.create(await sandbox.stream(), await lambda.deploy(code), { Tags: { lab: '01' } });
    const Resource = answer.EventSourceMappingArn;
    await sandbox.client.send(new TagResourceCommand({ Resource, Tags: { run: 'a' } }));
    expect((await sandbox.client.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ lab: '01', run: 'a' });
  });
});

describe('ListEventSourceMappings', () => {
  it('lists all, or those of a stream, or those of a function, page by page', async () => {
    const [one, other] = [await sandbox.stream(), await sandbox.stream()];
    const [f, g] = [await lambda.deploy(code), await lambda.deploy(code)];
    const created = [await sandbox.create(one, f), await sandbox.create(one, g), await sandbox.create(other, f)].map((each) => each.uuid);
    const list = async (input: { EventSourceArn?: string; FunctionName?: string; MaxItems?: number; Marker?: string }) => {
      const { EventSourceMappings = [], NextMarker } = await sandbox.client.send(new ListEventSourceMappingsCommand(input));
      return { uuids: EventSourceMappings.map(({ UUID = '' }) => UUID), NextMarker };
    };
    expect((await list({})).uuids).toEqual(expect.arrayContaining(created));
    expect((await list({ EventSourceArn: sandbox.arn(one) })).uuids.sort()).toEqual(created.slice(0, 2).sort());
    const first = await list({ FunctionName: f, MaxItems: 1 });
    const second = await list({ FunctionName: f, MaxItems: 1, ...(first.NextMarker ? { Marker: first.NextMarker } : {}) });
    expect([...first.uuids, ...second.uuids].sort()).toEqual([created[0], created[2]].sort());
    expect(second.NextMarker).toBeUndefined();
  });
});
