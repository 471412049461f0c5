import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadMarkdown } from '../../src/cli/markdown.ts';
import { printable } from '../../src/util/printable.ts';

describe('Markdown in the terminal', () => {
  it('shows bold text and code inside list items without their marks', async () => {
    const render = await loadMarkdown({ width: 60, colour: false });
    expect(render('A list:\n\n- its **trust policy** names `lambda.amazonaws.com`\n- *and* more')).toBe(
      'A list:\n\n  * its trust policy names lambda.amazonaws.com\n  * and more',
    );
  });

  it('breaks long list items between words, with the lines under each other', async () => {
    const render = await loadMarkdown({ width: 40, colour: false });
    expect(render('- one two three four five six **seven** eight nine\n  ten eleven')).toBe(
      '  * one two three four five six seven\n    eight nine ten eleven',
    );
  });

  it('shows headings without their marks, and code as it stands', async () => {
    const render = await loadMarkdown({ width: 60, colour: false });
    expect(render('## Two\n\n```text\na  ──▶  b\n```')).toBe('Two\n\n  a  ──▶  b');
  });

  const table = [
    '| option | what **it is** |',
    '|---|---|',
    '| `--data` | the data, or `fileb://record.json` |',
    '| `--partition-key` | decides where *the record* goes & more |',
  ].join('\n');

  it('shows tables as wide as they are, where there is room', async () => {
    const render = await loadMarkdown({ width: 60, colour: false });
    expect(render(`A table:\n\n${table}\n\nMore.`).split('\n')).toEqual([
      'A table:',
      '',
      'option           what it is',
      '───────────────  ────────────────────────────────────',
      '--data           the data, or fileb://record.json',
      '--partition-key  decides where the record goes & more',
      '',
      'More.',
    ]);
  });

  it('breaks the cells of tables between words where there is not, with or without colours', async () => {
    const narrow = [
      'option           what it is',
      '───────────────  ─────────────────────',
      '--data           the data, or',
      '                 fileb://record.json',
      '',
      '--partition-key  decides where the',
      '                 record goes & more',
    ];
    expect((await loadMarkdown({ width: 38, colour: false }))(table).split('\n')).toEqual(narrow);
    expect(stripVTControlCharacters((await loadMarkdown({ width: 38, colour: true }))(table)).split('\n')).toEqual(narrow);
  });

  it('shows the same text with colours and without', async () => {
    const text = '**bold** and `code`';
    const plain = (await loadMarkdown({ width: 60, colour: false }))(text);
    expect(plain).toBe('bold and code');
    expect(stripVTControlCharacters((await loadMarkdown({ width: 60, colour: true }))(text))).toBe(plain);
  });

  it('lets nothing on the page act on the terminal', async () => {
    const render = await loadMarkdown({ width: 60, colour: false });
    expect(render('a \u001b]0;title\u0007 b \u202e c')).toBe('a \\u001b]0;title\\u0007 b \\u202e c');
  });

  it.each([
    ['text', 'a &#27;[2J b'],
    ['text, in hexadecimal', 'a &#x1b;[2J &#x9b;2J &#x202e; b'],
    ['a heading', '# a &#27;[2J'],
    ['a list', '- a &#27;]8;;http://x&#7;'],
    ['a quotation', '> a &#27;c'],
    ['a table', '| a &#27;[2J |\n|---|\n| &#27;[2J |'],
    ['a link', '[a &#27;[2J](http://x/&#27;[2J "&#27;[2J")'],
    ['an image', '![a &#27;[2J](http://x/&#27;[2J)'],
    ['HTML', '<b>&#27;[2J</b>'],
    ['code', '`&#27;[2J`\n\n```js\n"&#27;[2J"\n```'],
  ])('lets no entity act on the terminal, in %s', async (_where, markdown) => {
    const plain = (await loadMarkdown({ width: 60, colour: false }))(markdown);
    expect(printable(plain)).toBe(plain);
    const coloured = (await loadMarkdown({ width: 60, colour: true }))(markdown);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are all that may be left
    const uncoloured = coloured.replace(/\u001b\[[\d;]*m/g, '');
    expect(printable(uncoloured)).toBe(uncoloured);
  });

  it('says where a link leads', async () => {
    const render = await loadMarkdown({ width: 60, colour: false });
    expect(render('[AWS](http://aws.example) and <http://other.example>')).toBe('AWS (http://aws.example) and http://other.example');
  });

  it.each([
    ['nested a thousand times', `${'> '.repeat(5_000)}deep`],
    ['slow to render', '_a'.repeat(200_000)],
  ])('shows what is %s as it is written', async (_what, markdown) => {
    const render = await loadMarkdown({ width: 60, colour: false });
    expect(render(markdown).replace(/\s+/g, '')).toBe(markdown.replace(/\s+/g, ''));
  });
});
