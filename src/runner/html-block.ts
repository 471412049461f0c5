// CommonMark 0.31, section 4.6: what begins each of the seven kinds of HTML block, and what ends it. A fence inside an
// HTML block is no fence. Kinds 6 and 7 end before the next empty line.
const delimited: readonly (readonly [start: RegExp, end: RegExp])[] = [
  [/^<(?:script|pre|style|textarea)(?:[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<![a-z]/i, />/],
  [/^<!\[CDATA\[/, /\]\]>/],
];

const blockTags =
  /^<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:[\s>]|\/>|$)/i;

// Kind 7, any other complete tag that has the line to itself; it cannot interrupt a paragraph.
const loneTag = /^<(?:\/[a-z][a-z0-9-]*[ \t]*|[a-z][a-z0-9-]*(?:[ \t][^<>]*)?)>[ \t]*$/i;

/** Follows the HTML blocks of a page from line to line. */
export class HtmlBlocks {
  /** What ends the block that is open: a line with this in it, or an empty line. */
  #end: RegExp | 'empty line' | undefined;

  /** Whether a line outside of fences is part of an HTML block. */
  holds(line: string, inParagraph: boolean): boolean {
    if (this.#end === undefined) {
      this.#end = begun(line, inParagraph);
      if (this.#end === undefined) return false;
    }
    if (this.#end === 'empty line') {
      if (line.trim() !== '') return true;
      this.#end = undefined;
      return false;
    }
    if (this.#end.test(line)) this.#end = undefined;
    return true;
  }
}

function begun(line: string, inParagraph: boolean): RegExp | 'empty line' | undefined {
  const text = /^ {0,3}(<.*)$/.exec(line)?.[1];
  if (text === undefined) return undefined;
  for (const [start, end] of delimited) if (start.test(text)) return end;
  return blockTags.test(text) || (!inParagraph && loneTag.test(text)) ? 'empty line' : undefined;
}
