/** A place in a lab file. Lines and columns count from 1; `length` is in characters of that line, at least 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** One problem of a lab file: what was seen and what to do, at its place. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly place: Place;
  /** Names the thing and says what was seen. */
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
}
