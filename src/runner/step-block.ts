import type { Fence } from './fence.ts';
import { Fields } from './fields.ts';
import type { StepBlock } from './lab.ts';
import { referencesBelow } from './placed-reference.ts';
import type { SourceText } from './source-text.ts';
import { readYamlMapping } from './yaml-data.ts';

const keys = ['id', 'uses', 'with', 'points', 'hint'];
const kebabCase = { pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, words: 'lower-case words joined by hyphens' };

/** Reads one step and reports what is wrong with it; `undefined` when anything is. */
export function readStepBlock(source: SourceText, fence: Fence, heading: string): StepBlock | undefined {
  const before = source.diagnostics.length;
  const yaml = readYamlMapping(source, fence.content, 'The step');
  if (yaml === undefined) return undefined;
  const fields = new Fields(source, yaml, 'The step', fence.opening);
  fields.only(keys, 'A step has id, uses, with, points and hint; the inputs of what it uses stand below `with:`.');
  const id = fields.text('id', 'stream', kebabCase);
  const uses = fields.text('uses', 'kinesis/stream');
  const inputs = fields.mapping('with');
  const points = fields.has('points') ? fields.integer('points', 0, 1000) : 0;
  const hint = fields.has('hint') ? fields.text('hint', 'A stream takes a few seconds to become ACTIVE.') : undefined;
  const references = [...referencesBelow(source, yaml, 'with'), ...referencesBelow(source, yaml, 'hint')];
  if (source.diagnostics.length > before) return undefined;
  return {
    kind: 'step',
    source: source.text.slice(fence.range.start, fence.range.end),
    place: source.place(fence.opening),
    id,
    heading,
    uses,
    with: inputs,
    points,
    hint,
    references,
    at: yaml.at,
    keyAt: yaml.keyAt,
  };
}

/** The id that a step seems to have, read without regard to the rest of the block, which may be broken. */
export function apparentId(source: SourceText, fence: Fence): string | undefined {
  return /^id[ \t]*:[ \t]*["']?([a-z][a-z0-9-]*)["']?[ \t]*\r?$/m.exec(source.text.slice(fence.content.start, fence.content.end))?.[1];
}
