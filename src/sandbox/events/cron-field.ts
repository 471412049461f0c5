/** What a field of a cron expression can hold. */
export interface FieldRange {
  readonly first: number;
  readonly last: number;
  /** What the values from `first` on are called as well. */
  readonly names?: readonly string[];
}

/**
 * Reads the part of a field's grammar that all fields share: `*`, `5`, `1-5`, `0/15`, `10-40/5`, and lists of them.
 * @returns the values that it stands for; undefined for what is not one, a range that runs backwards included (whether AWS
 * takes `FRI-MON` is unverified).
 */
export function parseField(text: string, range: FieldRange): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const found = parseItem(item, range);
    if (found === undefined) return undefined;
    for (const value of found) values.add(value);
  }
  return values;
}

/** One value, by number or by name; undefined for what is none. */
export function parseValue(text: string, { first, last, names = [] }: FieldRange): number | undefined {
  const named = names.indexOf(text);
  if (named >= 0) return first + named;
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const value = Number(text);
  return value < first || value > last ? undefined : value;
}

function parseItem(item: string, range: FieldRange): readonly number[] | undefined {
  const [, span = '', from = '', to, step] = /^((\*|\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item) ?? [];
  if (span === '' || (from === '*' && to !== undefined)) return undefined;
  const start = from === '*' ? range.first : parseValue(from, range);
  // With a step, a single value is where to begin.
  const open = from === '*' || step !== undefined;
  const end = to === undefined ? (open ? range.last : start) : parseValue(to, range);
  const stride = step === undefined ? 1 : Number(step);
  if (start === undefined || end === undefined || end < start || stride < 1) return undefined;
  const values: number[] = [];
  for (let value = start; value <= end; value += stride) values.push(value);
  return values;
}
