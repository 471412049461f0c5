import { connect, type Socket } from 'node:net';

/** A connection on which a test says what it likes, when it likes. */
export class Connection {
  readonly socket: Socket;
  #received = '';
  #closed = false;

  constructor(port: number, options: { readonly reads?: boolean } = {}) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.#closed = true;
    });
    if (options.reads === false) this.socket.pause();
    else
      this.socket.on('data', (chunk) => {
        this.#received += chunk.toString('latin1');
      });
  }

  /** All that came back. */
  get received(): string {
    return this.#received;
  }

  /** Whether the other side has closed it. */
  get closed(): boolean {
    return this.#closed;
  }

  send(bytes: string | Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** Sends something again and again until the connection is closed. */
  keepSending(bytes: string | Uint8Array, everyMs: number): void {
    const timer = setInterval(() => this.send(bytes), everyMs);
    this.socket.once('close', () => clearInterval(timer));
  }

  end(): void {
    this.socket.destroy();
  }
}
