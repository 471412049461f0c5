import { stringify } from 'yaml';
import type { StepKind } from '../../steps/step.ts';
import type { StepKinds } from '../planning.ts';
import { inputJsonSchema, type JsonSchema, referencePath } from './input-json-schema.ts';
import { loadAll } from './step-schema.ts';

/** The step kinds for authors, as Markdown: what each does, its inputs and outputs, what it creates, an example. */
export async function stepDocs(kinds: StepKinds): Promise<string> {
  const loaded = await loadAll(kinds);
  return [
    '# Step kinds',
    '',
    'What `uses:` can name in a step, and what stands below its `with:`. Made from the step kinds themselves by',
    '`npm run docs`; a change goes into `src/steps/`.',
    '',
    ...loaded.map(([name, kind]) => `- [${name}](#${anchor(name)}): ${kind.summary}`),
    ...loaded.flatMap(([name, kind]) => ['', ...section(name, kind)]),
    '',
  ].join('\n');
}

function section(name: string, kind: StepKind): readonly string[] {
  const { schema } = inputJsonSchema(kind.input, 'of');
  const outputs = Object.entries(kind.outputs);
  return [
    `## ${name}`,
    '',
    kind.summary,
    ...created(kind),
    '',
    '| input | | |',
    '|---|---|---|',
    ...inputRows(schema, ''),
    ...(outputs.length === 0 ? [] : ['', '| output | | for example |', '|---|---|---|']),
    ...outputs.map(([output, { what, example }]) => row(`\`${output}\``, what, `\`${example}\``)),
    '',
    '```yaml',
    stringify({ id: 'example', uses: name, with: kind.examples[0] }, { lineWidth: 0 }).trimEnd(),
    '```',
  ];
}

function created({ resources }: StepKind): readonly string[] {
  if (resources.length === 0) return [];
  const parts = resources.map(({ noun, cost }) => (cost === undefined ? noun : `${noun} (about $${cost.perHour} an hour ${cost.note})`));
  return ['', `Creates: ${parts.join(', ')}.`];
}

/** One row for each input, and for each member of those that are mappings or lists of mappings. */
function inputRows(schema: JsonSchema, prefix: string): readonly string[] {
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>).flatMap(([key, each]) => {
    const member = bare(each);
    const name = `${prefix}${key}`;
    const items = member['items'] === undefined ? undefined : bare(member['items'] as JsonSchema);
    const byDefault = each['default'];
    const need = required.includes(key) ? ', needed' : byDefault === undefined ? '' : `, default \`${JSON.stringify(byDefault)}\``;
    return [
      row(`\`${name}\``, `${typeOf(member)}${need}`, String(each['description'] ?? '')),
      ...inputRows(member, `${name}.`),
      ...(items === undefined ? [] : inputRows(items, `${name}[].`)),
    ];
  });
}

/** A schema without the reference that may stand in its place. */
function bare(schema: JsonSchema): JsonSchema {
  const { anyOf, ...about } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const others = (anyOf as readonly JsonSchema[]).filter((each) => each['$ref'] !== referencePath);
  return others.length === 1 ? { ...others[0], ...about } : { anyOf: others, ...about };
}

function typeOf(schema: JsonSchema): string {
  const { type, enum: values, anyOf, items } = schema;
  if (Array.isArray(anyOf)) return [...new Set((anyOf as readonly JsonSchema[]).map((each) => typeOf(bare(each))))].join(' or ');
  if (Array.isArray(values)) return values.map((value) => `\`${value}\``).join(', ');
  if (type === 'string') return 'text';
  if (type === 'integer' || type === 'number') return `${type === 'integer' ? 'whole number' : 'number'}${bounds(schema)}`;
  if (type === 'boolean') return '`true` or `false`';
  if (type === 'array') return items === undefined ? 'list' : `list: ${typeOf(bare(items as JsonSchema))}`;
  if (type === 'object') return 'mapping';
  return 'any value';
}

function bounds({ minimum, maximum }: JsonSchema): string {
  if (minimum === undefined && maximum === undefined) return '';
  if (maximum === undefined) return `, at least ${minimum}`;
  return minimum === undefined ? `, at most ${maximum}` : ` from ${minimum} to ${maximum}`;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** How GitHub makes the anchor of a heading. */
function anchor(heading: string): string {
  return heading.toLowerCase().replace(/[^\w -]/g, '');
}
