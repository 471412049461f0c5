import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** The bytes that a connection of HTTP/2 begins with (RFC 9113, 3.4). */
const prefaceBytes = 24;
const headBytes = 9;
/** What a frame may have as long as nobody has been told otherwise (RFC 9113, 4.2). */
const mostBytes = 16_384;

const ack = 0x1;
const padded = 0x8;
const priority = 0x20;

/** Whether a frame may have that many bytes (RFC 9113, 6), by its type. Those that only servers send (PUSH_PROMISE, ALTSVC) may not be at all. */
const fits: Readonly<Record<number, (length: number, flags: number) => boolean>> = {
  0: (length, flags) => length >= (flags & padded ? 1 : 0),
  1: (length, flags) => length >= (flags & padded ? 1 : 0) + (flags & priority ? 5 : 0),
  2: (length) => length === 5,
  3: (length) => length === 4,
  4: (length, flags) => length % 6 === 0 && (length === 0 || (flags & ack) === 0),
  5: () => false,
  6: (length) => length === 8,
  7: (length) => length >= 8,
  8: (length) => length === 4,
  10: () => false,
};

/** Follows the frames of a connection, whatever pieces they come in. */
export class FrameScan {
  /** Bytes of the preface, or of a frame, that are still to come. */
  #skip = prefaceBytes;
  #head: Buffer = Buffer.alloc(0);

  /** @returns whether every frame that begins in these bytes has a size that it may have */
  accepts(chunk: Buffer): boolean {
    let at = 0;
    for (;;) {
      const skipped = Math.min(this.#skip, chunk.length - at);
      at += skipped;
      this.#skip -= skipped;
      if (at >= chunk.length) return true;
      const missing = headBytes - this.#head.length;
      this.#head = Buffer.concat([this.#head, chunk.subarray(at, at + missing)]);
      at += missing;
      if (this.#head.length < headBytes) return true;
      const length = this.#head.readUIntBE(0, 3);
      const fitting = fits[this.#head.readUInt8(3)];
      if (length > mostBytes || fitting?.(length, this.#head.readUInt8(4)) === false) return false;
      this.#head = Buffer.alloc(0);
      this.#skip = length;
    }
  }
}

/**
 * A connection of HTTP/2 that is closed as soon as a frame has a size that it cannot have. Up to 1.68.0, nghttp2 ends the whole
 * process at such a frame if it comes at the wrong moment (CVE-2026-27135), so whoever reaches the port could stop the sandbox;
 * Node.js 20 has an older one.
 */
export function guardFrames(socket: Socket): Duplex {
  const scan = new FrameScan();
  const guarded = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
    // The frames of an answer go out together.
    writev(chunks, done) {
      socket.cork();
      for (const { chunk } of chunks.slice(0, -1)) socket.write(chunk);
      socket.write(chunks.at(-1)?.chunk, done);
      socket.uncork();
    },
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    if (!scan.accepts(chunk)) guarded.destroy();
    else if (!guarded.push(chunk)) socket.pause();
  });
  socket.on('end', () => guarded.push(null));
  socket.on('close', () => guarded.destroy());
  return guarded;
}
