import type { WireRequest, WireResponse } from './wire.ts';

/**
 * Decides who may speak to the sandbox at all, before anything of a request is understood. A program that runs code on
 * request must not answer a web page: a browser says where a request comes from (`Origin`), and a name that was pointed
 * at this machine (DNS rebinding) stands in `Host`.
 */
export function refuseAtTheDoor(request: WireRequest): WireResponse | undefined {
  if (request.headers['origin'] !== undefined || request.headers['sec-fetch-site'] !== undefined) {
    return refusal('Requests from web pages are not answered.');
  }
  if (!isLoopbackName(request.headers['host'] ?? '')) {
    return refusal(`This endpoint answers on the loopback interface only, and not as '${request.headers['host'] ?? ''}'.`);
  }
  return undefined;
}

/** `127.0.0.1:4567`, `localhost`, `[::1]`, and names below `localhost`, which is where S3 buckets go. */
function isLoopbackName(host: string): boolean {
  return /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|([a-z0-9-]+\.)*localhost)(:\d+)?$/i.test(host);
}

function refusal(message: string): WireResponse {
  const body = JSON.stringify({ __type: 'AccessDeniedException', message });
  return { status: 403, headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }, body };
}
