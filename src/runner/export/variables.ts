import { shellWord } from '../../util/shell-word.ts';
import { UserError } from '../../util/user-error.ts';
import type { Known, Plan } from '../plan.ts';
import { type Lookup, lookupIn } from '../reference.ts';

/** A text that stands for a shell variable, or a part of one, in calls until they are written as lines. */
interface Placeholder {
  readonly text: string;
  /** Of the variable. */
  readonly name: string;
  /** What takes its place between double quotes. */
  readonly expansion: string;
}

interface Variable {
  readonly name: string;
  readonly placeholder: string;
  /** What no other text has in it; where one of these stands, a part of the value stands. */
  readonly marks: readonly string[];
  /** The whole value first, then parts of it that can be told from the whole. */
  readonly parts: readonly Placeholder[];
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
    const variable = variableLike(example, name, this.#variables.length);
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
    if (plain) return `"${this.#joined(parts)}"`;
    return parts.map((part) => (typeof part === 'string' ? quoted(part) : `"${part.expansion}"`)).join('');
  };

  /** Whether a text has a placeholder in it. */
  isIn(text: string): boolean {
    return this.#variables.some(({ marks }) => marks.some((mark) => text.includes(mark)));
  }

  /** A text for people, or one between double quotes, with `$NAME` in place of the placeholders. */
  text(text: string): string {
    return this.#joined(this.#split(text));
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
    const lost = this.#variables.some(({ name, marks }) =>
      marks.some((mark) => lines.includes(mark) || (!lines.includes(name) && texts.some((text) => text.includes(mark)))),
    );
    if (!lost) return;
    throw new UserError(`${who} cannot be written as AWS CLI lines: it takes a value apart that only a run knows.`);
  }

  #joined(parts: readonly (string | Placeholder)[]): string {
    return parts.map((part, index) => (typeof part === 'string' ? part : expanded(part, parts[index + 1]))).join('');
  }

  #split(text: string): (string | Placeholder)[] {
    const parts: (string | Placeholder)[] = [];
    let rest = text;
    for (let next = this.#first(rest); next !== undefined; next = this.#first(rest)) {
      if (next.at > 0) parts.push(rest.slice(0, next.at));
      parts.push(next.part);
      rest = rest.slice(next.at + next.part.text.length);
    }
    if (rest !== '' || parts.length === 0) parts.push(rest);
    return parts;
  }

  /** The placeholder that begins first; of several that begin there, the longest. */
  #first(text: string): { readonly at: number; readonly part: Placeholder } | undefined {
    const found = this.#variables
      .flatMap(({ parts }) => parts)
      .map((part) => ({ at: text.indexOf(part.text), part }))
      .filter(({ at }) => at >= 0);
    return found.sort((one, other) => one.at - other.at || other.part.text.length - one.part.text.length)[0];
  }
}

/**
 * A variable whose placeholder has the shape of an example and is unlike any other text, so that it fits the same schemas: a
 * time, digits, the digits at the end of an id, or the example with a word behind it. Step kinds may take the region, the
 * account and the name out of an ARN, and the name out of a URL.
 */
function variableLike(example: string, name: string, index: number): Variable {
  const whole = (text: string): Placeholder => ({ text, name, expansion: `$${name}` });
  if (/^\d{4}-\d\d-\d\dT/.test(example)) {
    const time = new Date(Date.UTC(2031, 6, 19, 3, 41, 7) + index * 1_009).toISOString();
    return { name, placeholder: time, marks: [time], parts: [whole(time)] };
  }
  const number = `7731${String(index).padStart(4, '0')}`;
  const numbered = /[0-9a-f]{8}$/.test(example);
  const mark = numbered ? number : `kq7x${index}z`;
  const marked = (numbered ? example.slice(0, -number.length) : example) + mark;
  const last = /[:/]([^:/]+)$/.exec(marked)?.[1];
  const parts = last === undefined ? [] : [{ text: last, name, expansion: `\${${name}##*[:/]}` }];
  const [arn, partition, service, region, account, ...resource] = marked.split(':');
  if (arn !== 'arn' || resource.length === 0) return { name, placeholder: marked, marks: [mark], parts: [whole(marked), ...parts] };
  const field = (place: number, text: string): Placeholder => ({ text, name, expansion: `$(cut -d: -f${place} <<<"$${name}")` });
  // A region is letters and a digit.
  const ownRegion = region === '' ? '' : `us-kq${[...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}-7`;
  const ownAccount = account === '' ? '' : `${number}0000`;
  const placeholder = [arn, partition, service, ownRegion, ownAccount, ...resource].join(':');
  return {
    name,
    placeholder,
    marks: [mark, ownRegion, ownAccount].filter((each) => each !== ''),
    parts: [
      whole(placeholder),
      ...(ownRegion === '' ? [] : [field(4, ownRegion)]),
      ...(ownAccount === '' ? [] : [field(5, ownAccount)]),
      ...parts,
    ],
  };
}

/** What stands for a placeholder between double quotes, in front of `next`. */
function expanded({ name, expansion }: Placeholder, next: string | Placeholder | undefined): string {
  return typeof next === 'string' && /^\w/.test(next) && expansion === `$${name}` ? `\${${name}}` : expansion;
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
