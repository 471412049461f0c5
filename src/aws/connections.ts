import { commonJs } from '../util/commonjs.ts';
import type { Target } from './target.ts';

const connectionTimeoutMs = 5_000;
const requestTimeoutMs = 60_000;

/** So that an endpoint which says nothing is not waited for without end. */
const timeouts = { connectionTimeout: connectionTimeoutMs, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true };

/**
 * How requests go out, for the clients of a session. The Kinesis client speaks HTTP/2 by itself, which AWS and few others
 * understand (as the AWS SDKs do); every server behind a plain-http endpoint understands HTTP/1.1.
 */
export async function requestHandler(target: Pick<Target, 'endpoint'>): Promise<object> {
  if (!target.endpoint?.startsWith('http:')) return timeouts;
  return overHttp1();
}

/** A handler over HTTP/1.1 that stays when a client which has it is destroyed, and what closes its connections. */
export async function lastingHandler(): Promise<{ readonly handler: object; close(): void }> {
  const handler = await overHttp1();
  const close = handler.destroy.bind(handler);
  return { handler: Object.assign(handler, { destroy: () => undefined }), close };
}

function overHttp1() {
  const { NodeHttpHandler } = commonJs<typeof import('@smithy/node-http-handler')>('@smithy/node-http-handler');
  return new NodeHttpHandler(timeouts);
}
