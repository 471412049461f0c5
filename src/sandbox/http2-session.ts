import type { ServerHttp2Session } from 'node:http2';
import type { Limits } from './limits.ts';

/**
 * Ends a connection of HTTP/2 on which no request comes. What it sends meanwhile does not count: half a request, byte by byte,
 * is none.
 */
export function superviseSession(session: ServerHttp2Session, limits: Limits): void {
  let open = 0;
  let timer = setTimeout(() => session.destroy(), limits.headMs);
  // A client that breaks the protocol ends its own session, nothing else.
  session.on('error', () => session.destroy());
  session.on('close', () => clearTimeout(timer));
  session.on('stream', (stream) => {
    open += 1;
    clearTimeout(timer);
    stream.on('error', () => undefined);
    stream.once('close', () => {
      open -= 1;
      if (open === 0 && !session.destroyed) timer = setTimeout(() => session.destroy(), limits.idleSessionMs);
    });
  });
}
