import type { Place } from './diagnostic.ts';

/** A lab file after parsing: everything is well-formed, nothing has been looked up yet. */
export interface Lab {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  /** Version of the lab format that the file was written for. */
  readonly format: number;
  /** Variables with their defaults; `--set` overrides them. */
  readonly vars: Readonly<Record<string, string>>;
  /** As given to the parser; what diagnostics name. */
  readonly file: string;
  readonly text: string;
  /** The page in order. Joined, the `source` of all sections is the text after the front matter. */
  readonly sections: readonly Section[];
}

export type Section = Prose | StepBlock | OutputBlock;

export interface Prose {
  readonly kind: 'prose';
  readonly source: string;
  readonly place: Place;
}

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
  /** Where a key or value of the block stands, by its path: `['with', 'shards']`. Falls back to the nearest parent. */
  at(path: readonly (string | number)[]): Place;
}

/** A ```` ```json output ```` fence, which belongs to the step above it. */
export interface OutputBlock {
  readonly kind: 'output';
  readonly source: string;
  readonly place: Place;
  /** The id of the step whose answer it shows. */
  readonly step: string;
  /** The JSON that is expected; a subset, the string `<any>` matches anything. */
  readonly expected: unknown;
}
