import { lexer, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { outline } from '../../src/runner/fence.ts';
import { oneOf, random } from '../support/random.ts';

/** What a page has, in words: the content of each block, and the line and message of each oddity. */
function read(...lines: readonly string[]) {
  const text = `${lines.join('\n')}\n`;
  const { fences, headings, oddities } = outline(text, 0);
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  return {
    blocks: fences.map(({ kind, content }) => `${kind} ${text.slice(content.start, content.end).trim()}`),
    headings: headings.map((heading) => heading.text),
    oddities: oddities.map(({ range, message }) => `${lineOf(range.start)} ${message}`),
  };
}

const inPlace = 'must begin at the start of the line. Indented, or inside a list or a quotation, it would be taken for prose.';

describe('a block', () => {
  it('is a fence of backticks at column 1 with exactly `yaml step` or `json output` behind it', () => {
    const page = read('Text', '```yaml step', 'id: a', '```', 'More', '```json output', '{}', '```');
    expect(page).toEqual({ blocks: ['step id: a', 'output {}'], headings: [], oddities: [] });
  });

  it('may have a longer fence, a closing fence that is longer still, and white space behind either', () => {
    expect(read('````yaml step  ', '```', 'id: a', '`````  ').blocks).toEqual(['step ```\nid: a']);
  });

  it('is not closed by a shorter fence, by one of tildes, or by one with a word behind it', () => {
    expect(read('````yaml step', '```', '~~~~', '```` x', '````').blocks).toEqual(['step ```\n~~~~\n```` x']);
  });

  it('counts lines that end with CRLF', () => {
    const text = '```yaml step\r\nid: a\r\n```\r\n';
    expect(outline(text, 0).fences).toEqual([
      { kind: 'step', range: { start: 0, end: text.length }, opening: { start: 0, end: 12 }, content: { start: 14, end: 21 } },
    ]);
  });

  it('can be the last line of a file without a newline', () => {
    expect(outline('```yaml step\n```', 0).fences).toHaveLength(1);
  });
});

describe('code that is only shown', () => {
  it.each(['sh', 'js', 'yaml', 'yaml title="steps.yml"', 'json', 'text', '', 'output-example', 'python'])('may be ```%s', (info) => {
    expect(read(`\`\`\`${info}`, 'name: x', '```', '```yaml step', 'id: a', '```')).toMatchObject({ blocks: ['step id: a'], oddities: [] });
  });

  it('may show how a step is written, inside a longer fence or one of tildes', () => {
    expect(read('````md', '```yaml step', 'uses: x', '```', '````')).toMatchObject({ blocks: [], oddities: [] });
    expect(read('~~~md', '```yaml step', 'uses: x', '```', '~~~')).toMatchObject({ blocks: [], oddities: [] });
  });

  it('may stand in a list or a quotation', () => {
    const page = read(
      '1. Type',
      '   ```sh',
      '   ls',
      '   ```',
      '- ```sh',
      '  ls',
      '',
      '  ```',
      '> ```sh',
      '> ls',
      '> ```',
      '```yaml step',
      'id: a',
      '```',
    );
    expect(page).toMatchObject({ blocks: ['step id: a'], oddities: [] });
  });

  it('may be a line of its own with backticks on both sides', () => {
    expect(read('```ls```', '```yaml step', 'id: a', '```')).toMatchObject({ blocks: ['step id: a'], oddities: [] });
  });
});

describe('what looks like a block and is none', () => {
  it.each([
    'yml step',
    'YAML step',
    'yaml  step',
    'yaml Step',
    'yaml steps',
    'yaml-step',
    'yaml:step',
    'yaml {step}',
    'step',
    'steps',
    'ymal step',
    ' yaml step',
  ])('is an error: ```%s', (info) => {
    const { blocks, oddities } = read(`\`\`\`${info}`, 'id: a', '```');
    expect(blocks).toEqual([]);
    expect(oddities).toEqual([`1 \`${info}\` looks like the beginning of a step, but is not; it would be taken for prose.`]);
  });

  it.each(['json outputs', 'JSON output', 'jsonc output', 'output', 'json-output', 'jsn output'])('is an error: ```%s', (info) => {
    const { blocks, oddities } = read(`\`\`\`${info}`, '{}', '```');
    expect(blocks).toEqual([]);
    expect(oddities).toEqual([`1 \`${info}\` looks like the beginning of an output block, but is not; it would be taken for prose.`]);
  });

  it.each([
    ['indented by one', [' ```yaml step', ' id: a', ' ```']],
    ['indented by four', ['    ```yaml step', '    id: a', '    ```']],
    ['indented by a tab', ['\t```yaml step', '\tid: a', '\t```']],
    ['indented with content at column 1', ['  ```yaml step', 'id: a', '```']],
    ['in a list', ['- First', '', '  ```yaml step', '  id: a', '  ```']],
    ['in the first line of a list', ['- ```yaml step', '  id: a', '  ```']],
    ['in a numbered list', ['10. ```yaml step', '    id: a', '    ```']],
    ['in a quotation', ['> ```yaml step', '> id: a', '> ```']],
    ['in a list in a quotation', ['> - ```yaml step', '>   id: a', '>   ```']],
  ])('is an error when it is %s', (_, lines) => {
    const { blocks, oddities } = read(...lines, '', '```yaml step', 'id: b', '```');
    expect(blocks).toEqual(['step id: b']);
    expect(oddities).toEqual([`${lines.findIndex((line) => line.includes('yaml step')) + 1} A step ${inPlace}`]);
  });

  it('is an error with tildes', () => {
    expect(read('~~~yaml step', 'id: a', '~~~').oddities).toEqual(['1 A step is fenced with backticks, not with tildes.']);
  });

  it('is an error with too few backticks, or with backticks on both sides', () => {
    expect(read('``yaml step', 'id: a', '``').oddities).toHaveLength(1);
    expect(read('```yaml step```').oddities).toHaveLength(1);
    expect(read('The fence `yaml step` begins a step.', '`yaml step` begins one.').oddities).toEqual([]);
  });

  it.each([
    ['```yaml', 'id: a', 'uses: kinesis/stream', '```'],
    ['```yml', '"uses": kinesis/stream', '```'],
    ['```', 'uses : kinesis/stream', '```'],
    ['- ```yaml', '  uses: kinesis/stream', '  ```'],
    ['> ```yaml', '> uses: kinesis/stream', '> ```'],
  ])('is an error when a plain block has the `uses:` of a step: %s', (...lines) => {
    expect(read(...lines).oddities).toEqual([
      '1 This block has a `uses:` like a step, but it is not marked as one, so it would not be run.',
    ]);
  });

  it('is not a workflow of GitHub Actions, whose `uses:` is further in', () => {
    expect(read('```yaml', 'steps:', '  - uses: actions/checkout@v4', '    uses: x', '```').oddities).toEqual([]);
  });

  it('is an error in an HTML comment and in an HTML block, where it is no fence', () => {
    const message = 'A block inside an HTML comment or an HTML block is not run.';
    expect(read('<!--', '```yaml step', 'id: a', '```', '-->', '```yaml step', 'id: b', '```')).toMatchObject({
      blocks: ['step id: b'],
      oddities: [`2 ${message}`],
    });
    expect(read('<details>', '```yaml step', 'id: a', '```', '</details>').oddities).toEqual([`2 ${message}`]);
    expect(read('<pre>', '', '```json output', '</pre>').oddities).toEqual([`3 ${message}`]);
  });

  it('is a block again where the HTML ends: behind an empty line, or its end', () => {
    const block = ['```yaml step', 'id: a', '```'];
    expect(read('<details>', '<summary>More</summary>', '', ...block, '', '</details>')).toMatchObject({
      blocks: ['step id: a'],
      oddities: [],
    });
    expect(read('<!-- a comment -->', ...block)).toMatchObject({ blocks: ['step id: a'], oddities: [] });
    expect(read('Press <kbd>Enter</kbd>', '<br>', ...block)).toMatchObject({ blocks: ['step id: a'], oddities: [] });
    expect(read('<https://aws.amazon.com>', ...block)).toMatchObject({ blocks: ['step id: a'], oddities: [] });
  });
});

describe('a fence that is not closed', () => {
  it('is an error, and not the rest of the page in silence', () => {
    expect(read('```yaml step', 'id: a').oddities).toEqual(['1 This block is not closed before the page ends.']);
    expect(read('Text', '```sh', 'ls', '', 'More text').oddities).toEqual(['2 This block is not closed before the page ends.']);
  });

  it('does not swallow the blocks below it', () => {
    expect(read('```sh', 'ls', '', '```yaml step', 'id: a', '```')).toMatchObject({
      blocks: ['step id: a'],
      oddities: ['1 This block is not closed before the `yaml step` block below it.'],
    });
    expect(read('```yaml step', 'id: a', '', '```json output', '{}', '```')).toMatchObject({
      blocks: ['output {}'],
      oddities: ['1 This block is not closed before the `json output` block below it.'],
    });
  });

  it('ends where its list or quotation ends', () => {
    expect(read('- ```sh', '  ls', 'Text', '```yaml step', 'id: a', '```')).toMatchObject({
      blocks: ['step id: a'],
      oddities: ['1 This block is not closed before the text goes back to a smaller indentation.'],
    });
    expect(read('> ```sh', '> ls', 'Text', '```yaml step', 'id: a', '```')).toMatchObject({
      blocks: ['step id: a'],
      oddities: ['1 This block is not closed before the quotation ends.'],
    });
  });
});

describe('a heading', () => {
  it('is a line with marks in front of it, or one that is underlined', () => {
    expect(read('# One #', '', 'Two', '===', '### Three `x` C#', 'Four', '---', '', '---', '#No', '####### No').headings).toEqual([
      'One',
      'Two',
      'Three `x` C#',
      'Four',
    ]);
  });

  it('is not looked for in code', () => {
    expect(read('```sh', '# a comment', '```', '    # indented').headings).toEqual([]);
  });
});

/** What another Markdown parser takes for blocks, at any depth. */
function blocksOf(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    if (token.type === 'code' && (token['lang'] === 'yaml step' || token['lang'] === 'json output')) {
      return [`${token['lang'] === 'yaml step' ? 'step' : 'output'} ${token['text'].trim()}`];
    }
    const children: Token[] = [...('tokens' in token ? (token.tokens ?? []) : []), ...(token.type === 'list' ? token['items'] : [])];
    return blocksOf(children);
  });
}

