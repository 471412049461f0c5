import { editDistance } from '../util/closest.ts';
import { HtmlBlocks } from './html-block.ts';
import type { Range } from './source-text.ts';

/** A fenced block at column 1 that means something to the program. */
export interface Fence {
  readonly kind: 'step' | 'output';
  /** From the first backtick to behind the line ending of the closing fence. */
  readonly range: Range;
  /** The line that opens it. */
  readonly opening: Range;
  readonly content: Range;
}

interface Heading {
  readonly start: number;
  readonly text: string;
}

/** Something that looks like a block of the program's and is none, or that would make it lose its place. */
interface Oddity {
  readonly range: Range;
  readonly message: string;
  readonly hint: string;
}

interface Outline {
  readonly fences: readonly Fence[];
  readonly headings: readonly Heading[];
  readonly oddities: readonly Oddity[];
}

/**
 * Finds the steps and output blocks of a page, by the rules that CommonMark 0.31 has for fences and HTML blocks, and
 * everything that an author may have meant as one. Pure; `start` is the offset behind the front matter.
 */
export function outline(text: string, start: number): Outline {
  const page = new PageScan(text);
  for (const line of linesOf(text, start)) page.read(line);
  return page.end();
}

interface Line {
  readonly start: number;
  /** Without the line ending. */
  readonly text: string;
  readonly end: number;
  /** Where the next line begins. */
  readonly next: number;
}

function* linesOf(text: string, from: number): Generator<Line> {
  for (let start = from; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline + 1;
    const end = newline < 0 ? text.length : text[newline - 1] === '\r' && newline > start ? newline - 1 : newline;
    yield { start, text: text.slice(start, end), end, next };
    start = next;
  }
}

interface OpenFence {
  readonly kind: 'step' | 'output' | 'code';
  readonly line: Line;
  readonly opening: Range;
  readonly character: string;
  readonly length: number;
  /** Columns in front of the fence; 0 for one that stands for itself, more inside a list or indented text. */
  readonly indent: number;
  /** Columns in front of the closing fence, at most. */
  readonly closingIndent: number;
  readonly quoted: boolean;
  /** Whether the content may be a step whose fence is not marked as one. */
  readonly maybeStep: boolean;
}

