import { connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { send, sendBytes } from '../support/raw-http.ts';
import { sendSigned, sign } from '../support/signed-request.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});

afterAll(() => sandbox.stop());

/** The status line of what comes back. */
async function statusOf(head: string, port = sandbox.port): Promise<number> {
  return Number((await sendBytes(port, Buffer.from(`${head}Connection: close\r\n\r\n`))).toString().split(' ')[1]);
}

function health(host: string): string {
  return `GET /_sandbox/health HTTP/1.1\r\nHost: ${host}\r\n`;
}

function statusOverHttp2(headers: OutgoingHttpHeaders): Promise<unknown> {
  const session = connectHttp2(sandbox.endpoint);
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': '/_sandbox/health', ...headers });
    stream.on('response', (answer) => resolve(answer[':status']));
    stream.on('error', reject);
    stream.resume();
    stream.on('close', () => session.destroy());
  });
}

describe('the door is open to who names this machine', () => {
  it.each(['localhost', 'LOCALHOST:4567', '127.0.0.1', '127.8.8.8:1', '[::1]:4567', 'bucket.localhost', 'my-bucket.s3.localhost:4567'])(
    'as %s',
    async (host) => {
      expect(await statusOf(health(host))).toBe(200);
    },
  );

  it("and speaks with Node's fetch, which is no browser", async () => {
    expect((await fetch(`${sandbox.endpoint}/_sandbox/health`)).status).toBe(200);
  });

  it('over HTTP/2', async () => {
    expect(await statusOverHttp2({ ':authority': `localhost:${sandbox.port}` })).toBe(200);
  });
});

describe('the door is closed', () => {
  it.each([
    'evil.example.com',
    `evil.example.com:4567`,
    'localhost.evil.example.com',
    'evil-localhost',
    '127.0.0.1.evil.example.com',
    'localhost@evil.example.com',
    'localhost:4567:evil',
    '0.0.0.0',
    '10.0.0.1',
    '[::ffff:10.0.0.1]',
    '',
  ])('to a name that was pointed at this machine: %s', async (host) => {
    expect(await statusOf(health(host))).toBe(403);
  });

  it('to a request that names no host, or several', async () => {
    expect(await statusOf('GET /_sandbox/health HTTP/1.1\r\n')).toBe(400);
    expect(await statusOf('GET /_sandbox/health HTTP/1.0\r\n')).toBe(403);
    expect(await statusOf(`${health('localhost')}Host: evil.example.com\r\n`)).toBe(403);
    expect(await statusOf(`${health('evil.example.com')}Host: localhost\r\n`)).toBe(403);
  });

  it('to a URL in place of a path, which is for a proxy', async () => {
    expect(await statusOf('GET http://evil.example.com/_sandbox/health HTTP/1.1\r\nHost: localhost\r\n')).toBe(403);
    expect(await statusOf('GET http://localhost/_sandbox/health HTTP/1.1\r\nHost: localhost\r\n')).toBe(403);
    expect(await statusOf('OPTIONS * HTTP/1.1\r\nHost: localhost\r\n')).toBe(403);
    const tunnel = await sendBytes(
      sandbox.port,
      Buffer.from('CONNECT evil.example.com:443 HTTP/1.1\r\nHost: evil.example.com:443\r\n\r\n'),
    );
    expect(tunnel.toString()).not.toMatch(/^HTTP\/1\.1 2/);
  });

  it('over HTTP/2 to another authority, and to a host beside it', async () => {
    const authority = `localhost:${sandbox.port}`;
    expect(await statusOverHttp2({ ':authority': 'evil.example.com' })).toBe(403);
    expect(await statusOverHttp2({ ':authority': authority, host: 'evil.example.com' })).toBe(403);
    expect(await statusOverHttp2({ ':authority': 'evil.example.com', host: authority })).toBe(403);
    expect(await statusOverHttp2({ ':authority': authority, origin: 'https://example.com' })).toBe(403);
  });

  it.each([
    ['a page', { origin: 'https://example.com' }],
    ['a page from a file', { origin: 'null' }],
    ['a page on this machine', { origin: 'http://localhost:3000' }],
    ['an image or a form in a page', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['a page that asks first', { 'access-control-request-method': 'POST' }],
  ])('to %s, however well it is signed', async (_, headers) => {
    const signer = { ...sandbox, service: 'kinesis' };
    const listStreams = {
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.ListStreams' },
      body: '{}',
    };
    const signed = await sign(signer, listStreams);
    expect((await sendSigned(signer, signed)).status).toBe(200);
    const answer = await sendSigned(signer, { ...signed, headers: { ...signed.headers, ...headers } });
    expect([answer.status, JSON.parse(answer.body).message]).toEqual([403, 'Requests from web pages are not answered.']);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  it('to a preflight, with nothing that would let the request through', async () => {
    const headers = { host: 'localhost', origin: 'https://example.com', 'access-control-request-method': 'POST' };
    const answer = await send(sandbox.port, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

const [elsewhere] = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal)
  .map(({ address }) => address);

describe('other machines', () => {
  it.skipIf(elsewhere === undefined)('do not reach it (skipped on a machine without a network)', async () => {
    await expect(fetch(`http://${elsewhere}:${sandbox.port}/_sandbox/health`)).rejects.toThrow();
  });

  it('reach it when that was asked for, by an address, and not by a name that somebody else has pointed there', async () => {
    const open = await startSandbox({ host: '0.0.0.0' });
    try {
      expect(open.endpoint).toBe(`http://127.0.0.1:${open.port}`);
      for (const host of ['localhost', '127.0.0.1', '10.0.0.1:4567', '[fe80::1]:4567'])
        expect(await statusOf(health(host), open.port)).toBe(200);
      for (const host of ['evil.example.com', '10.0.0.1.evil.example.com', '']) expect(await statusOf(health(host), open.port)).toBe(403);
      if (elsewhere !== undefined) expect((await fetch(`http://${elsewhere}:${open.port}/_sandbox/health`)).status).toBe(200);
    } finally {
      await open.stop();
    }
  });

  it('are no closer when it listens on another address of the loopback interface', async () => {
    const other = await startSandbox({ host: '127.0.0.2' });
    try {
      expect(other.endpoint).toBe(`http://127.0.0.2:${other.port}`);
      expect((await fetch(`${other.endpoint}/_sandbox/health`)).status).toBe(200);
      expect((await fetch(`${other.endpoint}/_sandbox/health`, { headers: { 'sec-fetch-site': 'none' } })).status).toBe(403);
    } finally {
      await other.stop();
    }
  });

  it('cannot be let in by an address that is none of ours', async () => {
    await expect(startSandbox({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});
