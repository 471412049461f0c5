import { escaped } from './markup.ts';

/** A test suite as JUnit XML has it: a lab, or what a student has done of it. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
  readonly seconds: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** What else is to be known about it. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface Case {
  readonly name: string;
  readonly suite: string;
  readonly file: string;
  readonly line?: number;
  readonly seconds: number;
  /** What is to be known of it however it ended. */
  readonly output?: string;
  readonly ending?: { readonly kind: 'failure' | 'error' | 'skipped'; readonly message: string; readonly text?: string };
}

/** The document. It is valid when there are no suites, too. */
export function junitXml(suites: readonly Suite[]): string {
  return [...junitParts(suites)].join('');
}

/** The document in parts. The suites are gone through twice, one after the other: it begins with how many cases there are in all. */
export function* junitParts(suites: Iterable<Suite>): Generator<string> {
  const all = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  let time = 0;
  for (const { cases, seconds } of suites) {
    const counts = tally(cases);
    for (const name of tallied) all[name] += counts[name];
    time += seconds;
  }
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${attributes({ name: 'kinesis-labs', ...all, time: time.toFixed(3) })}>\n`;
  for (const suite of suites) yield suiteElement(suite);
  yield '</testsuites>\n';
}

function suiteElement({ name, cases, seconds, startedAt, properties }: Suite): string {
  const head = `<testsuite ${attributes({ name, ...tally(cases), time: seconds.toFixed(3), timestamp: new Date(startedAt).toISOString() })}>`;
  return `${[`  ${head}`, ...propertyLines(properties), ...cases.map(caseElement), '  </testsuite>'].join('\n')}\n`;
}

function propertyLines(properties: Suite['properties']): readonly string[] {
  if (properties === undefined) return [];
  const lines = Object.entries(properties).map(([name, value]) => `      <property ${attributes({ name, value })}/>`);
  return ['    <properties>', ...lines, '    </properties>'];
}

const tallied = ['tests', 'failures', 'errors', 'skipped'] as const;

function tally(cases: readonly Case[]): Readonly<Record<(typeof tallied)[number], number>> {
  const count = (kind: string) => cases.filter(({ ending }) => ending?.kind === kind).length;
  return { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
}

function caseElement({ name, suite, file, line, seconds, output, ending }: Case): string {
  const head = `    <testcase ${attributes({ name, classname: suite, time: seconds.toFixed(3), file, ...(line === undefined ? {} : { line }) })}`;
  const inner = [
    ...(ending === undefined ? [] : [endingElement(ending)]),
    ...(output === undefined ? [] : [`<system-out>${escaped(output, mostText)}</system-out>`]),
  ];
  return inner.length === 0 ? `${head}/>` : `${head}>${inner.map((each) => `\n      ${each}`).join('')}\n    </testcase>`;
}

function endingElement({ kind, message, text }: NonNullable<Case['ending']>): string {
  const open = `<${kind} ${attributes({ message })}`;
  return text === undefined ? `${open}/>` : `${open}>${escaped(text, mostText)}</${kind}>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(String(value)).replace(/\n/g, '&#10;').replace(/\t/g, '&#9;')}"`)
    .join(' ');
}

// Programs that read reports have limits for what they take, and no use for a megabyte.
const mostText = 100_000;
