import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { printDiagnostics } from '../../src/runner/diagnostic-printer.ts';
import { planText } from '../../src/runner/planning.ts';
import { labKinds, labOf, labWith, orders, output, step } from '../support/lab-kinds.ts';

const assets = fileURLToPath(new URL('./', import.meta.url));

/** What an author reads about a lab file, as lines. Also holds that there is a plan or an error, never both or neither. */
async function problems(text: string): Promise<string[]> {
  const { plan, diagnostics } = await planText('labs/07-streams.md', text, { kinds: labKinds, assets });
  expect(plan === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  return printDiagnostics(diagnostics, new Map([['labs/07-streams.md', text]]))
    .split('\n')
    .slice(0, -1);
}

describe('the front matter of a lab', () => {
  it('has to be there', async () => {
    expect(await problems('# Streams\n')).toEqual([
      'labs/07-streams.md:1:1 error: A lab begins with its front matter, and this file does not.',
      '  # Streams',
      '  ~',
      '  Begin the file with a line of ---, then id, title, summary, minutes and format, then another line of ---.',
    ]);
  });

  it('has to be closed', async () => {
    expect(await problems('---\nid: "07"\n')).toEqual([
      'labs/07-streams.md:1:1 error: The front matter is not closed.',
      '  ---',
      '  ~~~',
      '  End it with a line of ---.',
    ]);
  });

  it('shows all of its mistakes at once', async () => {
    expect(await problems(labWith({ id: '07', title: '', minutes: 'soon', summry: 'red' }, orders))).toEqual([
      'labs/07-streams.md:1:1 error: The front matter has no `title`.',
      '  ---',
      '  ~~~',
      '  Add a line such as: title: Hello, Kinesis',
      '',
      'labs/07-streams.md:2:5 error: `id` must be text, and is the number 7.',
      '  id: 07',
      '      ~~',
      '  Put it in quotes, as in id: "01"',
      '',
      'labs/07-streams.md:4:10 error: `minutes` must be a whole number from 1 to 600, and is the text "soon".',
      '  minutes: soon',
      '           ~~~~',
      '',
      'labs/07-streams.md:6:1 error: The front matter has no key `summry`.',
      '  summry: red',
      '  ~~~~~~',
      '  Did you mean "summary"?',
    ]);
  });

  it('has the id that the file name begins with', async () => {
    expect(await problems(labWith({ id: '"08"' }, orders))).toEqual([
      'labs/07-streams.md:2:5 error: The id is "08", but the file name begins with 07.',
      '  id: "08"',
      '      ~~~~',
      '  Make them the same: labs are found by either.',
    ]);
  });

  it('of a newer format asks for an update and for nothing else', async () => {
    expect(await problems(labWith({ format: '2', id: '', colour: 'red' }, step('sparkle: true')))).toEqual([
      'labs/07-streams.md:5:9 error: This lab is written in format 2, and this kinesis-labs reads format 1.',
      '  format: 2',
      '          ~',
      '  Update it: npm install kinesis-labs@latest',
    ]);
  });

  it('has variables that are single values, and names that are text', async () => {
    const head = { vars: '\n  a b: 1\n  c: [1]\n  d: ${{ vars.c }}\n  e:', names: '{ s: 1, t: "" }' };
    expect(await problems(labWith(head, orders))).toEqual([
      'labs/07-streams.md:8:3 error: "a b" cannot be referred to.',
      '    a b: 1',
      '    ~~~',
      '  A name has letters, digits, - and _, and begins with a letter.',
      '',
      'labs/07-streams.md:9:3 error: `vars.c` must be text, a number, true or false, and is a list.',
      '    c: [1]',
      '    ~',
      '',
      'labs/07-streams.md:10:6 error: `vars.d` cannot refer to something else.',
      '    d: ${{ vars.c }}',
      '       ~~~~~~~~~~~~~',
      '  Write the reference where the value is used.',
      '',
      'labs/07-streams.md:11:3 error: `vars.e` must be text, a number, true or false, and is empty.',
      '    e:',
      '    ~',
      '',
      'labs/07-streams.md:12:13 error: `names.s` must be the default name of a resource, and is 1.',
      '  names: { s: 1, t: "" }',
      '              ~',
      '  Put it in quotes if it is text.',
      '',
      'labs/07-streams.md:12:19 error: `names.t` must be the default name of a resource, and is "".',
      '  names: { s: 1, t: "" }',
      '                    ~~',
      '  Put it in quotes if it is text.',
    ]);
  });

  it('does not use one word for a variable and for a name', async () => {
    expect(await problems(labWith({ vars: '{ s: 1 }', names: '{ s: orders }' }, orders))).toEqual([
      'labs/07-streams.md:8:13 error: `s` is both a variable and a name, so --set s=… could mean either.',
      '  names: { s: orders }',
      '              ~~~~~~',
      '  Call one of them something else.',
    ]);
  });
});

describe('a step', () => {
  it('is not optional', async () => {
    expect(await problems(labOf('Just prose.\n'))).toEqual([
      'labs/07-streams.md:8:1 error: The lab has no steps.',
      '  Just prose.',
      '  ~',
      '  A step begins with ```yaml step at the start of a line.',
    ]);
  });

  it('shows all of its mistakes at once', async () => {
    expect(await problems(labOf(step('id: Orders', 'use: kinesis/stream', 'name: orders', 'points: -1', 'hint: 5', 'with: 3')))).toEqual([
      'labs/07-streams.md:8:1 error: The step has no `uses`.',
      '  ```yaml step',
      '  ~~~~~~~~~~~~',
      '  Add a line such as: uses: kinesis/stream',
      '',
      'labs/07-streams.md:9:5 error: `id` must be lower-case words joined by hyphens, and is "Orders".',
      '  id: Orders',
      '      ~~~~~~',
      '  For example: id: stream',
      '',
      'labs/07-streams.md:10:1 error: The step has no key `use`.',
      '  use: kinesis/stream',
      '  ~~~',
      '  Did you mean "uses"?',
      '',
      'labs/07-streams.md:11:1 error: The step has no key `name`.',
      '  name: orders',
      '  ~~~~',
      '  A step has id, uses, with, points and hint; the inputs of what it uses stand below `with:`.',
      '',
      'labs/07-streams.md:12:9 error: `points` must be a whole number from 0 to 1000, and is the number -1.',
      '  points: -1',
      '          ~~',
      '',
      'labs/07-streams.md:13:7 error: `hint` must be text, and is the number 5.',
      '  hint: 5',
      '        ~',
      '  Put it in quotes, as in hint: "5"',
      '',
      'labs/07-streams.md:14:7 error: `with` must be a list of `key: value` lines, and is the number 3.',
      '  with: 3',
      '        ~',
    ]);
  });

  it('has an id of its own', async () => {
    expect(await problems(labOf(orders, orders))).toEqual([
      'labs/07-streams.md:16:5 error: There is a step "orders" already, on line 8.',
      '  id: orders',
      '      ~~~~~~',
      '  Give each step an id of its own.',
    ]);
  });

  it('uses a step kind that exists', async () => {
    expect(await problems(labOf(step('id: x', 'uses: kinesis/steam'), step('id: y', 'uses: quiz')))).toEqual([
      'labs/07-streams.md:10:7 error: There is no step kind "kinesis/steam".',
      '  uses: kinesis/steam',
      '        ~~~~~~~~~~~~~',
      '  Did you mean "kinesis/stream"?',
      '',
      'labs/07-streams.md:14:7 error: There is no step kind "quiz".',
      '  uses: quiz',
      '        ~~~~',
      '  There are: kinesis/put-record, kinesis/stream, lambda/function.',
    ]);
  });

  it('that is broken does not hide the mistakes of the others', async () => {
    const mapping = step('id: record', 'uses: kinesis/put-record', 'with:', '  stream: ${{ steps.broken.arn }}', '  dat: 1');
    expect(await problems(labOf(step('id: broken', 'uses: a: b'), mapping))).toEqual([
      'labs/07-streams.md:10:7 error: The step is not valid YAML: there is a second `key:` inside a value.',
      '  uses: a: b',
      '        ~',
      '  Put quotes around a value that contains a colon.',
      '',
      'labs/07-streams.md:15:1 error: kinesis/put-record needs `data`.',
      '  with:',
      '  ~~~~',
      '',
      'labs/07-streams.md:17:3 error: kinesis/put-record has no input `dat`.',
      '    dat: 1',
      '    ~~~',
      '  Did you mean "data"?',
    ]);
  });
});

describe('the YAML of a step', () => {
  const cases: readonly (readonly [what: string, lines: readonly string[], printed: readonly string[]])[] = [
    [
      'has every quotation mark closed',
      ['id: x', 'uses: "kinesis', 'points: 3'],
      [
        'labs/07-streams.md:10:7 error: The step is not valid YAML: a quotation mark is not closed.',
        '  uses: "kinesis',
        '        ~~~~~~~~',
        '  Close it on the same line.',
      ],
    ],
    [
      'has quotes around references inside braces',
      ['id: x', 'uses: kinesis/stream', 'with: { name: ${{ vars.x }} }'],
      [
        'labs/07-streams.md:11:16 error: The step is not valid YAML: unexpected flow-map-start at node end.',
        '  with: { name: ${{ vars.x }} }',
        '                 ~',
        '  Inside [ ] and { }, put quotes around a value that has ${{ }} in it.',
      ],
    ],
    [
      'is indented with spaces',
      ['id: x', 'with:', '\tname: y'],
      [
        'labs/07-streams.md:11:1 error: The step is not valid YAML: it is indented with a tab.',
        '      name: y',
        '  ~~~~',
        '  Indent with spaces, two for each level, and keys of one level alike.',
      ],
    ],
    [
      'is indented evenly',
      ['id: x', '  uses: kinesis/stream'],
      [
        'labs/07-streams.md:9:5 error: The step is not valid YAML: the line below this one is indented more.',
        '  id: x',
        '      ~',
        '  Indent with spaces, two for each level, and keys of one level alike.',
      ],
    ],
    [
      'has no key twice',
      ['id: x', 'uses: kinesis/stream', 'with:', '  name: a', '  name: b'],
      ['labs/07-streams.md:13:3 error: The key `name` is given twice.', '    name: b', '    ~~~~', '  Keep one of them.'],
    ],
    [
      'has no aliases, so that nothing multiplies',
      ['id: x', 'uses: kinesis/stream', 'with:', '  name: &n orders', '  <<: *n'],
      [
        'labs/07-streams.md:12:12 error: The step uses a YAML anchor (&n).',
        '    name: &n orders',
        '             ~~~~~~',
        '  Write the value out where it is needed.',
        '',
        'labs/07-streams.md:13:7 error: The step uses a YAML alias (*n).',
        '    <<: *n',
        '        ~~',
        '  Write the value out.',
      ],
    ],
    [
      'has no tags',
      ['id: !secret x'],
      [
        'labs/07-streams.md:9:5 error: The step is not valid YAML: tags such as `!name` are not supported.',
        '  id: !secret x',
        '      ~~~~~~~',
        '  Put quotes around the value if the `!` is part of it.',
      ],
    ],
    [
      'is a mapping',
      ['- id: x'],
      ['labs/07-streams.md:9:1 error: The step must be a list of `key: value` lines.', '  - id: x', '  ~~~~~~~'],
    ],
    ['is not empty', [], ['labs/07-streams.md:9:1 error: The step must be a list of `key: value` lines, and is empty.', '  ```', '  ~']],
    [
      'keeps long numbers in quotes',
      ['id: x', 'uses: kinesis/stream', 'with:', '  name: 123456789012345678901'],
      [
        'labs/07-streams.md:12:9 error: This number is too large to be kept exactly; it would become 123456789012345680000.',
        '    name: 123456789012345678901',
        '          ~~~~~~~~~~~~~~~~~~~~~',
        '  Put it in quotes.',
      ],
    ],
  ];

  it.each(cases)('%s', async (_, lines, printed) => {
    expect(await problems(labOf(step(...lines)))).toEqual(printed);
  });
});

describe('the inputs of a step', () => {
  it('are those that its kind has, and all that it needs', async () => {
    const block = step('id: x', 'uses: kinesis/stream', 'with:', '  nmae: y', '  colour: red');
    expect(await problems(labOf(block, step('id: y', 'uses: kinesis/stream')))).toEqual([
      'labs/07-streams.md:11:1 error: kinesis/stream needs `name`.',
      '  with:',
      '  ~~~~',
      '  `name`: The name of the stream.',
      '',
      'labs/07-streams.md:12:3 error: kinesis/stream has no input `nmae`.',
      '    nmae: y',
      '    ~~~~',
      '  Did you mean "name"?',
      '',
      'labs/07-streams.md:13:3 error: kinesis/stream has no input `colour`.',
      '    colour: red',
      '    ~~~~~~',
      '  It has name, shards, mode, tags.',
      '',
      'labs/07-streams.md:17:7 error: kinesis/stream needs `name`.',
      '  uses: kinesis/stream',
      '        ~~~~~~~~~~~~~~',
      '  `name`: The name of the stream.',
    ]);
  });

  it('are of the type and in the range that the kind says', async () => {
    const lines = ['  name: "a b"', '  shards: 11', '  mode: ONDEMAND', '  tags: { a: 1, b: [1] }'];
    const more = ['  name: 12', '  shards: two', '  mode: PROVISIONED', '  tags: none'];
    const blocks = [step('id: x', 'uses: kinesis/stream', 'with:', ...lines), step('id: y', 'uses: kinesis/stream', 'with:', ...more)];
    expect(await problems(labOf(...blocks))).toEqual([
      'labs/07-streams.md:12:9 error: `name` is the text "a b": A stream name has 1 to 128 letters, digits, _ . and -.',
      '    name: "a b"',
      '          ~~~~~',
      '  `name`: The name of the stream.',
      '',
      'labs/07-streams.md:13:11 error: `shards` must be at most 10, and is the number 11.',
      '    shards: 11',
      '            ~~',
      '  `shards`: How many shards it has, 1 to 10.',
      '',
      'labs/07-streams.md:14:9 error: `mode` must be one of "PROVISIONED", "ON_DEMAND", and is the text "ONDEMAND".',
      '    mode: ONDEMAND',
      '          ~~~~~~~~',
      '  Did you mean "ON_DEMAND"?',
      '',
      'labs/07-streams.md:15:14 error: `tags.a` must be text, and is the number 1.',
      '    tags: { a: 1, b: [1] }',
      '               ~',
      '  Put it in quotes if it is text.',
      '',
      'labs/07-streams.md:15:17 error: `tags.b` must be text, and is a list.',
      '    tags: { a: 1, b: [1] }',
      '                  ~',
      '',
      'labs/07-streams.md:21:9 error: `name` must be text, and is the number 12.',
      '    name: 12',
      '          ~~',
      '  Put it in quotes if it is text.',
      '',
      'labs/07-streams.md:22:11 error: `shards` must be a number, and is the text "two".',
      '    shards: two',
      '            ~~~',
      '  `shards`: How many shards it has, 1 to 10.',
      '',
      'labs/07-streams.md:24:9 error: `tags` must be a list of `key: value` lines, and is the text "none".',
      '    tags: none',
      '          ~~~~',
    ]);
  });

  it('say which forms there are where there are several', async () => {
    const block = (data: string) => step('id: x', 'uses: kinesis/put-record', 'with:', '  stream: "arn:x"', `  data: ${data}`);
    expect(await problems(labOf(block('5')))).toEqual([
      'labs/07-streams.md:13:9 error: `data` must be text, or a list of `key: value` lines, and is the number 5.',
      '    data: 5',
      '          ~',
    ]);
    expect(await problems(labOf(block('{ a: [1] }')))).toEqual([
      'labs/07-streams.md:13:11 error: `data.a` must be text, or a number, and is a list.',
      '    data: { a: [1] }',
      '            ~',
    ]);
  });

  it('that come from a reference are shown with it', async () => {
    const block = step(
      'id: y',
      'uses: kinesis/put-record',
      'with:',
      '  stream: ${{ steps.orders.arn }}',
      '  data: x',
      '  attempts: ${{ vars.n }}',
    );
    expect(await problems(labWith({ vars: '{ n: many }' }, orders, block))).toEqual([
      'labs/07-streams.md:22:13 error: `attempts` must be a number, and is the text "many". It comes from ${{ vars.n }}.',
      '    attempts: ${{ vars.n }}',
      '              ~~~~~~~~~~~~~',
    ]);
  });
});

describe('a reference', () => {
  it('has something to refer to, everywhere on the page', async () => {
    const page = [
      'Use ${{ vars.mesage }} and ${{ steps.orders.arn }}.\n',
      orders,
      'Here ${{ steps.orders.arm }}, ${{ names.message }} and ${{ names.x }}.\n',
      output('{ "StreamARN": "${{ steps.order.arn }}" }'),
    ];
    expect(await problems(labWith({ vars: '{ message: hi }' }, ...page))).toEqual([
      'labs/07-streams.md:9:5 error: The front matter has no variable "mesage".',
      '  Use ${{ vars.mesage }} and ${{ steps.orders.arn }}.',
      '      ~~~~~~~~~~~~~~~~~~',
      '  Did you mean "message"?',
      '',
      'labs/07-streams.md:9:28 error: The step "orders" has not been done yet at this point.',
      '  Use ${{ vars.mesage }} and ${{ steps.orders.arn }}.',
      '                             ~~~~~~~~~~~~~~~~~~~~~~~',
      '  Refer to steps above only, or move that step up.',
      '',
      'labs/07-streams.md:17:6 error: The step "orders" has no output "arm".',
      '  Here ${{ steps.orders.arm }}, ${{ names.message }} and ${{ names.x }}.',
      '       ~~~~~~~~~~~~~~~~~~~~~~~',
      '  Did you mean "arn"?',
      '',
      'labs/07-streams.md:17:31 error: The front matter has no name "message".',
      '  Here ${{ steps.orders.arm }}, ${{ names.message }} and ${{ names.x }}.',
      '                                ~~~~~~~~~~~~~~~~~~~~',
      '  Did you mean ${{ vars.message }}?',
      '',
      'labs/07-streams.md:17:56 error: The front matter has no name "x".',
      '  Here ${{ steps.orders.arm }}, ${{ names.message }} and ${{ names.x }}.',
      '                                                         ~~~~~~~~~~~~~~',
      '  Add it below `names:`.',
      '',
      'labs/07-streams.md:19:17 error: There is no step "order".',
      '  { "StreamARN": "${{ steps.order.arn }}" }',
      '                  ~~~~~~~~~~~~~~~~~~~~~~',
      '  Did you mean "orders"?',
    ]);
  });

  it('in a step goes up, not to itself and not down', async () => {
    const record = step(
      'id: record',
      'uses: kinesis/put-record',
      'with:',
      '  stream: ${{ steps.orders.arn }}',
      '  data: ${{ steps.record.id }}',
    );
    expect(await problems(labOf(record, orders))).toEqual([
      'labs/07-streams.md:12:11 error: The step "orders" has not been done yet at this point.',
      '    stream: ${{ steps.orders.arn }}',
      '            ~~~~~~~~~~~~~~~~~~~~~~~',
      '  Refer to steps above only, or move that step up.',
      '',
      'labs/07-streams.md:13:9 error: The step "record" has not been done yet at this point.',
      '    data: ${{ steps.record.id }}',
      '          ~~~~~~~~~~~~~~~~~~~~~~',
      '  Refer to steps above only, or move that step up.',
    ]);
  });

  it('has a place of its own inside longer and folded text', async () => {
    const block = step(
      'id: x',
      'uses: kinesis/stream',
      'with:',
      '  name: orders',
      'hint: |',
      '  See ${{ vars.a }},',
      '  or ${{ learner.name }}.',
      '  ${{ step.x.y }} ${{ steps.x }} ${{ }} ${{ secrets.X }} ${{ vars.b',
    );
    expect((await problems(labOf(block))).filter((line) => /error|~/.test(line))).toEqual([
      'labs/07-streams.md:15:6 error: The learner has no `name`.',
      '       ~~~~~~~~~~~~~~~~~~~',
      'labs/07-streams.md:16:3 error: `step.x.y` is no reference.',
      '    ~~~~~~~~~~~~~~~',
      'labs/07-streams.md:16:19 error: `steps.x` names a step, but none of its outputs.',
      '                    ~~~~~~~~~~~~~~',
      'labs/07-streams.md:16:34 error: There is nothing between `${{` and `}}`.',
      '                                   ~~~~~~',
      'labs/07-streams.md:16:41 error: `secrets.X` is no reference.',
      '                                          ~~~~~~~~~~~~~~~~',
      'labs/07-streams.md:16:58 error: This `${{` has no `}}` on its line.',
      '                                                           ~~~~~~~~~~',
    ]);
  });
});

describe('an output block', () => {
  it('is JSON', async () => {
    expect(await problems(labOf(orders, output('{ "a": 1,', '  "b": tru }')))).toEqual([
      'labs/07-streams.md:17:8 error: The output block is not valid JSON. Here should be a value.',
      '    "b": tru }',
      '         ~',
    ]);
    expect(await problems(labOf(orders, output('{ "Shards": [ ... ] }')))).toEqual([
      'labs/07-streams.md:16:15 error: The output block is not valid JSON. Here should be a value.',
      '  { "Shards": [ ... ] }',
      '                ~',
      '  Leave out what does not matter; "<more>" as the last element lets a list go on, "<any>" stands for any value.',
    ]);
  });

  it('belongs to one step, which has no other', async () => {
    expect(await problems(labOf(output('{}'), orders, output('{}'), output('{}')))).toEqual([
      'labs/07-streams.md:8:1 error: There is no step above this output block.',
      '  ```json output',
      '  ~~~~~~~~~~~~~~',
      '  An output block shows what the step above it answers. For JSON that is only shown, write ```json.',
      '',
      'labs/07-streams.md:21:1 error: The step "orders" has an output block already.',
      '  ```json output',
      '  ~~~~~~~~~~~~~~',
      '  Keep one of them. For JSON that is only shown, write ```json.',
    ]);
  });

  it('is refused where there is nothing that it could be compared with', async () => {
    const block = step('id: record', 'uses: kinesis/put-record', 'with: { stream: "arn:x", data: hello }');
    expect(await problems(labOf(block, output('{}')))).toEqual([
      'labs/07-streams.md:13:1 error: The step "record" (kinesis/put-record) shows no answer that this output block could be compared with.',
      '  ```json output',
      '  ~~~~~~~~~~~~~~',
      '  For JSON that is only shown, write ```json.',
    ]);
  });
});
