import { AwsError } from '../error.ts';

/** One delivery of a message. */
export interface Receipt {
  readonly queue: string;
  readonly message: string;
  /** How many deliveries it had, this one included. */
  readonly count: number;
}

/** AWS's receipt handles are base64 that begins like this. */
const mark = 'AQEB';

export function issueReceipt({ queue, message, count }: Receipt): string {
  return mark + Buffer.from(`${count} ${queue} ${message}`).toString('base64');
}

/** @throws {AwsError} ReceiptHandleIsInvalid for what `issueReceipt` did not make for this queue */
export function readReceipt(handle: string, queue: string): Receipt {
  const [count = '', owner, message] = Buffer.from(handle.slice(mark.length), 'base64').toString().split(' ');
  if (!handle.startsWith(mark) || owner !== queue || message === undefined) {
    throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`, { status: 404 });
  }
  return { queue, message, count: Number(count) };
}
