/** What is wrong with a JSON text, and at which offset. */
export interface JsonProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint?: string;
}

const deepest = 64;
const token =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.]))/uy;

/**
 * The first problem of a JSON text, with its offsets, or `undefined` when `JSON.parse` will read it as it looks.
 * `JSON.parse` itself gives the position of some errors only, and lets a key be given twice.
 */
export function findJsonProblem(text: string): JsonProblem | undefined {
  return new JsonScan(text).run();
}

class JsonScan {
  readonly #text: string;
  #at = 0;
  /** Start of the token that was read last. */
  #start = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): JsonProblem | undefined {
    const problem = this.#value(this.#next(), 0);
    if (problem !== undefined) return problem;
    return this.#next() === '' && this.#ended() ? undefined : this.#problem('There is more text behind the end of the JSON.');
  }

  /** The next token, or the empty text when there is none. */
  #next(): string {
    token.lastIndex = this.#at;
    const match = token.exec(this.#text);
    const [, sign, string, literal] = match ?? [];
    const found = sign ?? string ?? literal;
    if (found === undefined) {
      this.#start = this.#at + (/^[ \t\r\n]*/.exec(this.#text.slice(this.#at))?.[0].length ?? 0);
      return '';
    }
    this.#start = token.lastIndex - found.length;
    this.#at = token.lastIndex;
    return found;
  }

  #ended(): boolean {
    return this.#start >= this.#text.length;
  }

  #value(first: string, depth: number): JsonProblem | undefined {
    if (depth > deepest) return this.#problem(`This is nested more than ${deepest} levels deep.`);
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '' || ',:]}'.includes(first)) return this.#expected('a value');
    return undefined;
  }

  #array(depth: number): JsonProblem | undefined {
    let first = this.#next();
    if (first === ']') return undefined;
    for (;;) {
      const problem = this.#value(first, depth + 1);
      if (problem !== undefined) return problem;
      const sign = this.#next();
      if (sign === ']') return undefined;
      if (sign !== ',') return this.#expected('a comma or `]`');
      first = this.#next();
    }
  }

  #object(depth: number): JsonProblem | undefined {
    const keys = new Set<string>();
    let key = this.#next();
    if (key === '}') return undefined;
    for (;;) {
      if (!key.startsWith('"')) return this.#expected('a key in double quotes');
      if (keys.has(key)) return this.#problem(`The key ${key} is given twice.`, 'Keep one of them.');
      keys.add(key);
      if (this.#next() !== ':') return this.#expected('a colon');
      const problem = this.#value(this.#next(), depth + 1);
      if (problem !== undefined) return problem;
      const sign = this.#next();
      if (sign === '}') return undefined;
      if (sign !== ',') return this.#expected('a comma or `}`');
      key = this.#next();
    }
  }

  #expected(what: string): JsonProblem {
    if (this.#ended()) return this.#problem(`The JSON ends where ${what} should be.`);
    const rest = this.#text.slice(this.#start, this.#start + 3);
    const hint =
      rest === '...' || rest.startsWith('…')
        ? 'Leave out what does not matter; "<more>" stands for other elements of a list, "<any>" for any value.'
        : rest.startsWith('//') || rest.startsWith('/*') || rest.startsWith('#')
          ? 'JSON has no comments.'
          : undefined;
    return this.#problem(`Here should be ${what}.`, hint);
  }

  #problem(message: string, hint?: string): JsonProblem {
    const end = Math.max(this.#at, this.#start + 1);
    return { start: this.#start, end, message, ...(hint === undefined ? {} : { hint }) };
  }
}
