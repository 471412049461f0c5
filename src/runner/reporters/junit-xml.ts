import { legible } from '../../util/printable.ts';

/** A test suite as JUnit XML has it: a lab. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
  readonly seconds: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export interface Case {
  readonly name: string;
  readonly suite: string;
  readonly file: string;
  readonly line: number;
  readonly seconds: number;
  readonly ending?: { readonly kind: 'failure' | 'error' | 'skipped'; readonly message: string; readonly text?: string };
}

/** The document. It is valid when there are no suites, too. */
export function junitXml(suites: readonly Suite[]): string {
  const all = suites.flatMap((suite) => suite.cases);
  const time = suites.reduce((sum, suite) => sum + suite.seconds, 0);
  const lines = suites.flatMap(({ name, cases, seconds, startedAt }) => [
    `  <testsuite ${attributes({ name, ...tally(cases), time: seconds.toFixed(3), timestamp: new Date(startedAt).toISOString() })}>`,
    ...cases.map(caseElement),
    '  </testsuite>',
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: 'kinesis-labs', ...tally(all), time: time.toFixed(3) })}>`,
    ...lines,
    '</testsuites>',
    '',
  ].join('\n');
}

function tally(cases: readonly Case[]): Record<string, number> {
  const count = (kind: string) => cases.filter(({ ending }) => ending?.kind === kind).length;
  return { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
}

function caseElement({ name, suite, file, line, seconds, ending }: Case): string {
  const head = `    <testcase ${attributes({ name, classname: suite, time: seconds.toFixed(3), file, line })}`;
  if (ending === undefined) return `${head}/>`;
  const { kind, message, text } = ending;
  const open = `<${kind} ${attributes({ message })}`;
  const inner = text === undefined ? `${open}/>` : `${open}>${escaped(text, mostText)}</${kind}>`;
  return `${head}>\n      ${inner}\n    </testcase>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(String(value)).replace(/\n/g, '&#10;').replace(/\t/g, '&#9;')}"`)
    .join(' ');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// Programs that read reports have limits for what they take, and no use for a megabyte.
const mostText = 100_000;

/** Text for XML 1.0, which has no place at all for control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
function escaped(text: string, most?: number): string {
  return legible(text, most)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
