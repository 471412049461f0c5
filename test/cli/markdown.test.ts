import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadMarkdown } from '../../src/cli/markdown.ts';

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
});
