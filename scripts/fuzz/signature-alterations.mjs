import { texts } from './values.mjs';

/** @typedef {import('../support/random.mjs').Random} Random */
/** @typedef {import('./request-wire.mjs').Request} Request */

/** Ways to make a signature wrong. @type {readonly ((request: Request, random: Random) => Request)[]} */
export const signatureAlterations = [
  (request, random) => authorized(request, (text) => text.replace(/.$/, random.pick(['0', 'g', '', '00', ' ']))),
  (request, random) =>
    authorized(request, () =>
      random.pick([...texts.filter((text) => /^[\x20-\x7e]*$/.test(text)), 'AWS4-HMAC-SHA256', 'Basic YTpi', 'Bearer x', 'AWS AKID:x']),
    ),
  (request, random) =>
    authorized(request, (text) =>
      text.replace(
        /Credential=[^,]*/,
        `Credential=${random.pick(['', '/', '////', 'x/x/x/x/aws4_request', 'AKIA/20261121/us-east-1/kinesis/aws4_request', 'a'.repeat(5_000)])}`,
      ),
    ),
  (request, random) =>
    authorized(request, (text) =>
      text.replace(
        /SignedHeaders=[^,]*/,
        `SignedHeaders=${random.pick(['', ';', 'host', 'x-amz-date', 'host;nothing;x-amz-date', '__proto__;host', 'HOST'])}`,
      ),
    ),
  (request, random) =>
    authorized(request, (text) => text.replace('us-east-1', random.pick(['', 'x', 'eu-west-1', '..', 'us-east-1/us-east-1']))),
  (request, random) => ({
    ...request,
    headers: { ...request.headers, 'x-amz-date': random.pick(['', 'x', '20000101T000000Z', '99991231T235959Z', '20261399T999999Z']) },
  }),
  (request) => ({ ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) }),
  ({ headers: { authorization: _, ...headers }, ...request }) => ({ ...request, headers }),
  ({ headers: { 'x-amz-date': _, ...headers }, ...request }) => ({ ...request, headers }),
  (request, random) => ({
    ...request,
    headers: { ...request.headers, host: random.pick(['', 'evil.example', '127.0.0.1:1', 'a b', '[::1]', 'bucket-1.localhost']) },
  }),
  (request, random) => ({
    ...request,
    headers: {
      ...request.headers,
      ...random.pick([{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { 'access-control-request-method': 'POST' }]),
    },
  }),
  (request, random) => {
    const names = ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature', 'Security-Token'];
    const query = names
      .filter(() => random.chance(0.8))
      .map(
        (name) =>
          `X-Amz-${name}=${encodeURIComponent(random.pick(['', 'x', '-1', '604801', 'AWS4-HMAC-SHA256', 'a/20261121/us-east-1/s3/aws4_request', 'host']))}`,
      );
    const { authorization: _, ...headers } = request.headers;
    return { ...request, headers, query: query.join('&') };
  },
];

function authorized(request, change) {
  return { ...request, headers: { ...request.headers, authorization: change(request.headers['authorization'] ?? '') } };
}
