import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { quickDelays } from '../../../src/sandbox/delays.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { refusal } from '../../support/refusal.ts';
import { type SandboxUnderTest, sandboxUnderTest } from '../../support/sandbox-clients.ts';

const clock = manualClock(Date.now());
let aws: SandboxUnderTest;
let made = 0;
let stream = { logGroupName: '', logStreamName: 's' };

beforeAll(async () => {
  aws = await sandboxUnderTest({ clock });
});
afterAll(() => aws.stop());

beforeEach(async () => {
  made += 1;
  stream = { logGroupName: `/group-${made}`, logStreamName: 's' };
  await aws.logs.createLogGroup({ logGroupName: stream.logGroupName });
  await aws.logs.createLogStream(stream);
});

/** Writes events a millisecond apart, beginning at `start`, and lets them arrive. */
async function write(texts: readonly string[], start = clock.now(), logStreamName = stream.logStreamName) {
  const logEvents = texts.map((message, index) => ({ timestamp: start + index, message }));
  const answer = await aws.logs.putLogEvents({ ...stream, logStreamName, logEvents });
  await clock.advance(quickDelays.logDelivery);
  return answer;
}

const texts = (events: readonly { message?: string | undefined }[] | undefined) => events?.map(({ message }) => message).join(' ');