describe('any page without an oddity', () => {
  it('has the blocks that a Markdown parser finds in it', () => {
    const next = random(7);
    let compared = 0;
    for (let round = 0; round < 40_000; round++) {
      const lines = Array.from({ length: 2 + Math.floor(next() * 9) }, () => oneOf(pageLines, next));
      const page = read(...lines);
      if (page.oddities.length > 0) continue;
      compared++;
      expect(page.blocks, lines.join('\n')).toEqual(blocksOf(lexer(`${lines.join('\n')}\n`)));
    }
    expect(compared).toBeGreaterThan(5000);
  });
});

const pageLines: readonly string[] = [
  ...['', '', 'text', '# head', '---', '===', '|a|b|', '[x]: y', '\ttab', '    code', 'id: a', 'uses: x'],
  ...['- item', '1. item', '  more', '  - nested', '> quote', '- ```sh', '> ```', '> ```sh'],
  ...['```', '```', '```sh', '```yaml', '```yaml step', '```yaml step', '```json output', '````', '````md', '~~~', '~~~ x'],
  ...['  ```', '   ```sh', '    ```', '    ```yaml'],
  ...['<!--', '-->', '<!-- x -->', '<div>', '</div>', '<br>', 'a <b>c</b>', '<pre>', '</pre>'],
];
