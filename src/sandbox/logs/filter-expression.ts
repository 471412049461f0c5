import { type EventFilter, invalidPattern, patternTest, type TextTest, wildcardTest } from './filter-text.ts';

/** Whether an event, taken apart, fulfils an expression. */
type Test<Event> = (event: Event) => boolean;

/** The values that a field of an event has: none, one, or those of all elements of a list. */
type Field<Event> = (event: Event) => readonly unknown[];

type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** What stands on the right of a comparison. */
type Operand = { readonly kind: 'number'; readonly number: number } | { readonly kind: 'text'; readonly fits: TextTest };

const tokenForms =
  /\s*(?:(&&|\|\||[<>!]=|[=<>(),])|"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|(\$(?:\.[^\s=!<>&|(),."'[\]]+|\[(?:\d+|\*|'[^']*'|"[^"]*")\])*)|([^\s=!<>&|(),"]+))/y;

type Token =
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'quoted'; readonly text: string }
  | { readonly kind: 'expression'; readonly text: string }
  | { readonly kind: 'selector'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string };

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  tokenForms.lastIndex = 0;
  const content = text.trimEnd();
  while (tokenForms.lastIndex < content.length) {
    const [, sign, quoted, expression, selector, word] = tokenForms.exec(content) ?? [];
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1') });
    else if (expression !== undefined) tokens.push({ kind: 'expression', text: expression });
    else if (selector !== undefined) tokens.push({ kind: 'selector', text: selector });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else throw invalidPattern();
  }
  return tokens;
}

/** `{ $.status >= 400 && ($.path = "/a*" || $.user NOT EXISTS) }`. An event that is no JSON object or list fits nothing. */
export function parseJsonPattern(text: string): EventFilter {
  if (!text.endsWith('}')) throw invalidPattern();
  const parser = new ExpressionParser<unknown>(tokenize(text.slice(1, -1)), (token) => {
    if (token.kind !== 'selector') throw invalidPattern();
    return selectorField(token.text);
  });
  const test = parser.whole();
  return (message) => {
    const event = parsedObject(message);
    return event !== undefined && test(event);
  };
}