describe('PutLogEvents', () => {
  it('answers a sequence token that nobody has to use', async () => {
    expect(await write(['a'])).toMatchObject({ nextSequenceToken: expect.stringMatching(/^\d{56}$/) });
    await aws.logs.putLogEvents({ ...stream, sequenceToken: 'whatever', logEvents: [{ timestamp: clock.now(), message: 'b' }] });
  });

  it.each([
    ['events that are out of order', [5, 4], 'Log events in a single PutLogEvents request must be in chronological order.'],
    [
      'more than a day at once',
      [-86_400_001, 0],
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    ],
  ])('refuses %s', async (_what, offsets, message) => {
    const logEvents = offsets.map((offset) => ({ timestamp: clock.now() + offset, message: 'x' }));
    expect(await refusal(aws.logs.putLogEvents({ ...stream, logEvents }))).toMatchObject({ name: 'InvalidParameterException', message });
  });

  it('refuses more than a megabyte, in one event or in all', async () => {
    const event = (length: number) => ({ timestamp: clock.now(), message: 'x'.repeat(length) });
    const put = (logEvents: { timestamp: number; message: string }[]) => refusal(aws.logs.putLogEvents({ ...stream, logEvents }));
    expect(await put([event(1_048_576)])).toMatchObject({ message: 'Log event too large: 1048602 bytes exceeds limit of 1048576' });
    expect(await put([event(600_000), event(600_000)])).toMatchObject({
      message: 'Upload too large: 1200052 bytes exceeds limit of 1048576',
    });
  });

  it('refuses an empty batch and an empty message', async () => {
    expect((await refusal(aws.logs.putLogEvents({ ...stream, logEvents: [] }))).message).toContain("at 'logEvents' failed to satisfy");
    expect((await refusal(write(['']))).message).toContain("at 'logEvents.1.member.message' failed to satisfy");
  });

  it('leaves out what is too old or too new, and says so', async () => {
    const day = 86_400_000;
    const old = await write(['old', 'new'], clock.now() - 14 * day - 1);
    expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    const future = await write(['now', 'later'], clock.now() + 2 * 3_600_000);
    expect(future.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect(texts((await aws.logs.getLogEvents({ ...stream, startFromHead: true })).events)).toBe('new now');
    await aws.logs.putRetentionPolicy({ logGroupName: stream.logGroupName, retentionInDays: 1 });
    expect((await write(['x'], clock.now() - day - 1)).rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
  });

  it('needs the group and the stream', async () => {
    const logEvents = [{ timestamp: clock.now(), message: 'x' }];
    expect((await refusal(aws.logs.putLogEvents({ ...stream, logGroupName: '/nowhere', logEvents }))).message).toBe(
      'The specified log group does not exist.',
    );
    expect((await refusal(aws.logs.putLogEvents({ ...stream, logStreamName: 'nowhere', logEvents }))).message).toBe(
      'The specified log stream does not exist.',
    );
  });
});

describe('GetLogEvents', () => {
  it('shows the newest page first, its events in the order of time', async () => {
    await write(['a', 'b', 'c', 'd', 'e']);
    const last = await aws.logs.getLogEvents({ ...stream, limit: 2 });
    expect(texts(last.events)).toBe('d e');
    const middle = await aws.logs.getLogEvents({ ...stream, limit: 2, nextToken: last.nextBackwardToken });
    expect(texts(middle.events)).toBe('b c');
    const first = await aws.logs.getLogEvents({ ...stream, limit: 2, nextToken: middle.nextBackwardToken });
    expect(texts(first.events)).toBe('a');
    const again = await aws.logs.getLogEvents({ ...stream, limit: 2, nextToken: middle.nextForwardToken, startFromHead: true });
    expect(texts(again.events)).toBe('d e');
  });

  it('reads from the head when asked, until the token that comes back is the one that was sent', async () => {
    await write(['a', 'b', 'c', 'd', 'e']);
    const pages: (string | undefined)[] = [];
    let nextToken: string | undefined;
    for (;;) {
      const page = await aws.logs.getLogEvents({ ...stream, limit: 2, startFromHead: true, nextToken });
      pages.push(texts(page.events));
      if (page.nextForwardToken === nextToken) break;
      nextToken = page.nextForwardToken;
    }
    expect(pages).toEqual(['a b', 'c d', 'e', '']);
    await write(['f']);
    expect(texts((await aws.logs.getLogEvents({ ...stream, nextToken, startFromHead: true })).events)).toBe('f');
  });

  it('comes to an end backwards in the same way', async () => {
    await write(['a']);
    const { nextBackwardToken } = await aws.logs.getLogEvents(stream);
    const end = await aws.logs.getLogEvents({ ...stream, nextToken: nextBackwardToken });
    expect(end).toMatchObject({ events: [], nextBackwardToken });
    const forward = await aws.logs.getLogEvents({ ...stream, nextToken: end.nextForwardToken, startFromHead: true });
    expect(texts(forward.events)).toBe('a');
  });

  it.each([false, true])(
    'gives both tokens for an empty stream, with which what is written later is found (startFromHead: %s)',
    async (startFromHead) => {
      const empty = await aws.logs.getLogEvents({ ...stream, startFromHead });
      expect(empty).toMatchObject({
        events: [],
        nextForwardToken: expect.stringMatching(/^f\/\d{56}\/s$/),
        nextBackwardToken: expect.stringMatching(/^b\/\d{56}\/s$/),
      });
      const back = await aws.logs.getLogEvents({ ...stream, nextToken: empty.nextBackwardToken });
      expect(back.nextBackwardToken).toBe(empty.nextBackwardToken);
      await write(['late']);
      for (const nextToken of [empty.nextForwardToken, back.nextForwardToken]) {
        expect(texts((await aws.logs.getLogEvents({ ...stream, nextToken, startFromHead: true })).events)).toBe('late');
      }
    },
  );

  it('keeps to a range of time, whose end is not part of it', async () => {
    const start = clock.now();
    await write(['a', 'b', 'c', 'd'], start);
    const page = await aws.logs.getLogEvents({ ...stream, startTime: start + 1, endTime: start + 3 });
    expect(page.events).toEqual([
      { timestamp: start + 1, message: 'b', ingestionTime: expect.any(Number) },
      { timestamp: start + 2, message: 'c', ingestionTime: expect.any(Number) },
    ]);
  });

  it('puts as much on a page as fits into a megabyte', async () => {
    const half = 'x'.repeat(500_000);
    for (let count = 0; count < 5; count++) await write([half]);
    expect((await aws.logs.getLogEvents({ ...stream, startFromHead: true })).events).toHaveLength(2);
    expect((await aws.logs.getLogEvents(stream)).events).toHaveLength(2);
  });

  it('refuses a token that it did not give out, and too much at once', async () => {
    expect(await refusal(aws.logs.getLogEvents({ ...stream, nextToken: 'f/12/s' }))).toEqual({
      name: 'InvalidParameterException',
      message: 'The specified nextToken is invalid.',
      status: 400,
    });
    expect(await refusal(aws.logs.getLogEvents({ ...stream, limit: 10001 }))).toMatchObject({
      message:
        "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
    });
  });
});

describe('FilterLogEvents', () => {
  const filter = (over: Readonly<Record<string, unknown>> = {}) => aws.logs.filterLogEvents({ logGroupName: stream.logGroupName, ...over });

  /** Two streams whose events alternate: a 1 b 2 c 3. */
  async function writeTwoStreams(start = clock.now() - 100): Promise<number> {
    await aws.logs.createLogStream({ ...stream, logStreamName: 't' });
    for (const [index, text] of ['a', 'b', 'c'].entries()) await write([text], start + 2 * index);
    for (const [index, text] of ['1', '2', '3'].entries()) await write([text], start + 2 * index + 1, 't');
    return start;
  }

  it('merges the streams of a group in the order of time', async () => {
    const start = await writeTwoStreams();
    const { events, searchedLogStreams, nextToken } = await filter();
    expect(texts(events)).toBe('a 1 b 2 c 3');
    expect(events?.[1]).toEqual({
      logStreamName: 't',
      timestamp: start + 1,
      message: '1',
      ingestionTime: expect.any(Number),
      eventId: expect.stringMatching(/^\d{56}$/),
    });
    expect(searchedLogStreams).toEqual([]);
    expect(nextToken).toBeUndefined();
  });

  it('looks at the streams it is told to', async () => {
    await writeTwoStreams();
    expect(texts((await filter({ logStreamNames: ['t'] })).events)).toBe('1 2 3');
    expect(texts((await filter({ logStreamNames: ['s', 't', 's'] })).events)).toBe('a 1 b 2 c 3');
    expect(texts((await filter({ logStreamNamePrefix: 's' })).events)).toBe('a b c');
    expect(await refusal(filter({ logStreamNames: ['u'] }))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
    expect(await refusal(filter({ logStreamNames: ['t'], logStreamNamePrefix: 's' }))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('finds what fits the pattern', async () => {
    await write(['START', 'Hello, Lambda CLI World', '{"device":"d-1","speed":80}', 'END']);
    expect(texts((await filter({ filterPattern: '"Hello, Lambda"' })).events)).toBe('Hello, Lambda CLI World');
    expect(texts((await filter({ filterPattern: '{ $.speed > 70 }' })).events)).toBe('{"device":"d-1","speed":80}');
    expect(await refusal(filter({ filterPattern: 'Hello, Lambda' }))).toMatchObject({
      name: 'InvalidParameterException',
      message: "Invalid character(s) in term 'Hello,'",
    });
  });

  it('gives up an expression on which the search does not come to an end', async () => {
    await write(['a'.repeat(200_000)]);
    expect(await refusal(filter({ filterPattern: '%a*a*a*a*b%' }))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid filter pattern: it takes too long to look for.',
    });
    expect(texts((await filter({ filterPattern: '%^a+$%' })).events)).toHaveLength(200_000);
  });

  it('keeps to a range of time, whose end is part of it', async () => {
    const start = await writeTwoStreams();
    expect(texts((await filter({ startTime: start + 1, endTime: start + 3 })).events)).toBe('1 b 2');
  });

  it.each([
    [true, ['a 1 b 2', 'c 3']],
    [false, ['3 c 2 b', '1 a']],
  ])('pages through what it finds until there is no token (startFromHead: %s)', async (startFromHead, expected) => {
    await writeTwoStreams();
    const first = await filter({ limit: 4, startFromHead, startTime: Date.UTC(2025, 0) });
    const second = await filter({ limit: 4, startTime: Date.UTC(2025, 0), nextToken: first.nextToken });
    expect([texts(first.events), texts(second.events)]).toEqual(expected);
    expect(second.nextToken).toBeUndefined();
  });

  it('gives no token for a page that is full and the last', async () => {
    await writeTwoStreams();
    expect((await filter({ limit: 6 })).nextToken).toBeUndefined();
    expect((await filter({ limit: 3, filterPattern: '%[0-9]%' })).nextToken).toBeUndefined();
  });

  it('reads newest first only in times that AWS can read in that order', async () => {
    expect(await refusal(filter({ startFromHead: false }))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('refuses a token that it did not give out', async () => {
    expect(await refusal(filter({ nextToken: 'x' }))).toMatchObject({ message: 'The specified nextToken is invalid.' });
  });
});
