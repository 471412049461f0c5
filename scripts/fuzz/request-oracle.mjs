// What must be true of every answer of the sandbox: the shape of its protocol, and no fault of the sandbox itself.

/** @typedef {{ status: number, headers: Record<string, string | undefined>, body: Buffer }} Answer */

/**
 * @param {Answer} answer
 * @param {'json' | 'query' | 'rest-json' | 'rest-xml' | undefined} protocol that of the service; absent where a request may be for none
 * @param {string} method
 * @returns {string | undefined} what is wrong
 */
export function answerProblem({ status, headers, body }, protocol, method) {
  const text = body.toString('utf8');
  const shown = `${status} ${JSON.stringify(text.slice(0, 500))}`;
  if (status >= 500 && status !== 501) return `it is answered with ${shown}`;
  if (status < 200 || (status >= 300 && status < 400 && status !== 304)) return `it is answered with ${shown}`;
  const type = headers['content-type'] ?? '';
  // Neither has a body, whatever there is to say.
  if (method === 'HEAD' || status === 304 || status === 204) return body.length === 0 ? undefined : `a body where none may be: ${shown}`;
  if (/xml/.test(type) && protocol !== undefined && (status >= 300 || protocol === 'query')) {
    const problem = text === '' ? undefined : xmlProblem(text);
    if (problem !== undefined) return `the XML of the answer is not well-formed, ${problem}: ${shown}`;
  }
  if (status < 300) return undefined;
  return errorProblem({ status, headers, body }, text, type, protocol)
    ? `this is no error of the protocol ${protocol}: ${type} ${shown}`
    : undefined;
}

/** Whether the answer is not an error as the protocol has them; what the door refuses is said in JSON, or by the status alone. */
function errorProblem({ status, headers, body }, text, type, protocol) {
  if (body.length === 0) return ![400, 405, 408, 413, 414, 417, 431].includes(status);
  const of = (...protocols) => protocol === undefined || protocols.includes(protocol);
  if (/xml/.test(type)) {
    const s3 = /^<\?xml [^>]*>\s*<Error>.*<Code>[\w.]+<\/Code>/s.test(text);
    const query = /^<ErrorResponse[^>]*>.*<Type>(Sender|Receiver)<\/Type>.*<Code>[\w.]+<\/Code>/s.test(text);
    return !((s3 && of('rest-xml')) || (query && of('query')));
  }
  if (of('json') && isOfFront(text, type)) return false;
  const said = parsed(text);
  if (said === undefined || !/json/.test(type)) return true;
  const named = typeof said.__type === 'string' && said.__type !== '';
  const rest = (headers['x-amzn-errortype'] ?? '') !== '' && of('rest-json');
  return !named && !rest;
}

/** What Kinesis says of requests that are not JSON: XML of no type, CBOR, or the JSON of an older protocol. */
function isOfFront(text, type) {
  if (type === '') return /^<(\w+)(?:\/>|>\n {2}<Message>[^<]+<\/Message>\n<\/\1>)\n$/.test(text);
  if (type === 'application/x-amz-cbor-1.1') return /f__type.{1,2}\w+/s.test(text);
  return type === 'application/json' && typeof parsed(text)?.Output?.__type === 'string';
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// What XML 1.0 has no place for, as it is and as an entity.
const noXml = /(?![\t\n\r])\p{Cc}(?<![\u007f-\u009f])|[\ufffe\uffff]/u;
const noXmlEntity = /&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));/i;

/** What keeps a text from being XML 1.0, as far as clients trip over it: characters, elements that are not closed, bare signs. */
function xmlProblem(text) {
  const character = (noXml.exec(text) ?? noXmlEntity.exec(text))?.[0];
  if (character !== undefined) return `it holds ${JSON.stringify(character)}`;
  const open = [];
  const rest = text.replace(/^<\?xml [^>]*\?>\s*/, '');
  for (const [, closes, name, empty] of rest.matchAll(/<(\/?)([\w:.-]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (closes && open.pop() !== name) return `</${name}> closes nothing`;
    if (!closes && !empty) open.push(name);
  }
  if (open.length > 0) return `<${open.at(-1)}> is not closed`;
  const left = rest.replace(/<\/?[\w:.-]+(?:\s[^<>]*?)?\/?>/g, '').replace(/&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);/gi, '');
  return /[<&]/.test(left) ? 'it holds a bare sign' : undefined;
}
