import { describe, expect, it } from 'vitest';
import { labOf, labWith, orders, output, problems, step } from '../support/lab-kinds.ts';

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
      '  Leave out what does not matter; "<more>" stands for other elements of a list, "<any>" for any value.',
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
