import { didYouMean } from '../util/closest.ts';
import { listed } from '../util/text.ts';
import type { Lab, PlacedReference, Reference } from './lab.ts';
import type { LabDraft } from './parse.ts';

/** The outputs of the steps that have been read, by step id; `undefined` for a step whose kind is unknown. */
export type OutputNames = ReadonlyMap<string, readonly string[] | undefined>;

/** What is wrong with a reference. */
export interface ReferenceProblem {
  readonly message: string;
  readonly hint?: string;
}

/**
 * Checks that a reference has something to refer to.
 * @param above ids of the steps whose outputs exist where the reference stands.
 * @returns `undefined` when it has, or when that cannot be known because of another error.
 */
export function referenceProblem(
  { reference }: PlacedReference,
  draft: LabDraft,
  outputs: OutputNames,
  above: ReadonlySet<string>,
): ReferenceProblem | undefined {
  switch (reference.kind) {
    case 'learner':
      return undefined;
    case 'var':
    case 'name':
      return draft.frontMatterRead ? namedProblem(reference, draft.lab) : undefined;
    case 'output':
      return draft.unreadSteps.has(reference.step) ? undefined : outputProblem(reference, outputs, above);
  }
}

function namedProblem(reference: Extract<Reference, { kind: 'var' | 'name' }>, lab: Lab): ReferenceProblem | undefined {
  const [here, noun, there, otherForm] =
    reference.kind === 'var' ? [lab.vars, 'variable', lab.names, 'names'] : [lab.names, 'name', lab.vars, 'vars'];
  if (Object.hasOwn(here, reference.name)) return undefined;
  const key = reference.kind === 'var' ? 'vars' : 'names';
  const message = `The front matter has no ${noun} "${reference.name}".`;
  if (Object.hasOwn(there, reference.name)) return { message, hint: `Did you mean \${{ ${otherForm}.${reference.name} }}?` };
  const known = Object.keys(here);
  return {
    message,
    hint: didYouMean(reference.name, known) ?? (known.length === 0 ? `Add it below \`${key}:\`.` : `There are: ${listed(known)}.`),
  };
}

function outputProblem(
  reference: Extract<Reference, { kind: 'output' }>,
  outputs: OutputNames,
  above: ReadonlySet<string>,
): ReferenceProblem | undefined {
  const { step, output } = reference;
  if (!outputs.has(step)) {
    return {
      message: `There is no step "${step}".`,
      hint: didYouMean(step, outputs.keys()) ?? (above.size === 0 ? 'There is no step above.' : `Steps above: ${listed(above)}.`),
    };
  }
  const names = outputs.get(step);
  if (!above.has(step))
    return { message: `The step "${step}" has not been done yet at this point.`, hint: 'Refer to steps above only, or move that step up.' };
  if (names === undefined || names.includes(output)) return undefined;
  const there = names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`;
  return { message: `The step "${step}" has no output "${output}".`, hint: didYouMean(output, names) ?? there };
}
