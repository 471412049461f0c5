import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../src/util/sha256.ts';
import { type RawAnswer, send } from './raw-http.ts';

/** Whom a request is signed for, and by whom. */
export interface Signer {
  readonly port: number;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  readonly service: string;
  readonly at?: Date;
}

export interface Unsigned {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What goes over the wire. */
export interface Signed {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

function signerOf({ service, region, credentials }: Signer): SignatureV4 {
  return new SignatureV4({
    service,
    region,
    credentials,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: service === 's3',
  });
}

function requestOf({ port }: Signer, { method = 'POST', path = '/', query = {}, headers = {}, body = '' }: Unsigned) {
  return {
    method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    port,
    path,
    query: { ...query },
    headers: { host: `127.0.0.1:${port}`, ...headers },
    body,
  };
}

function targetOf(path: string, query: Readonly<Record<string, unknown>>): string {
  const text = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  return text === '' ? path : `${path}?${text}`;
}

/** Signs a request in its headers. */
export async function sign(signer: Signer, request: Unsigned): Promise<Signed> {
  const unsigned = requestOf(signer, request);
  const { headers } = await signerOf(signer).sign(unsigned, { signingDate: signer.at ?? new Date() });
  return {
    method: unsigned.method,
    path: targetOf(unsigned.path, unsigned.query),
    headers: headers as Record<string, string>,
    body: unsigned.body,
  };
}

/** Signs a request in its query, which makes it an address that is good for some time. */
export async function presign(signer: Signer, request: Unsigned, expiresIn = 60): Promise<Signed> {
  const unsigned = requestOf(signer, { method: 'GET', ...request });
  const headers = signer.service === 's3' ? { ...unsigned.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } : unsigned.headers;
  const { query = {}, headers: left } = await signerOf(signer).presign(
    { ...unsigned, headers },
    { expiresIn, signingDate: signer.at ?? new Date() },
  );
  return { method: unsigned.method, path: targetOf(unsigned.path, query), headers: left as Record<string, string>, body: unsigned.body };
}

export function sendSigned({ port }: Signer, { method, path, headers, body }: Signed): Promise<RawAnswer> {
  return send(port, { method, path, headers, body });
}