// What stands in front of a fence inside blockquotes and lists, the white space, the fence, and the info string.
const fenceLine = /^((?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))*)([ \t]*)(`{3,}|~{3,})(.*)$/;
// A line that is only the name of a block between backticks or tildes, too few of them or on both sides.
const almostFence = /^[ \t>*+-]*[`~]{1,}[ \t]*([a-z][a-z _-]{2,20})[`~]*[ \t]*$/i;

class PageScan {
  readonly #text: string;
  readonly #fences: Fence[] = [];
  readonly #headings: Heading[] = [];
  readonly #oddities: Oddity[] = [];
  readonly #html = new HtmlBlocks();
  #open: OpenFence | undefined;
  /** The line before, when it is text that a line of `===` or `---` would turn into a heading. */
  #paragraph: Line | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(line: Line): void {
    if (this.#open !== undefined && this.#readInside(this.#open, line)) return;
    const inParagraph = this.#paragraph !== undefined;
    if (this.#html.holds(line.text, inParagraph)) {
      this.#paragraph = undefined;
      const fence = fenceLine.exec(line.text);
      if (fence !== null && likeness(fence[4] ?? '') !== undefined) this.#odd(line, ...insideHtml);
      return;
    }
    if (this.#readFence(line)) {
      this.#paragraph = undefined;
      return;
    }
    this.#readHeading(line);
  }

  end(): Outline {
    if (this.#open !== undefined) this.#notClosed(this.#open, 'before the page ends');
    return { fences: this.#fences, headings: this.#headings, oddities: this.#oddities };
  }

  /** Answers whether the line belongs to the open fence; a line that ends it without closing it does not. */
  #readInside(open: OpenFence, line: Line): boolean {
    const quote = /^[ \t]*>(?:[ \t]*>)*[ \t]?/.exec(line.text)?.[0];
    const inner = open.quoted ? line.text.slice(quote?.length ?? 0) : line.text;
    const blank = inner.trim() === '';
    const indent = columns(inner);
    if (open.quoted ? quote === undefined : !blank && indent < open.indent) {
      this.#notClosed(open, open.quoted ? 'before the quotation ends' : 'before the text goes back to a smaller indentation');
      this.#open = undefined;
      return false;
    }
    if (isClosing(inner, open, indent)) {
      this.#close(open, line);
      return true;
    }
    const begun = blockBegun(line.text);
    if (begun !== undefined && begun.character === open.character && begun.length >= open.length) {
      this.#notClosed(open, `before the \`${begun.info}\` block below it`);
      this.#open = undefined;
      return false;
    }
    if (open.maybeStep && indent <= open.indent && /^[ \t]*["']?uses["']?[ \t]*:/.test(inner)) {
      this.#oddities.push({
        range: open.opening,
        message: 'This block has a `uses:` like a step, but it is not marked as one, so it would not be run.',
        hint: 'Begin a step with ```yaml step at the start of the line. For YAML that is only shown, write ```text.',
      });
      this.#open = { ...open, maybeStep: false };
    }
    return true;
  }

  #close(open: OpenFence, line: Line): void {
    this.#open = undefined;
    if (open.kind === 'code') return;
    this.#fences.push({
      kind: open.kind,
      range: { start: open.line.start, end: line.next },
      opening: open.opening,
      content: { start: open.line.next, end: line.start },
    });
  }

  #notClosed(open: OpenFence, until: string): void {
    this.#oddities.push({
      range: open.opening,
      message: `This block is not closed ${until}.`,
      hint: `Close it with a line of ${open.character.repeat(open.length)} at the column at which it begins.`,
    });
  }

  #readFence(line: Line): boolean {
    const [, container = '', space = '', fence = '', rawInfo = ''] = fenceLine.exec(line.text) ?? [];
    const character = fence[0];
    if (character === undefined || (character === '`' && rawInfo.includes('`'))) {
      const almost = almostFence.exec(line.text)?.[1];
      if (almost !== undefined && likeness(almost) !== undefined && almost.includes(' ')) this.#odd(line, ...misspelt(almost.trim()));
      return false;
    }
    const info = rawInfo.trimEnd();
    const meant = likeness(info);
    const contained = container !== '' || space !== '';
    const exact = !contained && character === '`' && meant !== undefined && info === blockInfo[meant];
    const indent = columns(`${container.replace(/[^ \t]/g, ' ')}${space}`);
    const opening = { start: line.start + container.length + space.length, end: line.end };
    this.#open = {
      kind: exact ? meant : 'code',
      line,
      opening,
      character,
      length: fence.length,
      // Where a step was meant the mistake is told already, and its content may stand anywhere.
      indent: container.includes('>') || (container === '' && meant !== undefined) ? 0 : indent,
      closingIndent: Math.max(3, indent),
      quoted: container.includes('>'),
      maybeStep: meant === undefined && ['', 'yaml', 'yml'].includes((info.trim().split(/\s/, 1)[0] ?? '').toLowerCase()),
    };
    if (meant !== undefined && !exact) {
      const problem = contained ? insideContainer(meant) : character === '~' ? withTildes(meant) : misspelt(info);
      this.#oddities.push({ range: opening, message: problem[0], hint: problem[1] });
    }
    return true;
  }

  #readHeading(line: Line): void {
    const text = line.text.trim();
    const before = this.#paragraph;
    const continues = text !== '' && (before !== undefined || beginsParagraph(line.text));
    this.#paragraph = continues ? line : undefined;
    if (columns(line.text) > 3) return;
    if (/^#{1,6}(?:[ \t]|$)/.test(text)) {
      this.#headings.push({ start: line.start, text: withoutClosingMarks(text.replace(/^#+/, '').trim()) });
      this.#paragraph = undefined;
    } else if (before !== undefined && /^(?:=+|-+)$/.test(text)) {
      this.#headings.push({ start: before.start, text: before.text.trim() });
      this.#paragraph = undefined;
    }
  }

  #odd(line: Line, message: string, hint: string): void {
    const lead = line.text.length - line.text.trimStart().length;
    this.#oddities.push({ range: { start: line.start + lead, end: line.end }, message, hint });
  }
}

