import { createHash, createHmac } from 'node:crypto';
import { request as send } from 'node:http';
import { connect } from 'node:http2';

/** @typedef {{ method: string, path: string, query: string, headers: Record<string, string>, body: Buffer }} Request */

const json = { kinesis: ['Kinesis_20131202', '1.1'], logs: ['Logs_20140328', '1.1'], firehose: ['Firehose_20150804', '1.1'] };
Object.assign(json, { events: ['AWSEvents', '1.1'], sqs: ['AmazonSQS', '1.0'] });
const versions = { iam: '2010-05-08', sts: '2011-06-15' };

/** Which protocol a service speaks. */
export function protocolOf(service) {
  if (Object.hasOwn(json, service)) return 'json';
  if (Object.hasOwn(versions, service)) return 'query';
  return service === 's3' ? 'rest-xml' : 'rest-json';
}

/** The request for an operation with an input, which may hold what the operation does not take. @returns {Request} */
export function requestFor({ service, name, input: shape, http }, input) {
  switch (protocolOf(service)) {
    case 'json': {
      const [target, version] = json[service];
      const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${name}` };
      return { method: 'POST', path: '/', query: '', headers, body: Buffer.from(JSON.stringify(input)) };
    }
    case 'query': {
      const pairs = [['Action', name], ['Version', versions[service]], ...formOf(input, '')];
      const body = Buffer.from(pairs.map(([key, value]) => `${encoded(key)}=${encoded(value)}`).join('&'));
      return { method: 'POST', path: '/', query: '', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body };
    }
    default:
      return restRequest(service, shape, http, input);
  }
}

function formOf(value, path) {
  if (Array.isArray(value)) return value.flatMap((each, index) => formOf(each, `${path}.member.${index + 1}`));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, member]) => formOf(member, path === '' ? key : `${path}.${key}`));
  return value === undefined ? [] : [[path, String(value)]];
}

function restRequest(service, shape, http, input) {
  const [method, template] = http;
  const [pathTemplate, literal = ''] = template.split('?');
  const query = literal === '' ? [] : [literal];
  const headers = {};
  const labels = {};
  let payload;
  const rest = {};
  for (const [name, member] of shape.isUnitSchema() ? [] : shape.structIterator()) {
    const value = input[name];
    if (value === undefined) continue;
    const traits = member.getMergedTraits();
    if (traits.httpLabel) labels[name] = textOf(value);
    else if (traits.httpQuery !== undefined)
      for (const each of Array.isArray(value) ? value : [value]) query.push(`${encoded(traits.httpQuery)}=${encoded(textOf(each))}`);
    else if (traits.httpHeader !== undefined) headers[traits.httpHeader.toLowerCase()] = headerText(value);
    else if (traits.httpPrefixHeaders !== undefined)
      for (const [key, each] of Object.entries(value ?? {}))
        headers[traits.httpPrefixHeaders + key.replace(/[^\w-]/g, '').toLowerCase()] = headerText(each);
    else if (traits.httpPayload) payload = { member, value };
    else rest[name] = value;
  }
  const place = service === 's3' && labels['Bucket'] !== undefined ? `/${encoded(labels['Bucket'])}` : '';
  const path =
    place +
    pathTemplate.replace(/\{(\w+)(\+?)\}/g, (_, name, more) =>
      more ? encoded(labels[name] ?? '').replaceAll('%2F', '/') : encoded(labels[name] ?? ''),
    );
  const body = bodyOf(service, payload, rest);
  // What it says is waited for.
  delete headers['content-length'];
  return { method, path: path === '' ? '/' : path, query: query.join('&'), headers, body };
}

function bodyOf(service, payload, rest) {
  if (service !== 's3') {
    if (payload !== undefined) return Buffer.from(typeof payload.value === 'string' ? payload.value : JSON.stringify(payload.value));
    return Object.keys(rest).length === 0 ? Buffer.alloc(0) : Buffer.from(JSON.stringify(rest));
  }
  if (payload === undefined) return Buffer.alloc(0);
  const { member, value } = payload;
  if (typeof value !== 'object' || value === null) return Buffer.from(String(value));
  return Buffer.from(xmlOf(member.getMergedTraits().xmlName ?? member.getName(true) ?? 'Root', value, member));
}

function xmlOf(name, value, shape) {
  const text = (inner) => `<${name}>${inner}</${name}>`;
  if (Array.isArray(value)) return value.map((each) => xmlOf(name, each)).join('');
  if (typeof value !== 'object' || value === null) return text(String(value).replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`));
  const inner = Object.entries(value).map(([key, each]) => {
    const named = /^[A-Za-z][\w-]*$/.test(key) ? key : 'Strange';
    if (key === 'TagSet' && Array.isArray(each)) return `<TagSet>${xmlOf('Tag', each)}</TagSet>`;
    return xmlOf(key === 'Objects' ? 'Object' : named, each, shape);
  });
  return text(inner.join(''));
}

