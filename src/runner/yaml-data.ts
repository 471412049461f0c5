import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, parseDocument } from 'yaml';
import { shown } from '../util/json.ts';
import type { Place } from './diagnostic.ts';
import type { Path } from './lab.ts';
import type { Range, SourceText } from './source-text.ts';
import { yamlProblem } from './yaml-problem.ts';

/** A mapping that was read from YAML: plain data, and where each part of it stands in the file. */
export interface YamlMapping {
  readonly data: Readonly<Record<string, unknown>>;
  /** The range of a value; for a path that does not exist, of its nearest parent that has one. */
  rangeOf(path: Path): Range;
  /** Where a value stands; for a mapping or a list, where its key stands, which is what one looks for. */
  at(path: Path): Place;
  keyAt(path: Path): Place;
}

/**
 * Reads a range of a file as one YAML 1.2 mapping and reports what is wrong with it. Stricter than YAML, so that a page
 * means what it looks like: no aliases, anchors or tags, no key twice, text keys only, and bounded depth.
 * @returns `undefined` when anything is wrong.
 */
export function readYamlMapping(source: SourceText, range: Range, what: string): YamlMapping | undefined {
  const text = source.text.slice(range.start, range.end);
  // The pretty form of an error repeats the source line, which the printer of diagnostics does. Duplicate keys are found
  // below: the parser compares each key with every other one.
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error', stringKeys: false });
  const problem = yamlProblem(document, text);
  if (problem !== undefined) {
    source.error(
      { start: range.start + problem.start, end: range.start + problem.end },
      `${what} is not valid YAML: ${problem.message}`,
      problem.hint,
    );
    return undefined;
  }
  const root = document.contents;
  if (!isMap(root)) {
    const at = root?.range
      ? { start: range.start + root.range[0], end: range.start + root.range[1] }
      : { start: range.start, end: range.start };
    source.error(at, `${what} must be a list of \`key: value\` lines${root === null || isEmpty(root) ? ', and is empty' : ''}.`);
    return undefined;
  }
  const reader = new NodeReader(source, range.start, what);
  const [data, parts] = reader.read(root, undefined, 0);
  if (reader.failed || typeof data !== 'object' || data === null) return undefined;
  return mapping(data as Readonly<Record<string, unknown>>, parts, source);
}

/** Where one node stands, and its children. */
interface Part {
  readonly key: Range | undefined;
  readonly value: Range;
  readonly children: ReadonlyMap<string | number, Part> | undefined;
}

function mapping(data: Readonly<Record<string, unknown>>, root: Part, source: SourceText): YamlMapping {
  function find(path: Path): Part {
    let part = root;
    for (const key of path) {
      const child = part.children?.get(key);
      if (child === undefined) break;
      part = child;
    }
    return part;
  }
  function keyAt(path: Path): Place {
    const part = find(path);
    return source.place(part.key ?? part.value);
  }
  return {
    data,
    rangeOf: (path) => find(path).value,
    at(path) {
      const part = find(path);
      return part.children === undefined ? source.place(part.value) : keyAt(path);
    },
    keyAt,
  };
}

const deepest = 64;

class NodeReader {
  readonly #source: SourceText;
  readonly #offset: number;
  readonly #what: string;
  failed = false;

  constructor(source: SourceText, offset: number, what: string) {
    this.#source = source;
    this.#offset = offset;
    this.#what = what;
  }

  read(node: ParsedNode | null, key: Range | undefined, depth: number): [data: unknown, part: Part] {
    // What is not there, as behind `hint:`, is looked for at its key.
    const empty = node === null || node.range[0] === node.range[1];
    const value = empty ? (key ?? { start: this.#offset, end: this.#offset }) : this.#range(node);
    const leaf = { key, value, children: undefined };
    if (node === null) return [null, leaf];
    if (isAlias(node)) this.#refuse(value, `${this.#what} uses a YAML alias (*${node.source}).`, 'Write the value out.');
    else if (node.anchor !== undefined)
      this.#refuse(value, `${this.#what} uses a YAML anchor (&${node.anchor}).`, 'Write the value out where it is needed.');
    if (isAlias(node)) return [null, leaf];
    if (depth > deepest) {
      this.#refuse(value, `${this.#what} is nested more than ${deepest} levels deep.`);
      return [null, leaf];
    }
    if (isScalar(node)) return [this.#scalar(node.value, value), leaf];
    if (isSeq(node)) {
      const read = node.items.map((item) => this.read(item as ParsedNode, undefined, depth + 1));
      return [read.map(([data]) => data), { key, value, children: new Map(read.map(([, part], index) => [index, part])) }];
    }
    const entries = new Map<string, [unknown, Part]>();
    for (const pair of node.items as Pair<ParsedNode, ParsedNode | null>[]) {
      const name = this.#key(pair.key);
      if (name === undefined) continue;
      const at = this.#range(pair.key);
      if (entries.has(name)) this.#refuse(at, `The key \`${name}\` is given twice.`, 'Keep one of them.');
      else entries.set(name, this.read(pair.value, at, depth + 1));
    }
    const list = [...entries];
    return [
      Object.fromEntries(list.map(([name, [data]]) => [name, data])),
      { key, value, children: new Map(list.map(([name, [, part]]) => [name, part])) },
    ];
  }

  #key(node: ParsedNode): string | undefined {
    const range = this.#range(node);
    const value = isScalar(node) ? (node.source ?? node.value) : undefined;
    if (
      typeof value === 'string' &&
      value !== '' &&
      value !== '__proto__' &&
      !value.includes('${{') &&
      !isAlias(node) &&
      node.anchor === undefined
    ) {
      return value;
    }
    this.#refuse(range, `${this.#what} has a key that is not plain text.`, 'References, lists and mappings can be values only.');
    return undefined;
  }

  #scalar(value: unknown, range: Range): unknown {
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      this.#refuse(range, `This number is too large to be kept exactly; it would become ${value}.`, 'Put it in quotes.');
    } else if (typeof value === 'number' && !Number.isFinite(value)) {
      this.#refuse(range, `${shown(String(value))} is not a number that a step can use.`, 'Put it in quotes if it is text.');
    }
    return value;
  }

  #range(node: ParsedNode): Range {
    const [start, end] = node.range;
    return { start: this.#offset + start, end: this.#offset + end };
  }

  #refuse(range: Range, message: string, hint?: string): void {
    this.failed = true;
    this.#source.error(range, message, hint);
  }
}

function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}
