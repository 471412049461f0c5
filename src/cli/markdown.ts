/// <reference path="./marked-terminal.d.ts" />
import { stripVTControlCharacters } from 'node:util';
import { Marked, type Token, type Tokens } from 'marked';
import { commonJs } from '../util/commonjs.ts';
import { printable } from '../util/printable.ts';
import { layTable } from '../util/table.ts';
import { wrap } from '../util/text.ts';
import { withinTime } from '../util/time-limit.ts';
import type { Surroundings } from './surroundings.ts';

const { markedTerminal } = commonJs<typeof import('marked-terminal')>('marked-terminal');

// What marked-terminal puts in front of the lines of a list item, with one level of nesting to spare.
const listIndent = 6;
// The prose in front of a step takes a few milliseconds.
const mostMs = 2_000;

/**
 * Makes Markdown readable in a terminal. This file is loaded only where somebody reads: marked-terminal costs 150 ms.
 * @returns a function from Markdown to text without line feeds around it. Nothing on the page can act on the terminal. What
 * cannot be rendered, because it is nested a thousand times or takes for ever, is shown as it is written.
 */
export async function loadMarkdown({ width, colour }: Pick<Surroundings, 'width' | 'colour'>): Promise<(markdown: string) => string> {
  const marked = new Marked(markedTerminal({ width, reflowText: true, showSectionPrefix: false, tab: 2, emoji: false }), {
    // Entities such as &#27; become characters when the page is taken apart.
    walkTokens: makePrintable,
    renderer: {
      // marked-terminal 7.3.1 prints **bold** and `code` inside list items as they stand (its issues 304 and 371), because it
      // takes the text of such a token and not the tokens that the text consists of. Nor does it reflow list items.
      text(token: Tokens.Text | Tokens.Escape) {
        if (!('tokens' in token) || !token.tokens) return token.text;
        return wrap(this.parser.parseInline(token.tokens).replace(/\s*\n\s*/g, ' '), width - listIndent);
      },
      // Where a link leads is always to be seen; some terminals would show the text alone.
      link({ href, tokens }: Tokens.Link) {
        const text = this.parser.parseInline(tokens);
        return text === href ? text : `${text} (${href})`;
      },
      // Its tables are as wide as their longest cells, whatever the terminal is.
      table({ header, rows }: Tokens.Table) {
        const textOf = ({ text, tokens }: Tokens.TableCell) =>
          this.paragraph({ type: 'paragraph', raw: text, text, tokens })
            .trim()
            .replace(/\s*\n\s*/g, ' ');
        return `${layTable(
          header.map(textOf),
          rows.map((row) => row.map(textOf)),
          width,
        )}\n\n`;
      },
    },
  });
  return (markdown) => {
    const text = rendered(marked, printable(markdown)) ?? wrap(printable(markdown), width);
    const trimmed = text.replace(/^\n+/, '').trimEnd();
    return colour ? trimmed : stripVTControlCharacters(trimmed);
  };
}

function makePrintable(token: Token): void {
  const parts = token as unknown as Record<string, unknown>;
  for (const name of ['text', 'href', 'title']) {
    const part = parts[name];
    if (typeof part === 'string') parts[name] = printable(part);
  }
}

function rendered(marked: Marked, markdown: string): string | undefined {
  try {
    return withinTime(mostMs, () => String(marked.parse(markdown)));
  } catch {
    return undefined;
  }
}