const blockInfo = { step: 'yaml step', output: 'json output' } as const;

/** What a block that begins like this may have been meant as; the info string of a real one is its own likeness. */
function likeness(info: string): 'step' | 'output' | undefined {
  const letters = info.toLowerCase().replace(/[^a-z]/g, '');
  if (letters.length > 16) return undefined;
  if (/^(?:steps?|step(?:yaml|yml)|(?:yml|json)step)$/.test(letters)) return 'step';
  if (/^(?:outputs?|outputjson|(?:yaml|yml|jsonc)output)$/.test(letters)) return 'output';
  if (editDistance(letters, 'yamlstep', 3) <= 2) return 'step';
  return editDistance(letters, 'jsonoutput', 3) <= 2 ? 'output' : undefined;
}

/** The fence of a step or output block that begins on this line, even though another one is open. */
function blockBegun(text: string): { readonly character: string; readonly length: number; readonly info: string } | undefined {
  const [, , , fence = '', info = ''] = fenceLine.exec(text) ?? [];
  const character = fence[0];
  if (character === undefined || likeness(info) === undefined || info.includes('`')) return undefined;
  return { character, length: fence.length, info: info.trim() };
}

function isClosing(inner: string, open: OpenFence, indent: number): boolean {
  const text = inner.trim();
  if (text.length < open.length || text[0] !== open.character) return false;
  // CommonMark allows three more columns, counted from where a list begins. Asking for the same column is always right.
  if (open.indent > 0 ? indent !== open.indent : indent > open.closingIndent) return false;
  return text === open.character.repeat(text.length);
}

/** Whether a line that no paragraph stands above begins one: it is no indented code, rule, or definition of a link. */
function beginsParagraph(text: string): boolean {
  return columns(text) <= 3 && !/^ {0,3}(?:\[[^\]]+\]:|([-*_])(?:[ \t]*\1){2,}[ \t]*$)/.test(text);
}

/** Width of the white space at the start of a line, with tab stops every four columns. */
function columns(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character === ' ') width += 1;
    else if (character === '\t') width += 4 - (width % 4);
    else break;
  }
  return width;
}

/** `Put a record ##` is a heading whose closing marks are not part of it. */
function withoutClosingMarks(text: string): string {
  let end = text.length;
  while (text[end - 1] === '#') end--;
  const closed = end === 0 || text[end - 1] === ' ' || text[end - 1] === '\t';
  return closed ? text.slice(0, end).trim() : text;
}

const names = { step: 'A step', output: 'An output block' } as const;

function insideContainer(meant: 'step' | 'output'): readonly [string, string] {
  return [
    `${names[meant]} must begin at the start of the line. Indented, or inside a list or a quotation, it would be taken for prose.`,
    `Move the whole block to column 1, with an empty line above it.`,
  ];
}

function withTildes(meant: 'step' | 'output'): readonly [string, string] {
  return [`${names[meant]} is fenced with backticks, not with tildes.`, `Write \`\`\`${blockInfo[meant]} and close it with \`\`\`.`];
}

function misspelt(info: string): readonly [string, string] {
  const meant = likeness(info) ?? 'step';
  return [
    `\`${info}\` looks like the beginning of ${names[meant].toLowerCase()}, but is not; it would be taken for prose.`,
    `Write exactly \`\`\`${blockInfo[meant]} for one, or another word for code that is only shown.`,
  ];
}

const insideHtml = [
  'A block inside an HTML comment or an HTML block is not run.',
  'Delete it, or end the HTML first: with its closing tag, or with an empty line.',
] as const;
