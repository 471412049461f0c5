import { shellWord } from '../../util/shell-word.ts';
import { UserError } from '../../util/user-error.ts';
import type { Known, Plan } from '../plan.ts';
import { type Lookup, lookupIn } from '../reference.ts';

/** A shell variable, and the text that stands for it in calls until they are written as lines. */
interface Variable {
  readonly name: string;
  readonly placeholder: string;
  /** The part of the placeholder that no other text has. */
  readonly mark: string;
}

// Names that begin like this mean something to the shell or the AWS CLI.
const reserved = /^(AWS|BASH|LC|RAW|WORK)_/;

/**
 * The shell variables that take the place of what only a run knows: outputs of steps, the nonce, the time. Steps are bound
 * with placeholders, which look like the examples of the outputs and so fit the schemas; `word` writes them as variables.
 */
export class ShellVariables {
  readonly #values: Plan['values'];
  readonly #variables: Variable[] = [];
  /** What steps are bound with. */
  readonly known: Known;
  /** The folder in which a script keeps its files. */
  readonly workFolder: string;
  /** One of several things that a query has found. */
  readonly item: string;

  constructor(plan: Plan) {
    this.#values = plan.values;
    const outputs = plan.steps.map(({ block, kind }) => [
      block.id,
      Object.fromEntries(
        Object.entries(kind.outputs).map(([output, { example }]) => [output, this.#add(`${block.id}_${output}`, example)]),
      ),
    ]);
    this.known = {
      outputs: Object.fromEntries(outputs),
      nonce: this.#add('nonce', 'k3f9z2'),
      started: this.#add('started', '2026-01-31T12:00:00.000Z'),
    };
    this.workFolder = this.#add('work', '/tmp/');
    this.item = this.#add('item', 'item');
  }

  #add(text: string, example: string): string {
    const wanted = text.replaceAll('-', '_').toUpperCase();
    const safe = reserved.test(wanted) ? `STEP_${wanted}` : wanted;
    let name = safe;
    for (let count = 2; this.#variables.some((each) => each.name === name); count++) name = `${safe}_${count}`;
    const variable = { name, ...placeholderLike(example, this.#variables.length) };
    this.#variables.push(variable);
    return variable.placeholder;
  }

  /** The name of the variable of an output. */
  nameOf(step: string, output: string): string {
    return this.text(String(this.known.outputs[step]?.[output])).slice(1);
  }

  /** A text as a word of the shell, with variables in place of the placeholders. */
  readonly word = (text: string): string => {
    const parts = this.#split(text);
    if (parts.every((part) => typeof part === 'string')) return shellWord(text);
    // What means something between double quotes stays in single ones, and the variables stand between.
    const plain = parts.every((part) => typeof part !== 'string' || !/["$`\\]|!(?!=)/.test(part));
    if (plain) return `"${parts.map((part, index) => (typeof part === 'string' ? part : dollar(part, parts[index + 1]))).join('')}"`;
    return parts.map((part) => (typeof part === 'string' ? quoted(part) : `"$${part.name}"`)).join('');
  };

  /** Whether a text has a placeholder in it. */
  isIn(text: string): boolean {
    return this.#variables.some(({ mark }) => text.includes(mark));
  }

  /** A text for people, with `$NAME` in place of the placeholders. */
  text(text: string): string {
    return this.#split(text)
      .map((part) => (typeof part === 'string' ? part : `$${part.name}`))
      .join('');
  }

  /** What references in prose stand for: values of the lab as they are, everything else as `$NAME`. */
  readonly lookup: Lookup = (reference) => {
    const value = lookupIn(this.#values, this.known)(reference);
    return typeof value === 'string' ? this.text(value) : value;
  };

  /**
   * Holds that lines have a variable for everything in `source` (calls, or data of them) that only a run knows. What a step kind
   * takes apart, or turns into bytes, would be wrong in every run.
   * @throws {UserError} that begins with `who`.
   */
  check(source: unknown, lines: string, who: string): void {
    const texts = [...textsIn(source)];
    const lost = this.#variables.some(
      ({ name, mark }) => lines.includes(mark) || (!lines.includes(name) && texts.some((text) => text.includes(mark))),
    );
    if (!lost) return;
    throw new UserError(`${who} cannot be written as AWS CLI lines: it takes a value apart that only a run knows.`);
  }

  #split(text: string): (string | Variable)[] {
    const parts: (string | Variable)[] = [];
    let rest = text;
    while (rest !== '') {
      const next = this.#first(rest);
      if (next === undefined) break;
      if (next.at > 0) parts.push(rest.slice(0, next.at));
      parts.push(next.variable);
      rest = rest.slice(next.at + next.variable.placeholder.length);
    }
    if (rest !== '' || parts.length === 0) parts.push(rest);
    return parts;
  }

  #first(text: string): { readonly at: number; readonly variable: Variable } | undefined {
    const found = this.#variables.map((variable) => ({ at: text.indexOf(variable.placeholder), variable })).filter(({ at }) => at >= 0);
    return found.sort((one, other) => one.at - other.at)[0];
  }
}

/**
 * A text that has the shape of an example and is unlike any other, so that it fits the same schemas: a time, digits, the
 * digits at the end of an id, or the example with a word behind it.
 */
function placeholderLike(example: string, index: number): Pick<Variable, 'placeholder' | 'mark'> {
  if (/^\d{4}-\d\d-\d\dT/.test(example)) {
    const time = new Date(Date.UTC(2031, 6, 19, 3, 41, 7) + index * 1_009).toISOString();
    return { placeholder: time, mark: time };
  }
  const digits = /[0-9a-f]{8}$/.test(example) ? `7731${String(index).padStart(4, '0')}` : undefined;
  const mark = digits ?? `kq7x${index}z`;
  return { placeholder: (digits === undefined ? example : example.slice(0, -digits.length)) + mark, mark };
}

/** A variable between double quotes, in front of `next`. */
function dollar({ name }: Variable, next: string | Variable | undefined): string {
  return typeof next === 'string' && /^\w/.test(next) ? `\${${name}}` : `$${name}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Every text inside data, bytes as the UTF-8 that they are. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value instanceof Uint8Array) yield new TextDecoder().decode(value);
  else if (value instanceof Date) yield value.toISOString();
  else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) yield* textsIn(member);
}