function textOf(value) {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Headers hold no control characters and nothing beyond Latin-1. */
function headerText(value) {
  return textOf(value)
    .replace(/[^\t\x20-\x7e\xa0-\xff]/g, '?')
    .slice(0, 4_000);
}

function encoded(text) {
  return encodeURIComponent(String(text).toWellFormed()).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * Signs a request (AWS Signature Version 4, IAM User Guide, "Create a signed AWS API request").
 * @param {Request} request @returns {Request}
 */
export function signed(request, service, { accessKeyId, secretAccessKey }, port) {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const hash = (data) => createHash('sha256').update(data).digest('hex');
  const mac = (key, data) => createHmac('sha256', key).update(data).digest();
  const headers = { ...request.headers, host: `127.0.0.1:${port}`, 'x-amz-date': time };
  if (service === 's3') headers['x-amz-content-sha256'] ??= hash(request.body);
  const names = Object.keys(headers).sort();
  const path = service === 's3' ? request.path : request.path.split('/').map(encoded).join('/');
  const query = request.query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort()
    .join('&');
  const canonical = [
    request.method,
    path,
    query,
    ...names.map((name) => `${name}:${headers[name].trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    headers['x-amz-content-sha256'] ?? hash(request.body),
  ].join('\n');
  const scope = `${day}/us-east-1/${service}/aws4_request`;
  const key = [day, 'us-east-1', service, 'aws4_request'].reduce(mac, `AWS4${secretAccessKey}`);
  const signature = mac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...request, headers: { ...headers, authorization } };
}

/**
 * Sends a request.
 * @param {Request} request
 * @returns {Promise<{ status: number, headers: object, body: Buffer } | { late: true } | { closed: string }>}
 */
export function exchange(port, { method, path, query, headers, body }, agent, mostMs) {
  return new Promise((resolve) => {
    let call;
    try {
      call = send({ host: '127.0.0.1', port, method, path: query === '' ? path : `${path}?${query}`, headers, agent });
    } catch (error) {
      resolve({ closed: `not sent: ${error.message}` });
      return;
    }
    const timer = setTimeout(() => {
      resolve({ late: true });
      call.destroy();
    }, mostMs);
    const end = (result) => {
      clearTimeout(timer);
      resolve(result);
    };
    call.on('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => end({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
      response.on('error', (error) => end({ closed: error.message }));
    });
    call.on('error', (error) => end({ closed: error.message }));
    call.end(body);
  });
}

/**
 * Sends a request by HTTP/2, on a connection of its own.
 * @param {Request} request
 */
export function exchangeHttp2(port, { method, path, query, headers, body }, mostMs) {
  return new Promise((resolve) => {
    const session = connect(`http://127.0.0.1:${port}`);
    const end = (result) => {
      clearTimeout(timer);
      session.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => end({ late: true }), mostMs);
    session.on('error', (error) => end({ closed: error.message }));
    let stream;
    try {
      stream = session.request({ ':method': method, ':path': query === '' ? path : `${path}?${query}`, ...headers }, { endStream: false });
    } catch (error) {
      end({ closed: `not sent: ${error.message}` });
      return;
    }
    const chunks = [];
    let answered;
    stream.on('response', (response) => {
      answered = response;
    });
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('error', (error) => end({ closed: error.message }));
    stream.on('close', () =>
      end(answered ? { status: answered[':status'], headers: answered, body: Buffer.concat(chunks) } : { closed: 'no answer' }),
    );
    stream.end(body);
  });
}
