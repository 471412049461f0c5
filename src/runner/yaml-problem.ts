import { type Document, isScalar, type ParsedNode, visit, type YAMLError } from 'yaml';
import type { Range } from './source-text.ts';

export type YamlProblem = Range & { readonly message: string; readonly hint: string };

/**
 * The first problem of a YAML document in plain words, with its offsets in `text`; `undefined` when it is sound. What
 * follows the first one is mostly the same mistake once more.
 */
export function yamlProblem(document: Document.Parsed<ParsedNode>, text: string): YamlProblem | undefined {
  const error = document.errors[0] ?? document.warnings[0];
  if (error === undefined) return undefined;
  const [start, end] = error.pos;
  if (error.code === 'MISSING_CHAR' && error.message.includes('quote')) {
    const opened = openQuotation(document, start);
    return { start: opened, end: endOfLine(text, opened), message: 'a quotation mark is not closed.', hint: 'Close it on the same line.' };
  }
  // An entry that is indented more than the one above is read as a part of its value.
  const goesOn = error.code === 'BLOCK_AS_IMPLICIT_KEY' && document.errors.some(({ code }) => code === 'MULTILINE_IMPLICIT_KEY');
  if (goesOn) return { start, end: endOfLine(text, start), message: 'the line below this one is indented more.', hint: sameIndentation };
  if (error.code !== 'TAB_AS_INDENT' && /[[{].*\$\{\{/.test(text.slice(startOfLine(text, start), start + 3).slice(-1000))) {
    return { start, end, message: words(error), hint: 'Inside [ ] and { }, put quotes around a value that has ${{ }} in it.' };
  }
  return { start, end, message: words(error), hint: hints[error.code] ?? quoting };
}

const sameIndentation = 'Indent with spaces, two for each level, and keys of one level alike.';
const quoting = 'Put quotes around text that has one of : # { } [ ] , & * ! | > \' " % @ ` in it.';

function words(error: YAMLError): string {
  switch (error.code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'there is a second `key:` inside a value.';
    case 'TAB_AS_INDENT':
      return 'it is indented with a tab.';
    case 'BAD_INDENT':
      return 'this line is not indented like its neighbours.';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'this line is no `key: value`.';
    case 'RESOURCE_EXHAUSTION':
      return 'it is nested too deeply.';
    case 'TAG_RESOLVE_FAILED':
      return 'tags such as `!name` are not supported.';
    case 'MULTIPLE_DOCS':
      return 'a line of `---` begins a second document.';
    default:
      return `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}.`;
  }
}

const hints: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'Put quotes around a value that contains a colon.',
  TAB_AS_INDENT: sameIndentation,
  BAD_INDENT: sameIndentation,
  MISSING_CHAR: 'Close the list or mapping that is open here.',
  RESOURCE_EXHAUSTION: 'Write it with fewer levels.',
  TAG_RESOLVE_FAILED: 'Put quotes around the value if the `!` is part of it.',
  MULTIPLE_DOCS: 'Take the line out.',
};

/** Where the quoted text begins that runs up to `offset`. */
function openQuotation(document: Document.Parsed<ParsedNode>, offset: number): number {
  let opened = offset;
  visit(document, (_, node) => {
    if (!isScalar(node) || !node.type?.startsWith('QUOTE') || !node.range) return;
    const [start, end] = node.range;
    if (start < offset && offset <= end + 1) opened = start;
  });
  return opened;
}

function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}
