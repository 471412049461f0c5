import { didYouMean } from '../util/closest.ts';
import { isMapping, shown } from '../util/json.ts';
import type { Path, Scalar } from './lab.ts';
import type { Range, SourceText } from './source-text.ts';
import type { YamlMapping } from './yaml-data.ts';

/** Reads the keys of a YAML mapping one by one and reports those that are missing, unknown, or not what they must be. */
export class Fields {
  readonly #source: SourceText;
  readonly #yaml: YamlMapping;
  readonly #what: string;
  /** Where a key is reported that is not there. */
  readonly #opening: Range;
  /** Whether everything that was read so far is as it must be. */
  ok = true;

  constructor(source: SourceText, yaml: YamlMapping, what: string, opening: Range) {
    this.#source = source;
    this.#yaml = yaml;
    this.#what = what;
    this.#opening = opening;
  }

  /** Refuses every other key, of the mapping behind `within` where that is given. `otherwise` is the hint for one that resembles none. */
  only(keys: readonly string[], otherwise: string, within?: string): void {
    const owner = within === undefined ? this.#what : `\`${within}\``;
    const mapping = within === undefined ? this.#yaml.data : this.#yaml.data[within];
    for (const key of isMapping(mapping) ? Object.keys(mapping) : []) {
      if (keys.includes(key)) continue;
      this.ok = false;
      const path = within === undefined ? [key] : [within, key];
      this.#source.error(this.#yaml.keyAt(path), `${owner} has no key \`${key}\`.`, didYouMean(key, keys) ?? otherwise);
    }
  }

  has(key: string): boolean {
    return this.#yaml.data[key] !== undefined;
  }

  /** Text that must be there; `rule` is what it must match, and that in words. */
  text(key: string, example: string, rule?: { readonly pattern: RegExp; readonly words: string }): string {
    if (!this.has(key)) return this.#missing(key, example);
    const value = this.#yaml.data[key];
    if (typeof value !== 'string') {
      const quotable = typeof value === 'number' || typeof value === 'boolean';
      const hint = quotable
        ? `Put it in quotes, as in ${key}: ${example.startsWith('"') ? example : `"${value}"`}`
        : `For example: ${key}: ${example}`;
      return this.wrong([key], `\`${key}\` must be text, and is ${described(value)}.`, hint);
    }
    if (value.trim() === '') return this.wrong([key], `\`${key}\` is empty.`, `For example: ${key}: ${example}`);
    if (rule && !rule.pattern.test(value))
      return this.wrong([key], `\`${key}\` must be ${rule.words}, and is ${shown(value)}.`, `For example: ${key}: ${example}`);
    return value;
  }

  integer(key: string, least: number, most: number): number {
    if (!this.has(key)) {
      this.#missing(key, String(Math.max(least, 1)));
      return 0;
    }
    const value = this.#yaml.data[key];
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    this.wrong([key], `\`${key}\` must be a whole number from ${least} to ${most}, and is ${described(value)}.`);
    return 0;
  }

  /** An optional mapping; nothing behind the colon is an empty one. */
  mapping(key: string): Readonly<Record<string, unknown>> {
    const value = this.#yaml.data[key] ?? {};
    if (isMapping(value)) return value;
    this.wrong([key], `\`${key}\` must be a list of \`key: value\` lines, and is ${described(value)}.`);
    return {};
  }

  /** An optional mapping of names to single values. */
  scalars(key: string): Readonly<Record<string, Scalar>> {
    const entries: [string, Scalar][] = [];
    for (const [name, value] of Object.entries(this.mapping(key))) {
      if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
        this.ok = false;
        this.#source.error(
          this.#yaml.keyAt([key, name]),
          `${shown(name)} cannot be referred to.`,
          'A name has letters, digits, - and _, and begins with a letter.',
        );
      } else if (typeof value === 'string' && value.includes('${{')) {
        this.wrong([key, name], `\`${key}.${name}\` cannot refer to something else.`, 'Write the reference where the value is used.');
      } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
        entries.push([name, value]);
      } else {
        this.wrong([key, name], `\`${key}.${name}\` must be text, a number, true or false, and is ${described(value)}.`);
      }
    }
    return Object.fromEntries(entries);
  }

  wrong(path: Path, message: string, hint?: string): string {
    this.ok = false;
    this.#source.error(this.#yaml.at(path), message, hint);
    return '';
  }

  #missing(key: string, example: string): string {
    this.ok = false;
    this.#source.error(this.#opening, `${this.#what} has no \`${key}\`.`, `Add a line such as: ${key}: ${example}`);
    return '';
  }
}

/** A value that is of the wrong type, in a message. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a list of `key: value` lines';
  return typeof value === 'string' ? `the text ${shown(value)}` : `${typeof value === 'number' ? 'the number ' : ''}${shown(value)}`;
}
