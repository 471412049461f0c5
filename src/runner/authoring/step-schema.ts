import type { StepKind } from '../../steps/step.ts';
import type { StepKinds } from '../planning.ts';
import { inputJsonSchema, type JsonSchema } from './input-json-schema.ts';

/**
 * The JSON Schema of a step block, for editors: which keys a step has, and by its `uses` which inputs.
 * It says less than the program does: what several inputs have to do with each other is for `lint` to say.
 */
export async function stepSchema(kinds: StepKinds): Promise<JsonSchema> {
  const loaded = await loadAll(kinds);
  const inputs = loaded.map(([name, kind]) => ({ name, kind, ...inputJsonSchema(kind.input, name.replaceAll('/', '-')) }));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Step of a kinesis-labs lab',
    description: 'What stands in a ```yaml step block.',
    type: 'object',
    required: ['id', 'uses'],
    additionalProperties: false,
    properties: {
      id: {
        type: 'string',
        pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
        description: 'Lower-case words joined by hyphens; ${{ steps.<id>.<output> }} refers to it.',
      },
      uses: {
        description: 'The step kind.',
        enum: inputs.map(({ name }) => name),
        enumDescriptions: inputs.map(({ kind }) => kind.summary),
      },
      with: { type: 'object', description: 'The inputs of the step kind.' },
      points: { type: 'integer', minimum: 0, maximum: 1000, description: 'What the learner earns by it. Without it, nothing.' },
      hint: { type: 'string', description: 'Shown to a learner who asks for it.' },
    },
    allOf: inputs.map(({ name, kind, schema }) => forUses(name, { ...schema, description: kind.summary })),
    definitions: {
      reference: {
        description: 'A text with a reference: ${{ steps.stream.arn }}, ${{ names.stream }}, ${{ vars.message }}, ${{ learner.nonce }}.',
        type: 'string',
        pattern: '\\$\\{\\{.+\\}\\}',
      },
      ...Object.assign({}, ...inputs.map(({ definitions }) => definitions)),
    },
  };
}

/** What the inputs have to be in a step of one kind. */
function forUses(uses: string, inputs: JsonSchema): JsonSchema {
  const condition = { required: ['uses'], properties: { uses: { const: uses } } };
  const consequence = { ...('required' in inputs ? { required: ['with'] } : {}), properties: { with: inputs } };
  return Object.fromEntries([
    ['if', condition],
    ['then', consequence],
  ]);
}

/** Every step kind with its name, by name. */
export async function loadAll(kinds: StepKinds): Promise<readonly (readonly [string, StepKind])[]> {
  const loaded: (readonly [string, StepKind])[] = [];
  for (const name of [...kinds.names].sort()) {
    const kind = await kinds.load(name);
    if (kind !== undefined) loaded.push([name, kind]);
  }
  return loaded;
}
