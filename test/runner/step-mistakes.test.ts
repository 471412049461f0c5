import { describe, expect, it } from 'vitest';
import { labOf, labWith, orders, output, problems, step } from '../support/lab-kinds.ts';

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
