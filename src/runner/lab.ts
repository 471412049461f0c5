import type { Place } from './diagnostic.ts';

/** A lab file after parsing: everything is well-formed, nothing has been looked up yet. */
export interface Lab {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  /** Version of the lab format that the file was written for. */
  readonly format: number;
  /** Variables with their defaults: `${{ vars.message }}`. `--set` overrides them, with a value of the same type. */
  readonly vars: Readonly<Record<string, Scalar>>;
  /** Default names of resources: `${{ names.stream }}`. `--prefix` is put in front of them; `--set` replaces one as it is. */
  readonly names: Readonly<Record<string, string>>;
  /** As given to the parser; what diagnostics name. */
  readonly file: string;
  readonly text: string;
  /** The page in order. Joined, the `source` of all sections is the text after the front matter. */
  readonly sections: readonly Section[];
}

export type Scalar = string | number | boolean;

export type Section = Prose | StepBlock | OutputBlock;

interface Prose {
  readonly kind: 'prose';
  readonly source: string;
  readonly place: Place;
  readonly references: readonly PlacedReference[];
}

/** What stands between `${{` and `}}`. */
export type Reference =
  | { readonly kind: 'output'; readonly step: string; readonly output: string }
  | { readonly kind: 'var'; readonly name: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'learner'; readonly name: 'nonce' | 'started' };

export interface PlacedReference {
  readonly reference: Reference;
  /** Of all of `${{ … }}`. */
  readonly place: Place;
  /** In a step: the path of the string that holds it, `['with', 'name']`; in an output block, from the root of the JSON. */
  readonly path: Path;
}

/** Keys and indexes from the root of a document down to a value. */
export type Path = readonly (string | number)[];

/** A ```` ```yaml step ```` fence. */
export interface StepBlock {
  readonly kind: 'step';
  readonly source: string;
  readonly place: Place;
  readonly id: string;
  /** The nearest heading above. */
  readonly heading: string;
  readonly uses: string;
  /** The `with:` mapping as plain data; strings may hold `${{ }}` references. */
  readonly with: Readonly<Record<string, unknown>>;
  readonly points: number;
  readonly hint: string | undefined;
  readonly references: readonly PlacedReference[];
  /** Where a value of the block stands (for a mapping or a list: its key), by its path: `['with', 'shards']`. Falls back to the nearest parent. */
  at(path: Path): Place;
  /** Where the key of that path stands. */
  keyAt(path: Path): Place;
}

/** A ```` ```json output ```` fence, which belongs to the step above it. */
export interface OutputBlock {
  readonly kind: 'output';
  readonly source: string;
  readonly place: Place;
  /** The id of the step whose answer it shows. */
  readonly step: string;
  /** The JSON that is expected; a subset, the string `<any>` matches anything. Its strings may hold references. */
  readonly expected: unknown;
  readonly references: readonly PlacedReference[];
}
