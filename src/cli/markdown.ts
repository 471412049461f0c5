/// <reference path="./marked-terminal.d.ts" />
import { stripVTControlCharacters } from 'node:util';
import { Marked, type Tokens } from 'marked';
import { markedTerminal } from 'marked-terminal';
import { printable } from '../util/printable.ts';
import { wrap } from '../util/text.ts';
import type { Surroundings } from './surroundings.ts';

// What marked-terminal puts in front of the lines of a list item, with one level of nesting to spare.
const listIndent = 6;

/**
 * Makes Markdown readable in a terminal. This file is loaded only where somebody reads: marked-terminal costs 150 ms.
 * @returns a function from Markdown to text without line feeds around it. Control characters of the page cannot act.
 */
export async function loadMarkdown({ width, colour }: Pick<Surroundings, 'width' | 'colour'>): Promise<(markdown: string) => string> {
  const marked = new Marked(markedTerminal({ width, reflowText: true, showSectionPrefix: false, tab: 2, emoji: false }), {
    renderer: {
      // marked-terminal 7.3.1 prints **bold** and `code` inside list items as they stand (its issues 304 and 371), because it
      // takes the text of such a token and not the tokens that the text consists of. Nor does it reflow list items.
      text(token: Tokens.Text | Tokens.Escape) {
        if (!('tokens' in token) || !token.tokens) return token.text;
        return wrap(this.parser.parseInline(token.tokens).replace(/\s*\n\s*/g, ' '), width - listIndent);
      },
    },
  });
  return (markdown) => {
    const text = String(marked.parse(printable(markdown))).replace(/^\n+|\s+$/g, '');
    return colour ? text : stripVTControlCharacters(text);
  };
}
