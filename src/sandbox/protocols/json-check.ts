import { Turn } from '../turn.ts';

/** Bytes that are looked at in a millisecond, where there are many short values. */
const stepBytes = 32 * 1024;

/** Whether a text in UTF-8 is JSON (RFC 8259). A long one is looked at in steps, which `JSON.parse` cannot do. */
export async function isJson(text: Uint8Array): Promise<boolean> {
  const turn = new Turn();
  const check = new JsonCheck();
  for (let at = 0; at < text.byteLength; at += stepBytes) {
    if (turn.over) await turn.pass();
    check.take(text.subarray(at, at + stepBytes));
  }
  return check.whole;
}

/** What is expected next. */
type Expected =
  | 'value'
  | 'value or end'
  | 'name'
  | 'name or end'
  | 'colon'
  | 'comma or end'
  | 'text'
  | 'escape'
  | 'hex digit'
  | 'letter'
  | 'nothing'
  | NumberState;

/** How far a number has come. */
type NumberState = 'minus' | 'zero' | 'integer' | 'point' | 'fraction' | 'exponent' | 'exponent sign' | 'power';

const [tab, lineFeed, carriageReturn, space] = [0x09, 0x0a, 0x0d, 0x20];
const [quote, plus, comma, minus, point, zero, nine, colon] = [0x22, 0x2b, 0x2c, 0x2d, 0x2e, 0x30, 0x39, 0x3a];
const [listStart, backslash, listEnd, mapStart, mapEnd] = [0x5b, 0x5c, 0x5d, 0x7b, 0x7d];
const words = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), word.slice(1)]));
const escapes = new Set(Buffer.from('"\\/bfnrt'));

class JsonCheck {
  #expected: Expected = 'value';
  /** The ends of the lists and maps that are open. */
  readonly #open: number[] = [];
  #inName = false;
  #hexDigits = 0;
  /** What is left of a word. */
  #word = '';

  take(part: Uint8Array): void {
    for (let at = 0; at < part.length; at += 1) {
      if (this.#expected === 'text') at = endOfPlain(part, at);
      const byte = part[at];
      if (byte !== undefined) this.#expected = this.#after(byte);
      if (this.#expected === 'nothing') return;
    }
  }

  get whole(): boolean {
    const ended = this.#expected === 'comma or end' || endsNumber(this.#expected);
    return ended && this.#open.length === 0;
  }

  #after(byte: number): Expected {
    const expected = this.#expected;
    switch (expected) {
      case 'text':
        return this.#afterText(byte);
      case 'escape':
        this.#hexDigits = 0;
        return byte === 0x75 ? 'hex digit' : escapes.has(byte) ? 'text' : 'nothing';
      case 'hex digit':
        this.#hexDigits += 1;
        if (!isHexDigit(byte)) return 'nothing';
        return this.#hexDigits === 4 ? 'text' : 'hex digit';
      case 'letter':
        if (byte !== this.#word.charCodeAt(0)) return 'nothing';
        this.#word = this.#word.slice(1);
        return this.#word === '' ? 'comma or end' : 'letter';
      case 'nothing':
        return 'nothing';
      case 'value':
      case 'value or end':
      case 'name':
      case 'name or end':
      case 'colon':
      case 'comma or end':
        return isBlank(byte) ? expected : this.#afterSign(expected, byte);
      default:
        return afterDigit(expected, byte) ?? (isBlank(byte) ? 'comma or end' : this.#afterSign('comma or end', byte));
    }
  }

  #afterText(byte: number): Expected {
    if (byte === backslash) return 'escape';
    if (byte !== quote) return 'nothing';
    return this.#inName ? 'colon' : 'comma or end';
  }

  #afterSign(expected: 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end', byte: number): Expected {
    if (byte === this.#open.at(-1) && expected.endsWith('or end')) {
      this.#open.pop();
      return 'comma or end';
    }
    switch (expected) {
      case 'colon':
        return byte === colon ? 'value' : 'nothing';
      case 'comma or end':
        if (byte !== comma || this.#open.length === 0) return 'nothing';
        return this.#open.at(-1) === mapEnd ? 'name' : 'value';
      case 'name':
      case 'name or end':
        this.#inName = true;
        return byte === quote ? 'text' : 'nothing';
      default:
        return this.#valueFrom(byte);
    }
  }

  #valueFrom(byte: number): Expected {
    if (byte === quote) {
      this.#inName = false;
      return 'text';
    }
    if (byte === listStart || byte === mapStart) {
      this.#open.push(byte === listStart ? listEnd : mapEnd);
      return byte === listStart ? 'value or end' : 'name or end';
    }
    if (byte === minus) return 'minus';
    if (isDigit(byte)) return byte === zero ? 'zero' : 'integer';
    this.#word = words.get(byte) ?? '';
    return this.#word === '' ? 'nothing' : 'letter';
  }
}

/** The next byte of a text that is no part of it, or not as it is. */
function endOfPlain(part: Uint8Array, start: number): number {
  let at = start;
  for (; at < part.length; at += 1) {
    const byte = part[at] ?? quote;
    if (byte === quote || byte === backslash || byte < space) break;
  }
  return at;
}

/** Undefined where the number is over. */
function afterDigit(state: NumberState, byte: number): Expected | undefined {
  const [digit, isExponent] = [isDigit(byte), byte === 0x65 || byte === 0x45];
  switch (state) {
    case 'minus':
      return digit ? (byte === zero ? 'zero' : 'integer') : 'nothing';
    case 'zero':
    case 'integer':
      if (digit) return state === 'zero' ? 'nothing' : 'integer';
      return byte === point ? 'point' : isExponent ? 'exponent' : undefined;
    case 'point':
      return digit ? 'fraction' : 'nothing';
    case 'fraction':
      return digit ? 'fraction' : isExponent ? 'exponent' : undefined;
    case 'exponent':
      return digit ? 'power' : byte === plus || byte === minus ? 'exponent sign' : 'nothing';
    case 'exponent sign':
      return digit ? 'power' : 'nothing';
    case 'power':
      return digit ? 'power' : undefined;
  }
}

function endsNumber(state: Expected): boolean {
  return state === 'zero' || state === 'integer' || state === 'fraction' || state === 'power';
}

function isBlank(byte: number): boolean {
  return byte === space || byte === lineFeed || byte === carriageReturn || byte === tab;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine;
}

function isHexDigit(byte: number): boolean {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66);
}