function parsedObject(message: string): object | undefined {
  if (!/^\s*[[{]/.test(message)) return undefined;
  try {
    const parsed: unknown = JSON.parse(message);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `[ip, user, status = 4*, ...]`: the fields in their order, each with a name or a condition on it. Text in quotation
 * marks and in brackets is one field. The number of fields has to be that of the pattern, unless `...` stands for the rest.
 */
export function parseFieldPattern(text: string): EventFilter {
  if (!text.endsWith(']')) throw invalidPattern();
  const columns = splitColumns(tokenize(text.slice(1, -1)));
  const rest = columns.findIndex(([first]) => first?.text === '...');
  const tests = columns.map((tokens, index) => columnTest(tokens, rest >= 0 && index > rest ? index - columns.length : index));
  return (message) => {
    const fields = splitFields(message);
    if (rest < 0 ? fields.length !== columns.length : fields.length < columns.length - 1) return false;
    return tests.every((test) => test(fields));
  };
}

function splitColumns(tokens: readonly Token[]): Token[][] {
  const columns: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'sign' && token.text === ',') columns.push([]);
    else columns.at(-1)?.push(token);
  }
  return columns;
}

/** @param at the index of the field that the column is about; from the end where it is negative */
function columnTest(tokens: readonly Token[], at: number): Test<readonly string[]> {
  if (tokens.length <= 1) return () => true;
  const name = tokens.find(({ kind }) => kind === 'word')?.text;
  const parser = new ExpressionParser<readonly string[]>(tokens, (token) => {
    if (token.text !== name) throw invalidPattern();
    return (fields) => fields.slice(at).slice(0, 1);
  });
  return parser.whole();
}

function splitFields(message: string): string[] {
  return [...message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)].map(([, quoted, bracketed, plain]) => quoted ?? bracketed ?? plain ?? '');
}

/** Conditions with `&&`, `||` and parentheses; `&&` binds more strongly. */
class ExpressionParser<Event> {
  readonly #tokens: readonly Token[];
  readonly #field: (token: Token) => Field<Event>;
  #next = 0;

  /** @param field what a name on the left of a comparison stands for */
  constructor(tokens: readonly Token[], field: (token: Token) => Field<Event>) {
    this.#tokens = tokens;
    this.#field = field;
  }

  whole(): Test<Event> {
    const test = this.#alternatives();
    if (this.#next < this.#tokens.length) throw invalidPattern();
    return test;
  }

  #alternatives(): Test<Event> {
    const tests = [this.#conjunction()];
    while (this.#takes('||')) tests.push(this.#conjunction());
    return (event) => tests.some((test) => test(event));
  }

  #conjunction(): Test<Event> {
    const tests = [this.#condition()];
    while (this.#takes('&&')) tests.push(this.#condition());
    return (event) => tests.every((test) => test(event));
  }

  #condition(): Test<Event> {
    if (this.#takes('(')) {
      const test = this.#alternatives();
      if (!this.#takes(')')) throw invalidPattern();
      return test;
    }
    const field = this.#field(this.#take());
    const { kind, text } = this.#take();
    if (kind === 'word' && text.toUpperCase() === 'IS') return stateTest(field, this.#take().text.toUpperCase());
    if (kind === 'word' && text.toUpperCase() === 'NOT' && this.#take().text.toUpperCase() === 'EXISTS') {
      return (event) => field(event).length === 0;
    }
    if (kind !== 'sign' || !isComparison(text)) throw invalidPattern();
    const operand = readOperand(this.#take());
    return (event) => field(event).some((value) => compares(value, text, operand));
  }

  #take(): Token {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw invalidPattern();
    return token;
  }

  #takes(sign: string): boolean {
    const token = this.#tokens[this.#next];
    const isNext = token?.kind === 'sign' && token.text === sign;
    if (isNext) this.#next++;
    return isNext;
  }
}

function stateTest<Event>(field: Field<Event>, state: string): Test<Event> {
  const values = new Map<string, unknown>([
    ['TRUE', true],
    ['FALSE', false],
    ['NULL', null],
  ]);
  if (!values.has(state)) throw invalidPattern();
  return (event) => field(event).some((value) => value === values.get(state));
}

/** `$.user.roles[0]`, `$.items[*].id`, `$['a field']`. */
function selectorField(selector: string): Field<unknown> {
  const steps = [...selector.matchAll(/\.([^.[]+)|\[(\d+)\]|\[(\*)\]|\['([^']*)'\]|\["([^"]*)"\]/g)].map(
    ([, name, index, all, quoted, doubleQuoted]) => (all === undefined ? (name ?? index ?? quoted ?? doubleQuoted ?? '') : undefined),
  );
  return (event) => steps.reduce((values: readonly unknown[], step) => values.flatMap((value) => member(value, step)), [event]);
}

/** @param step a name or an index; `undefined` for all elements */
function member(value: unknown, step: string | undefined): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === undefined) return Array.isArray(value) ? value : Object.values(value);
  return Object.hasOwn(value, step) ? [(value as Readonly<Record<string, unknown>>)[step]] : [];
}

function isComparison(text: string): text is Comparison {
  return ['=', '!=', '<', '<=', '>', '>='].includes(text);
}

function readOperand({ kind, text }: Token): Operand {
  if (kind === 'sign') throw invalidPattern();
  if (kind === 'expression') return { kind: 'text', fits: patternTest(text) };
  if (kind === 'word' && text !== '' && !Number.isNaN(Number(text))) return { kind: 'number', number: Number(text) };
  return { kind: 'text', fits: wildcardTest(text) };
}

/** Numbers are compared as numbers; fields that are separated by spaces are texts, which may be numerals. */
function compares(value: unknown, comparison: Comparison, operand: Operand): boolean {
  if (typeof value === 'object') return false;
  if (operand.kind === 'text') {
    const fits = operand.fits(String(value));
    return comparison === '=' ? fits : comparison === '!=' && !fits;
  }
  const number = typeof value === 'boolean' || value === '' ? Number.NaN : Number(value);
  switch (comparison) {
    case '=':
      return number === operand.number;
    case '!=':
      return number !== operand.number;
    case '<':
      return number < operand.number;
    case '<=':
      return number <= operand.number;
    case '>':
      return number > operand.number;
    case '>=':
      return number >= operand.number;
  }
}
