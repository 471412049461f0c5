/** What the sandbox puts up with from those who connect to it. Times are in milliseconds of the machine's clock. */
export interface Limits {
  /** From the beginning of a connection, or of a request on it, until all its headers are there. */
  readonly headMs: number;
  /** From the headers until the whole body is there. */
  readonly bodyMs: number;
  /** For which a client may take nothing of its answer. */
  readonly answerMs: number;
  /** For which a client that is answered early may go on sending, so that it finds the answer. */
  readonly lingerMs: number;
  /** For which a connection may have nothing to do: of HTTP/1.1, and of HTTP/2, whose clients keep theirs for longer. */
  readonly idleMs: number;
  readonly idleSessionMs: number;
  /** Of all headers of a request. */
  readonly headBytes: number;
  readonly connections: number;
  /** Requests at once on a connection of HTTP/2. */
  readonly streams: number;
}

export const usualLimits: Limits = {
  headMs: 15_000,
  bodyMs: 60_000,
  answerMs: 60_000,
  lingerMs: 1_000,
  idleMs: 60_000,
  idleSessionMs: 300_000,
  headBytes: 32 * 1024,
  connections: 4_096,
  streams: 256,
};
