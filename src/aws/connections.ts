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
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  return new NodeHttpHandler(timeouts);
}

/** Connections that many sessions use, one after the other and side by side, so that none of them has to be made anew for each. */
export class Connections {
  #handler: Promise<{ readonly shared: object; close(): void }> | undefined;

  /** A handler over HTTP/1.1 that stays when a client which has it is destroyed. */
  async handler(): Promise<object> {
    this.#handler ??= lastingHandler();
    return (await this.#handler).shared;
  }

  async close(): Promise<void> {
    (await this.#handler)?.close();
  }
}

async function lastingHandler() {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  const handler = new NodeHttpHandler(timeouts);
  const destroy = handler.destroy.bind(handler);
  return { shared: Object.assign(handler, { destroy: () => undefined }), close: destroy };
}
