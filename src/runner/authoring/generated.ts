import { stepKinds } from '../../steps/registry.ts';
import { stepDocs } from './step-docs.ts';
import { stepSchema } from './step-schema.ts';

/** The files of the repository that are made from the step kinds, by their path. */
export async function generatedFiles(): Promise<Readonly<Record<string, string>>> {
  return {
    'schema/step.schema.json': `${JSON.stringify(await stepSchema(stepKinds), null, 2)}\n`,
    'docs/steps.md': await stepDocs(stepKinds),
  };
}
