import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Stream } from 'node:http2';
import { pipeline, type Writable } from 'node:stream';
import { PlaceForOne } from '../util/place-for-one.ts';
import { Bell } from './bell.ts';
import type { Limits } from './limits.ts';
import { giveBackPiece, pieceBytes } from './piece.ts';
import { nextTurn } from './turn.ts';
import { atOnce, bodyLength, cut, isWhole, type WireResponse } from './wire.ts';

type Message = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** Sends an answer, or cuts the connection that the request came by. A client that does not take its answer is dropped. */
export function write(message: Message, response: Response, answer: WireResponse | typeof cut, limits: Limits): void {
  const stream = streamOf(message);
  if (answer === cut) {
    // Over HTTP/2, other requests that are under way on the connection are cut off, too.
    if (stream !== undefined) stream.session?.destroy();
    else message.socket.destroy();
  } else if (stream !== undefined) {
    writeHttp2(stream, answer, limits);
  } else {
    writeHttp1(response as ServerResponse, answer, limits);
  }
}

/**
 * Sends an answer to a request that is not read to its end, and closes what it came by. A client that is still sending would
 * not find the answer if the connection were cut at once, so what it sends is thrown away for a little while.
 */
export function finishEarly(message: Message, response: Response, answer: WireResponse | typeof cut, limits: Limits): void {
  const stream = streamOf(message);
  if (answer === cut || !isWhole(answer.body)) {
    write(message, response, cut, limits);
  } else if (stream !== undefined) {
    writeHttp2(stream, answer, limits);
    afterwards(message, limits, () => stream.close(constants.NGHTTP2_NO_ERROR));
  } else {
    const http1 = response as ServerResponse;
    if (http1.destroyed) return;
    http1.socket?.setTimeout(limits.answerMs);
    http1.writeHead(answer.status, { ...answer.headers, connection: 'close' });
    if (bodyLength(answer.body) > 0) http1.write(atOnce(answer.body));
    else http1.flushHeaders();
    afterwards(message, limits, () => http1.end());
  }
}

function writeHttp2(stream: ServerHttp2Stream, { status, headers, body }: WireResponse, limits: Limits): void {
  if (stream.destroyed || stream.closed) return;
  // HTTP/2 has no connection headers, and refuses a response that carries one.
  const { connection: _, ...others } = headers;
  const empty = isWhole(body) && bodyLength(body) === 0;
  if (isWhole(body)) stream.setTimeout(limits.answerMs, () => stream.close(constants.NGHTTP2_CANCEL));
  stream.respond({ ':status': status, ...others }, { endStream: empty });
  if (!empty) send(stream, body);
}

function writeHttp1(response: ServerResponse, { status, headers, body }: WireResponse, limits: Limits): void {
  if (response.destroyed) return;
  // Node destroys the socket when the time is over, and sets another one for idle connections when the answer is sent.
  if (isWhole(body)) response.socket?.setTimeout(limits.answerMs);
  response.writeHead(status, { ...headers });
  send(response, body);
}

/** Pieces go out as they come, no faster than the client takes them. When their source fails, or the client goes, both ends are let go. */
function send(to: Writable, body: WireResponse['body']): void {
  if (!isWhole(body)) pipeline(body, to, () => undefined);
  else if (typeof body === 'string' || body.byteLength <= mostAtOnce) to.end(atOnce(body));
  else if (body instanceof Uint8Array && body.byteLength <= mostReady) to.end(body);
  else void sendPieces(to, body instanceof Uint8Array ? piecesOf(body) : body);
}

/** What is ready is sent at once, if it is not so much that to hand it over takes milliseconds. */
const mostReady = 1024 * 1024;
/** A client that is busy with another answer finds so much of this one ready: pieces, which have 256 KB each at the most. */
const piecesAhead = 12;

/** What is sent in one packet or a few. */
const mostAtOnce = 64 * 1024;

/** Of large answers, one after the other is made: all at once would all be ready late. */
const making = new PlaceForOne();

/** After each piece that was made, others get their turn. */
async function sendPieces(to: Writable, pieces: Iterable<Uint8Array>): Promise<void> {
  const moved = new Bell();
  let ahead = 0;
  to.on('error', () => undefined);
  to.once('close', () => moved.ring());
  await making.enter();
  try {
    for (const piece of pieces) {
      if (to.destroyed) return;
      ahead += 1;
      to.write(piece, () => {
        ahead -= 1;
        giveBackPiece(piece);
        moved.ring();
      });
      await nextTurn();
      if (ahead < piecesAhead) continue;
      making.leave();
      while (ahead >= piecesAhead && !to.destroyed) await moved.next();
      await making.enter();
    }
    to.end();
  } catch {
    to.destroy();
  } finally {
    making.leave();
  }
}

function* piecesOf(body: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < body.byteLength; at += pieceBytes) yield body.subarray(at, at + pieceBytes);
}

function afterwards(message: Message, limits: Limits, close: () => void): void {
  const timer = setTimeout(close, limits.lingerMs);
  const now = (): void => {
    clearTimeout(timer);
    close();
  };
  if (message.readableEnded || message.destroyed) {
    now();
    return;
  }
  message.once('end', now);
  message.once('close', () => clearTimeout(timer));
  message.resume();
}

function streamOf(message: Message): ServerHttp2Stream | undefined {
  return message.httpVersionMajor === 2 ? (message as Http2ServerRequest).stream : undefined;
}
