import { didYouMean } from '../util/closest.ts';
import { isMapping } from '../util/json.ts';
import type { Path, Reference } from './lab.ts';
import type { Known, PlanValues } from './plan.ts';
import type { Range } from './source-text.ts';

/** One `${{ … }}` of a text, with its offsets in it: a reference, or what is wrong with it. */
export type FoundReference = Range & ({ readonly reference: Reference } | { readonly message: string; readonly hint: string });

/** Finds every `${{ … }}` of a text, well-formed or not. */
export function findReferences(text: string): FoundReference[] {
  const found: FoundReference[] = [];
  let lineEnd = -1;
  for (let start = text.indexOf('${{'), next: number; start >= 0; start = next) {
    next = text.indexOf('${{', start + 3);
    if (lineEnd < start) lineEnd = endOfLine(text, start);
    // Looking no further than the next reference keeps this linear on any input.
    const end = next >= 0 && next < lineEnd ? next : lineEnd;
    const close = text.slice(start + 3, end).indexOf('}}');
    if (close < 0) {
      found.push({ start, end, message: 'This `${{` has no `}}` on its line.', hint: 'Close it: ${{ vars.name }}' });
    } else {
      const inner = text.slice(start + 3, start + 3 + close);
      found.push({ start, end: start + 3 + close + 2, ...parseReference(inner.trim()) });
    }
  }
  return found;
}

/** Whatever can have a value at some point of a run. */
export type Lookup = (reference: Reference) => unknown;

/**
 * Fills the references of one string in. A string that is nothing but one reference becomes the value with its type;
 * in a longer text a value that is no string stands as JSON. Where `lookup` answers `undefined` the reference stays.
 */
export function fillText(text: string, lookup: Lookup): unknown {
  let filled = '';
  let from = 0;
  for (const found of findReferences(text)) {
    const value = 'reference' in found ? lookup(found.reference) : undefined;
    if (value === undefined) continue;
    if (found.start === 0 && found.end === text.length) return value;
    filled += text.slice(from, found.start) + (typeof value === 'string' ? value : JSON.stringify(value));
    from = found.end;
  }
  return filled + text.slice(from);
}

/** Fills the references of every string inside plain data in. Keys are left alone. */
export function fillData(value: unknown, lookup: Lookup): unknown {
  if (typeof value === 'string') return fillText(value, lookup);
  if (Array.isArray(value)) return value.map((element) => fillData(element, lookup));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fillData(member, lookup)]));
}

/** Every string inside plain data, with its path. */
export function* stringsOf(value: unknown, path: Path = []): Generator<{ readonly path: Path; readonly text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value)) for (const [index, element] of value.entries()) yield* stringsOf(element, [...path, index]);
  else if (isMapping(value)) for (const [key, member] of Object.entries(value)) yield* stringsOf(member, [...path, key]);
}

/** The value of each reference, as far as it is known; `known` is absent before a run. */
export function lookupIn(values: PlanValues, known?: Known): Lookup {
  return (reference) => {
    switch (reference.kind) {
      case 'var':
        return own(values.vars, reference.name);
      case 'name':
        return own(values.names, reference.name);
      case 'output': {
        const outputs = known && own(known.outputs, reference.step);
        return isMapping(outputs) ? own(outputs, reference.output) : undefined;
      }
      case 'learner':
        return known?.[reference.name];
    }
  };
}

/**
 * Fills the references of Markdown (prose, a hint, a heading) in for display. What has no value yet, such as the output
 * of a step that was not done, stays as it is written.
 */
export function interpolate(markdown: string, values: PlanValues, known?: Known): string {
  const lookup = lookupIn(values, known);
  return String(
    fillText(markdown, (reference) => {
      const value = lookup(reference);
      return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
    }),
  );
}

/** A reference as it is written. */
export function referenceText(reference: Reference): string {
  switch (reference.kind) {
    case 'output':
      return `\${{ steps.${reference.step}.${reference.output} }}`;
    case 'var':
      return `\${{ vars.${reference.name} }}`;
    case 'name':
      return `\${{ names.${reference.name} }}`;
    case 'learner':
      return `\${{ learner.${reference.name} }}`;
  }
}

const forms = 'It can be steps.<id>.<output>, vars.<name>, names.<name>, learner.nonce or learner.started.';

function parseReference(inner: string): { readonly reference: Reference } | { readonly message: string; readonly hint: string } {
  const [root = '', first, second, ...rest] = inner.split('.');
  const wellFormed = inner.length <= 200 && inner.split('.').every((part) => /^[A-Za-z][A-Za-z0-9_-]*$/.test(part)) && rest.length === 0;
  if (wellFormed && first !== undefined) {
    if (root === 'steps' && second !== undefined) return { reference: { kind: 'output', step: first, output: second } };
    if (root === 'vars' && second === undefined) return { reference: { kind: 'var', name: first } };
    if (root === 'names' && second === undefined) return { reference: { kind: 'name', name: first } };
    if (root === 'learner' && second === undefined && (first === 'nonce' || first === 'started'))
      return { reference: { kind: 'learner', name: first } };
    if (root === 'learner') {
      return { message: `The learner has no \`${inner.slice('learner.'.length)}\`.`, hint: 'There are learner.nonce and learner.started.' };
    }
    if (root === 'steps' && second === undefined) {
      return { message: `\`${inner}\` names a step, but none of its outputs.`, hint: `Write steps.${first}.<output>.` };
    }
  }
  if (inner === '') return { message: 'There is nothing between `${{` and `}}`.', hint: forms };
  const near = /^\w+$/.test(root) ? didYouMean(root, ['steps', 'vars', 'names', 'learner']) : undefined;
  const hint = near === undefined || ['steps', 'vars', 'names', 'learner'].includes(root) ? forms : `${near} ${forms}`;
  return { message: `\`${inner.length > 60 ? `${inner.slice(0, 59)}…` : inner}\` is no reference.`, hint };
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  const end = newline < 0 ? text.length : newline;
  return text[end - 1] === '\r' ? end - 1 : end;
}
