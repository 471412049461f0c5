import type { Readable } from 'node:stream';

/** A line that grows longer than this is cut: an event of CloudWatch Logs has 256 KB at the most. */
const longestLine = 262_118;

/**
 * How a runtime marks a message that is one event, however many lines it has: these four bytes, which no UTF-8 text
 * contains, its length, and eight bytes that are not used here. Lambda's own runtimes frame messages in this way, on a
 * descriptor of their own (aws-lambda-ric); on stdout they keep their place among the lines that the function prints.
 */
const frameMark = Buffer.from([0xa5, 0x5a, 0x00, 0x03]);
const frameHeader = 16;

/** Takes apart what a process writes: framed messages, and lines, each with its newline. */
export class FunctionOutput {
  readonly #take: (message: string) => void;
  readonly #decoder = new TextDecoder();
  #pending: Buffer = Buffer.alloc(0);
  #line = '';

  constructor(stream: Readable, take: (message: string) => void) {
    this.#take = take;
    stream.on('data', (chunk: Buffer) => this.#add(chunk));
  }

  /** Takes what has no newline yet. */
  flush(): void {
    if (this.#line !== '') this.#take(this.#line);
    this.#line = '';
  }

  #add(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (this.#pending.length > 0) {
      const mark = startOfFrame(this.#pending);
      if (mark > 0) this.#addText(this.#pending.subarray(0, mark));
      this.#pending = this.#pending.subarray(mark);
      const end = this.#pending.length < frameHeader ? Number.POSITIVE_INFINITY : frameHeader + this.#pending.readUInt32BE(4);
      if (this.#pending.length < end) return;
      this.flush();
      this.#take(this.#pending.toString('utf8', frameHeader, end));
      this.#pending = this.#pending.subarray(end);
    }
  }

  #addText(text: Buffer): void {
    const lines = (this.#line + this.#decoder.decode(text, { stream: true })).split(/(?<=\n)/);
    this.#line = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
    for (const line of lines) this.#take(line);
    if (this.#line.length > longestLine) this.flush();
  }
}

/** Where the first frame begins, or may begin if its mark is cut off; the length where there is none. */
function startOfFrame(bytes: Buffer): number {
  const whole = bytes.indexOf(frameMark);
  if (whole !== -1) return whole;
  for (let length = Math.min(frameMark.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.subarray(-length).equals(frameMark.subarray(0, length))) return bytes.length - length;
  }
  return bytes.length;
}
