import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A step of a page, as YAML lines without the fence. */
export const pageSteps = {
  /** Makes a stream. */
  stream: ['id: stream', 'uses: kinesis/stream', 'with:', '  name: ${{ names.stream }}', '  shards: 1', 'points: 10', 'hint: Create it.'],
  /** Puts a record into it, and so writes without making anything. */
  record: [
    'id: record',
    'uses: kinesis/put-record',
    'with:',
    '  stream: ${{ names.stream }}',
    '  partition-key: "1"',
    '  data: ${{ vars.message }}',
    'points: 5',
  ],
  /** Looks, and is content with whatever it sees. */
  content: ['id: content', 'uses: aws/call', 'with: { service: kinesis, operation: ListStreams }'],
  /** Asks, with answers to choose from. */
  choice: [
    'id: choice',
    'uses: quiz',
    'with:',
    '  question: Where does `LATEST` begin?',
    '  options: [At the oldest record, Behind the newest record]',
    '  answer: 2',
    '  explanation: What was put *before* is skipped.',
    'points: 3',
    'hint: Its name tells.',
  ],
  /** Asks for an answer that is typed. */
  typed: ['id: typed', 'uses: quiz', 'with:', '  question: What has a stream?', '  answer: shards', 'points: 2'],
  /** Runs a command, which leaves a file in the home folder. */
  command: ['id: command', 'uses: shell', 'with:', '  run: echo ran | tee "$HOME/ran"', '  contains: [ran]', 'points: 1'],
  /** Prints the variable LEAKED in several forms, and the credentials that commands are given. */
  leak: [
    'id: leak',
    'uses: shell',
    'with:',
    '  run: |',
    '    echo "raw $LEAKED"; printf %s "x$LEAKED" | base64 -w0; echo',
    '    printf \'{"Key": "%s"}\\n\' "$AWS_SECRET_ACCESS_KEY"; env | grep ^AWS_',
    '  contains: [raw]',
  ],
  /** Waits for a log that nobody writes. */
  silence: ['id: silence', 'uses: logs/contains', 'with:', '  group: /nobody/writes', '  text: ${{ vars.message }}', '  within: 60'],
  /** Expects something of AWS that is not so. */
  wrong: [
    'id: wrong',
    'uses: aws/call',
    'with:',
    '  service: kinesis',
    '  operation: DescribeStreamSummary',
    '  input:',
    '    StreamName: ${{ names.stream }}',
    '  expect:',
    '    - query: StreamDescriptionSummary.OpenShardCount',
    '      equals: 2',
    'points: 5',
  ],
} as const;

/** A step that runs a command, as YAML lines without the fence. */
export function commandStep(id: string, run: string): readonly string[] {
  return [`id: ${id}`, 'uses: shell', 'with:', `  run: ${JSON.stringify(run)}`];
}

/** Writes a lab with these steps below `home`. @returns its path from there. */
export function writeLab(home: string, steps: readonly (keyof typeof pageSteps | readonly string[])[], id = '07'): string {
  const front = [`id: "${id}"`, 'title: Streams', 'summary: A stream and a record.', 'minutes: 5', 'format: 1'];
  const values = ['names:', '  stream: orders', 'vars:', '  message: Hello'];
  const blocks = steps.flatMap((step) => {
    const [name, lines] = typeof step === 'string' ? [step, pageSteps[step]] : [step[0]?.replace('id: ', ''), step];
    return [`## Step ${name}`, '', `About *${name}*.`, '', '```yaml step', ...lines, '```', ''];
  });
  mkdirSync(join(home, 'labs'), { recursive: true });
  const path = join('labs', `${id}-streams.md`);
  writeFileSync(join(home, path), ['---', ...front, ...values, '---', '', '# Streams', '', ...blocks].join('\n'));
  return path;
}
