import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quickDelays } from '../../../src/sandbox/delays.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const clock = manualClock(Date.now());
let aws: SandboxUnderTest;

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
});
afterAll(() => aws.stop());

const arn = (name: string) => `arn:aws:logs:us-east-1:000000000000:log-group:${name}`;
const names = (groups: readonly { logGroupName?: string | undefined }[] | undefined) => groups?.map(({ logGroupName }) => logGroupName);

describe('log groups', () => {
  it('are described as AWS describes them', async () => {
    await aws.logs.createLogGroup({ logGroupName: '/described' });
    expect((await aws.logs.describeLogGroups({ logGroupNamePrefix: '/described' })).logGroups).toEqual([
      {
        logGroupName: '/described',
        creationTime: clock.now(),
        metricFilterCount: 0,
        arn: `${arn('/described')}:*`,
        storedBytes: 0,
        logGroupClass: 'STANDARD',
        logGroupArn: arn('/described'),
        deletionProtectionEnabled: false,
      },
    ]);
  });

  it('are created once', async () => {
    await aws.logs.createLogGroup({ logGroupName: '/once' });
    expect(await refusal(aws.logs.createLogGroup({ logGroupName: '/once' }))).toEqual({
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log group already exists',
      status: 400,
    });
  });

  it('have names of a few characters only', async () => {
    expect(await refusal(aws.logs.createLogGroup({ logGroupName: 'a b' }))).toEqual({
      name: 'InvalidParameterException',
      message: String.raw`1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`,
      status: 400,
    });
    for (const logGroupName of ['a'.repeat(513), 'a'.repeat(600)]) {
      const tooLong = {
        name: 'InvalidParameterException',
        message: 'Invalid LogGroup or LogStream, both must have length less than or equal to 512.',
      };
      expect(await refusal(aws.logs.createLogGroup({ logGroupName }))).toMatchObject(tooLong);
      expect(await refusal(aws.logs.describeLogStreams({ logGroupName }))).toMatchObject(tooLong);
    }
  });

  it('are named by an ARN without the asterisk behind it, in the words of AWS', async () => {
    const logGroupIdentifier = 'arn:aws:logs:us-east-1:000000000000:log-group:/described:*';
    expect(await refusal(aws.logs.describeLogStreams({ logGroupIdentifier }))).toMatchObject({
      name: 'InvalidParameterException',
      message: String.raw`1 validation error detected: Value at 'logGroupIdentifier' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w#+=/:,.@-]*`,
    });
  });

  it('are found by prefix or by a part of their name, not by both', async () => {
    for (const logGroupName of ['/find/one', '/find/two', '/other/one']) await aws.logs.createLogGroup({ logGroupName });
    expect(names((await aws.logs.describeLogGroups({ logGroupNamePrefix: '/find' })).logGroups)).toEqual(['/find/one', '/find/two']);
    const byPattern = (await aws.logs.describeLogGroups({ logGroupNamePattern: '/one' })).logGroups;
    expect(names(byPattern)).toEqual(['/find/one', '/other/one']);
    for (const member of ['storedBytes', 'deletionProtectionEnabled']) expect(byPattern?.[0]).not.toHaveProperty(member);
    expect(await refusal(aws.logs.describeLogGroups({ logGroupNamePattern: 'a', logGroupNamePrefix: 'b' }))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    });
  });

  it('are paged through by name', async () => {
    for (const name of ['c', 'a', 'b']) await aws.logs.createLogGroup({ logGroupName: `/page/${name}` });
    const first = await aws.logs.describeLogGroups({ logGroupNamePrefix: '/page', limit: 2 });
    expect(names(first.logGroups)).toEqual(['/page/a', '/page/b']);
    const second = await aws.logs.describeLogGroups({ logGroupNamePrefix: '/page', limit: 2, nextToken: first.nextToken });
    expect(names(second.logGroups)).toEqual(['/page/c']);
    expect(second.nextToken).toBeUndefined();
    expect(await refusal(aws.logs.describeLogGroups({ nextToken: 'x' }))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'The specified nextToken is invalid.',
    });
  });

  it('are gone with everything in them when they are deleted', async () => {
    await aws.logs.createLogGroup({ logGroupName: '/gone' });
    await aws.logs.createLogStream({ logGroupName: '/gone', logStreamName: 's' });
    await aws.logs.deleteLogGroup({ logGroupName: '/gone' });
    const missing = { name: 'ResourceNotFoundException', message: 'The specified log group does not exist.', status: 400 };
    expect(await refusal(aws.logs.deleteLogGroup({ logGroupName: '/gone' }))).toEqual(missing);
    expect(await refusal(aws.logs.describeLogStreams({ logGroupName: '/gone' }))).toEqual(missing);
    expect(await refusal(aws.logs.getLogEvents({ logGroupName: '/gone', logStreamName: 's' }))).toEqual(missing);
    expect(await refusal(aws.logs.filterLogEvents({ logGroupName: '/gone' }))).toEqual(missing);
  });

  it('stay when they are protected from deletion', async () => {
    await aws.logs.createLogGroup({ logGroupName: '/protected', deletionProtectionEnabled: true });
    expect(await refusal(aws.logs.deleteLogGroup({ logGroupName: '/protected' }))).toMatchObject({ name: 'ValidationException' });
  });

  it('carry tags', async () => {
    await aws.logs.createLogGroup({ logGroupName: '/tagged', tags: { lab: '01' } });
    const resourceArn = arn('/tagged');
    await aws.logs.tagResource({ resourceArn, tags: { lab: '02', run: 'x' } });
    expect((await aws.logs.listTagsForResource({ resourceArn })).tags).toEqual({ lab: '02', run: 'x' });
    await aws.logs.untagResource({ resourceArn, tagKeys: ['lab'] });
    expect((await aws.logs.listTagsForResource({ resourceArn })).tags).toEqual({ run: 'x' });
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, '']));
    expect(await refusal(aws.logs.tagResource({ resourceArn, tags }))).toMatchObject({ name: 'TooManyTagsException' });
    expect(await refusal(aws.logs.listTagsForResource({ resourceArn: `${resourceArn}:*` }))).toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining("at 'resourceArn' failed to satisfy constraint"),
    });
    expect(await refusal(aws.logs.listTagsForResource({ resourceArn: arn('/untagged') }))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('the retention of a log group', () => {
  it('is set, shown and taken back', async () => {
    const logGroupName = '/kept';
    await aws.logs.createLogGroup({ logGroupName });
    const described = async () => (await aws.logs.describeLogGroups({ logGroupNamePrefix: logGroupName })).logGroups?.[0];
    expect(await described()).not.toHaveProperty('retentionInDays');
    await aws.logs.putRetentionPolicy({ logGroupName, retentionInDays: 7 });
    expect(await described()).toMatchObject({ retentionInDays: 7 });
    await aws.logs.deleteRetentionPolicy({ logGroupName });
    expect(await described()).not.toHaveProperty('retentionInDays');
  });

  it('is one of a list of days', async () => {
    await aws.logs.createLogGroup({ logGroupName: '/odd' });
    expect((await refusal(aws.logs.putRetentionPolicy({ logGroupName: '/odd', retentionInDays: 2 }))).message).toMatch(
      /^1 validation error detected: Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: \[1, 3, 5, 7/,
    );
  });

  it('ends events', async () => {
    const stream = { logGroupName: '/ending', logStreamName: 's' };
    await aws.logs.createLogGroup({ logGroupName: '/ending' });
    await aws.logs.createLogStream(stream);
    await aws.logs.putLogEvents({ ...stream, logEvents: [{ timestamp: clock.now(), message: 'now' }] });
    await aws.logs.putRetentionPolicy({ logGroupName: '/ending', retentionInDays: 1 });
    await clock.advance(quickDelays.logDelivery);
    expect((await aws.logs.getLogEvents({ ...stream, startFromHead: true })).events).toHaveLength(1);
    await clock.advance(24 * 60 * 60 * 1000);
    expect((await aws.logs.getLogEvents({ ...stream, startFromHead: true })).events).toEqual([]);
    expect((await aws.logs.filterLogEvents({ logGroupName: '/ending' })).events).toEqual([]);
  });
});

describe('log streams', () => {
  const logGroupName = '/streams';
  const streams = async (over: Readonly<Record<string, unknown>> = {}) => aws.logs.describeLogStreams({ logGroupName, ...over });

  beforeAll(async () => {
    await aws.logs.createLogGroup({ logGroupName });
    for (const logStreamName of ['2026/11/21/[$LATEST]b', '2026/11/21/[$LATEST]a', 'other']) {
      await aws.logs.createLogStream({ logGroupName, logStreamName });
    }
  });

  it('are described without times before anything was written', async () => {
    expect((await streams({ logStreamNamePrefix: 'other' })).logStreams).toEqual([
      { logStreamName: 'other', creationTime: clock.now(), arn: `${arn(logGroupName)}:log-stream:other`, storedBytes: 0 },
    ]);
  });

  it('are listed by name, or by the time of the last event, newest first when asked', async () => {
    const listed = async (over: Readonly<Record<string, unknown>>) =>
      (await streams(over)).logStreams?.map(({ logStreamName }) => logStreamName);
    const write = async (logStreamName: string, timestamp: number) => {
      await aws.logs.putLogEvents({ logGroupName, logStreamName, logEvents: [{ timestamp, message: 'x' }] });
      await clock.advance(quickDelays.logDelivery);
    };
    await write('2026/11/21/[$LATEST]a', clock.now());
    await write('2026/11/21/[$LATEST]b', clock.now() - 1000);
    expect(await listed({})).toEqual(['2026/11/21/[$LATEST]a', '2026/11/21/[$LATEST]b', 'other']);
    expect(await listed({ descending: true })).toEqual(['other', '2026/11/21/[$LATEST]b', '2026/11/21/[$LATEST]a']);
    expect(await listed({ orderBy: 'LastEventTime', descending: true })).toEqual([
      '2026/11/21/[$LATEST]a',
      '2026/11/21/[$LATEST]b',
      'other',
    ]);
    const first = await streams({ orderBy: 'LastEventTime', descending: true, limit: 1 });
    expect(first.logStreams?.[0]).toMatchObject({
      firstEventTimestamp: expect.any(Number),
      lastEventTimestamp: expect.any(Number),
      lastIngestionTime: expect.any(Number),
      uploadSequenceToken: expect.stringMatching(/^\d{56}$/),
    });
    expect(await listed({ orderBy: 'LastEventTime', descending: true, limit: 1, nextToken: first.nextToken })).toEqual([
      '2026/11/21/[$LATEST]b',
    ]);
  });

  it('are not looked for by name and by time at once', async () => {
    expect(await refusal(streams({ orderBy: 'LastEventTime', logStreamNamePrefix: 'x' }))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Cannot order by LastEventTime with a logStreamNamePrefix.',
    });
  });

  it('can be asked for by the ARN of the group', async () => {
    const described = await aws.logs.describeLogStreams({ logGroupIdentifier: arn(logGroupName), limit: 1 });
    expect(described.logStreams).toHaveLength(1);
    expect(await refusal(aws.logs.describeLogStreams({ logGroupIdentifier: arn(logGroupName), logGroupName }))).toMatchObject({
      name: 'ValidationException',
      message: 'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
    });
    expect(await refusal(aws.logs.describeLogStreams({}))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('are created once, and deleted once', async () => {
    const stream = { logGroupName, logStreamName: 'short-lived' };
    await aws.logs.createLogStream(stream);
    expect(await refusal(aws.logs.createLogStream(stream))).toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log stream already exists',
    });
    await aws.logs.deleteLogStream(stream);
    expect(await refusal(aws.logs.deleteLogStream(stream))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
    expect(await refusal(aws.logs.createLogStream({ logGroupName: '/nowhere', logStreamName: 's' }))).toMatchObject({
      message: 'The specified log group does not exist.',
    });
  });
});
