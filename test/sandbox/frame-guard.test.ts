import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FrameScan } from '../../src/sandbox/frame-guard.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { clientPreface, flags, frame, headerBlock } from '../support/http2-frames.ts';
import { send, sendBytes } from '../support/raw-http.ts';

const bytes = (length: number) => Buffer.alloc(length);

describe('a scan of frames', () => {
  it.each<[string, Parameters<typeof frame>[0], number, number]>([
    ['SETTINGS', 'settings', 0, 12],
    ['SETTINGS that acknowledge', 'settings', flags.acknowledges, 0],
    ['PING', 'ping', 0, 8],
    ['WINDOW_UPDATE', 'window-update', 0, 4],
    ['RST_STREAM', 'rst-stream', 0, 4],
    ['PRIORITY', 'priority', 0, 5],
    ['GOAWAY', 'go-away', 0, 20],
    ['DATA without any', 'data', flags.acknowledges, 0],
    ['HEADERS with padding and priority', 'headers', flags.padded | flags.priority, 6],
    ['a frame of the largest size', 'data', 0, 16_384],
    ['a frame of a type that nobody knows', 'unknown', 255, 3],
  ])('lets %s through', (_what, type, flag, length) => {
    const sent = Buffer.concat([clientPreface, frame(type, 1, flag, bytes(length)), frame('settings', 0)]);
    expect(new FrameScan().accepts(sent)).toBe(true);
  });

  it.each<[string, Parameters<typeof frame>[0], number, number]>([
    ['SETTINGS of half a setting', 'settings', 0, 5],
    ['SETTINGS that acknowledge and say more', 'settings', flags.acknowledges, 6],
    ['PING', 'ping', flags.acknowledges, 6],
    ['WINDOW_UPDATE', 'window-update', 0, 3],
    ['RST_STREAM', 'rst-stream', 0, 5],
    ['PRIORITY', 'priority', 0, 4],
    ['GOAWAY', 'go-away', 0, 7],
    ['DATA without the length of its padding', 'data', flags.padded, 0],
    ['HEADERS without room for their priority', 'headers', flags.priority, 4],
    ['a frame that is larger than any may be', 'data', 0, 16_385],
    ['PUSH_PROMISE, which only servers send', 'push-promise', flags.endHeaders, 8],
    ['ALTSVC, which only servers send', 'alt-svc', 0, 8],
  ])('stops %s, in whatever pieces it comes', (_what, type, flag, length) => {
    const sent = Buffer.concat([clientPreface, frame(type, 1, flag, bytes(length))]);
    expect(new FrameScan().accepts(sent)).toBe(false);
    const scan = new FrameScan();
    const accepted = [...sent].map((byte) => scan.accepts(Buffer.from([byte])));
    expect(accepted).toContain(false);
  });
});

describe('a sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.stop());

  it('outlives frames that would end the process, and goes on answering', async () => {
    const request = { ':method': 'POST', ':scheme': 'http', ':path': '/', ':authority': '127.0.0.1', odd: 'b\r\nc: d' };
    // A session that has ended on its own account, and then a frame of a size that cannot be.
    const sent = Buffer.concat([
      clientPreface,
      frame('go-away', 0, 0, bytes(8)),
      frame('headers', 1, 0x47, headerBlock(request)),
      frame('ping', 0, flags.acknowledges, bytes(6)),
    ]);
    for (let times = 0; times < 5; times++) await sendBytes(sandbox.port, sent);
    const { status } = await send(sandbox.port, { method: 'GET', path: '/_sandbox/health', headers: { host: '127.0.0.1' } });
    expect(status).toBe(200);
  });
});
