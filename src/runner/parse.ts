import type { Diagnostic } from './diagnostic.ts';
import { type Fence, outline } from './fence.ts';
import { type FrontMatter, knownFormat, readFrontMatter } from './front-matter.ts';
import type { Lab, Section, StepBlock } from './lab.ts';
import { readOutputBlock } from './output-block.ts';
import { referencesIn } from './placed-reference.ts';
import { SourceText } from './source-text.ts';
import { apparentId, readStepBlock } from './step-block.ts';

export interface ParsedLab {
  /** Absent when there is any error. */
  readonly lab: Lab | undefined;
  /** What could be read in spite of the errors, so that the rest of the file can be looked at as well. */
  readonly draft: LabDraft | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LabDraft {
  /** Without the blocks that could not be read. */
  readonly lab: Lab;
  /** Ids of the steps that could not be read. A reference to one of them is not another mistake. */
  readonly unreadSteps: ReadonlySet<string>;
  /** Whether the variables and names of the front matter are known. */
  readonly frontMatterRead: boolean;
}

const largest = 1_000_000;
const mostSteps = 1_000;

/**
 * Reads a lab file and reports all of its problems at once. Never throws, whatever the text is.
 * @param file its name, as diagnostics are to show it.
 */
export function parseLab(file: string, text: string): ParsedLab {
  // A byte-order mark is not part of the text, and no editor counts it as a column.
  const source = new SourceText(file, text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if (source.text.length > largest) {
    source.error(
      { start: 0, end: 1 },
      `The file has ${source.text.length.toLocaleString('en')} characters; a lab has at most ${largest.toLocaleString('en')}.`,
    );
    return { lab: undefined, draft: undefined, diagnostics: source.diagnostics };
  }
  refuseControlCharacters(source);
  const { frontMatter, body, tooNew } = readFrontMatter(source);
  if (tooNew) return { lab: undefined, draft: undefined, diagnostics: source.diagnostics };
  const page = readPage(source, body ?? 0);
  if (page === undefined) return { lab: undefined, draft: undefined, diagnostics: source.diagnostics };
  if (body !== undefined && page.stepless) {
    source.error({ start: body, end: body + 1 }, 'The lab has no steps.', 'A step begins with ```yaml step at the start of a line.');
  }
  const lab = { ...(frontMatter ?? emptyFrontMatter), file, text: source.text, sections: page.sections };
  const diagnostics = source.diagnostics;
  return {
    lab: diagnostics.some((diagnostic) => diagnostic.severity === 'error') ? undefined : lab,
    draft: { lab, unreadSteps: page.unreadSteps, frontMatterRead: frontMatter !== undefined },
    diagnostics,
  };
}

const emptyFrontMatter: FrontMatter = { id: '', title: '', summary: '', minutes: 0, format: knownFormat, vars: {}, names: {} };

interface Page {
  readonly sections: readonly Section[];
  readonly unreadSteps: ReadonlySet<string>;
  /** Whether there is not even something like a step. */
  readonly stepless: boolean;
}

/** The step above, and the output block that it has already. */
interface StepAbove {
  readonly id: string | undefined;
  output: boolean;
}

/** `undefined` where there is so much on the page that nothing else is said about it. */
function readPage(source: SourceText, body: number): Page | undefined {
  const { fences, headings, oddities } = outline(source.text, body);
  const tooMuch = fences.filter((fence) => fence.kind === 'step')[mostSteps];
  if (tooMuch !== undefined) {
    source.error(tooMuch.opening, `The lab has more than ${mostSteps.toLocaleString('en')} steps.`, 'Make several labs of it.');
    return undefined;
  }
  for (const oddity of oddities) source.error(oddity.range, oddity.message, oddity.hint);
  const sections: Section[] = [];
  const steps = new Map<string, StepBlock>();
  const unreadSteps = new Set<string>();
  let above: StepAbove | undefined;
  let heading = 0;
  let from = body;
  for (const fence of fences) {
    addProse(source, sections, from, fence.range.start);
    from = fence.range.end;
    while ((headings[heading]?.start ?? Number.POSITIVE_INFINITY) < fence.range.start) heading++;
    if (fence.kind === 'output') {
      addOutput(source, sections, fence, above);
      if (above !== undefined) above.output = true;
      continue;
    }
    const step = readStepBlock(source, fence, headings[heading - 1]?.text ?? '');
    const id = step?.id ?? apparentId(source, fence);
    above = { id: step?.id, output: false };
    const other = step === undefined ? undefined : steps.get(step.id);
    if (step === undefined) {
      if (id !== undefined) unreadSteps.add(id);
    } else if (other !== undefined) {
      source.error(
        step.at(['id']),
        `There is a step "${step.id}" already, on line ${other.place.line}.`,
        'Give each step an id of its own.',
      );
    } else {
      steps.set(step.id, step);
      sections.push(step);
    }
  }
  addProse(source, sections, from, source.text.length);
  return { sections, unreadSteps, stepless: oddities.length === 0 && fences.every((fence) => fence.kind !== 'step') };
}

function addProse(source: SourceText, sections: Section[], start: number, end: number): void {
  if (end <= start) return;
  const range = { start, end };
  sections.push({
    kind: 'prose',
    source: source.text.slice(start, end),
    place: source.place(range),
    references: referencesIn(source, range),
  });
}

function addOutput(source: SourceText, sections: Section[], fence: Fence, above: StepAbove | undefined): void {
  if (above === undefined) {
    source.error(
      fence.opening,
      'There is no step above this output block.',
      'An output block shows what the step above it answers. For JSON that is only shown, write ```json.',
    );
    return;
  }
  if (above.output) {
    const step = above.id === undefined ? 'The step above' : `The step "${above.id}"`;
    source.error(fence.opening, `${step} has an output block already.`, 'Keep one of them. For JSON that is only shown, write ```json.');
    return;
  }
  const output = readOutputBlock(source, fence, above.id ?? '');
  if (output !== undefined && above.id !== undefined) sections.push(output);
}

/** Control characters have no meaning in a page, and can change what a terminal shows of it. */
function refuseControlCharacters(source: SourceText): void {
  const found = [...source.text.matchAll(/(?![\t\n\r])\p{Cc}|\r(?!\n)/gu)];
  const first = found[0];
  if (first === undefined) return;
  const code = first[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const others = found.length === 1 ? '' : `, and ${found.length - 1} more like it elsewhere`;
  const name = first[0] === '\r' ? 'a carriage return that does not end a line' : `the control character U+${code}`;
  source.error(
    { start: first.index, end: first.index + 1 },
    `The file has ${name} here${others}.`,
    'Save it as plain UTF-8 text, with LF or CRLF at the ends of lines.',
  );
}
