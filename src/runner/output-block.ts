import type { Fence } from './fence.ts';
import { findJsonProblem } from './json-text.ts';
import type { OutputBlock } from './lab.ts';
import { referencesIn } from './placed-reference.ts';
import type { SourceText } from './source-text.ts';

/** Reads one output block of the step `step` and reports what is wrong with it; `undefined` when anything is. */
export function readOutputBlock(source: SourceText, fence: Fence, step: string): OutputBlock | undefined {
  const before = source.diagnostics.length;
  const text = source.text.slice(fence.content.start, fence.content.end);
  const problem = findJsonProblem(text);
  if (problem !== undefined) {
    const at = { start: fence.content.start + problem.start, end: fence.content.start + problem.end };
    source.error(text.trim() === '' ? fence.opening : at, `The output block is not valid JSON. ${problem.message}`, problem.hint);
    return undefined;
  }
  const references = referencesIn(source, fence.content);
  if (source.diagnostics.length > before) return undefined;
  return {
    kind: 'output',
    source: source.text.slice(fence.range.start, fence.range.end),
    place: source.place(fence.opening),
    step,
    expected: JSON.parse(text),
    references,
  };
}
