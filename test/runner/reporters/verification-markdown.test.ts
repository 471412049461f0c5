import { marked, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { verificationMarkdown } from '../../../src/runner/reporters/verification-markdown.ts';
import { printable } from '../../../src/util/printable.ts';
import { everyState, states, student, verificationOf } from '../../support/verification.ts';

const page = [...verificationMarkdown(everyState())].join('');

function tokensOf(markdown: string): readonly Token[] {
  const tokens: Token[] = [];
  marked.walkTokens(marked.lexer(markdown), (token) => void tokens.push(token));
  return tokens;
}

/** The page as somebody reads it. */
function readable(markdown: string): string {
  return markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

describe('a verification as Markdown', () => {
  it('has a line for each student, and says every state in words', () => {
    const text = readable(page);
    expect(text).toContain('| Anna | 100000000001 | 20 of 20 | ✅ met |  |');
    expect(text).toContain('| Ben | 100000000001 | 15 of 30 | ❌ not met | two: shards of two: expected 1, observed <script>');
    expect(text).toContain('| Cleo | 100000000003 | 0 of 20 | ❌ absent | one: stream one: expected a stream, observed none');
    expect(text).toContain('| Dora | 100000000004 | 0 of 30, 30 open | ❓ could not check | Nobody may look');
    expect(text).toContain('| Emil | 100000000005 | 15 of 30, 10 open | ❓ could not check |');
    expect(text).toContain('| ❓ could not check | 2 |');
  });

  it('says what most have not met, what is alike, what could not be checked, and what is missing of whom', () => {
    const text = readable(page);
    expect(text).toMatch(/\| two \(Make two\) \| 4 \| shards of two: expected 1, observed .* \(3\) \|/);
    expect(text).toContain('- Anna, Ben have the same account 100000000001 in us-east-1.');
    expect(text).toMatch(/\| Nobody may look: .* Give the role back\. \| 2: Dora, Emil \| 40 \|/);
    expect(text).toContain('<details><summary>Ben: not met, 15 of 30</summary>');
    expect(text).toContain('- Could not check, 30 left open: one, two, three');
    expect(text).not.toContain('<details><summary>Anna');
  });

  it('takes nothing that comes from elsewhere for markup', () => {
    const tokens = tokensOf(page);
    const html = tokens.filter(({ type }) => type === 'html').map(({ raw }) => raw.trim());
    for (const raw of html) expect(raw).toMatch(/^(?:<!-- kinesis-labs verify -->|<details><summary>[^<>]*<\/summary>|<\/details>)$/);
    for (const type of ['link', 'image', 'code', 'codespan', 'del', 'em', 'hr'])
      expect(tokens.filter((token) => token.type === type)).toEqual([]);
    for (const token of tokens)
      if (token.type === 'table') expect(new Set(token['rows'].map((row: []) => row.length)).size).toBeLessThan(2);
    expect(printable(page)).toBe(page);
    expect(readable(page)).toContain('\\u202e\\u001b[31m');
  });

  it('makes no link of an address, and no formula of dollars', () => {
    const names = [
      'www.example.org',
      'https://example.org/a',
      'ann@example.org',
      '$x$',
      '~~gone~~',
      '**bold**',
      '1. first',
      '# head',
      '- item',
    ];
    const other = [...verificationMarkdown(verificationOf(() => names.map((name) => student(name, states.absent))))].join('');
    const tokens = tokensOf(other);
    expect(tokens.filter(({ type }) => type === 'link' || type === 'del')).toEqual([]);
    expect(tokens.flatMap((token) => (token.type === 'strong' ? [readable(token.raw)] : []))).not.toContain('**bold**');
    expect(other).not.toContain('$');
    for (const name of names) expect(readable(other)).toContain(`| ${name} |`);
  });

  it('is shortened to what there is room for, and says by how much', () => {
    const large = verificationOf(() => Array.from({ length: 200 }, (_, index) => student(`student ${index}`, states['not-met'])));
    const whole = [...verificationMarkdown(large)].join('');
    expect(whole).not.toContain('Shortened');
    for (const most of [whole.length, 100_000, 20_000, 5_000]) {
      const cut = [...verificationMarkdown(large, most)].join('');
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(most);
      const rows = cut.match(/^\| student \d+ /gm)?.length ?? 0;
      const told = cut.match(/^<details>/gm)?.length ?? 0;
      expect(cut.match(/^<\/details>/gm)?.length ?? 0).toBe(told);
      const missing = [...(rows < 200 ? [`the lines of ${200 - rows} students`] : []), `the findings of ${200 - told} students`];
      expect(cut).toContain(
        `**Shortened:** this page may have ${most} bytes, and ${missing.join(' and ')} did not fit. Other reports have all of it.`,
      );
    }
  });
});
