import { z } from 'zod';
import { defineStep, type StepDefinition, type StepKind } from '../../src/steps/step.ts';

export const noInput = z.object({});

/** A step kind that makes nothing, asks AWS nothing and is met; `parts` is what it is about. */
export function bareKind<Schema extends z.ZodObject>(input: Schema, parts: Partial<StepDefinition<Schema>>): StepKind {
  return defineStep({
    summary: 'Does something.',
    input,
    outputs: {},
    examples: [],
    resources: [],
    owns: () => [],
    explain: () => [],
    shows: () => undefined,
    apply: async () => undefined,
    check: async () => [],
    ...parts,
  });
}
