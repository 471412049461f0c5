import { z } from 'zod';

/** A JSON Schema (draft 7) as data. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Where a schema that takes texts with references has to be found in the document. */
export const referencePath = '#/definitions/reference';

/**
 * The JSON Schema of a step kind's inputs, for editors. Wherever a value is more than any text, a text with a reference in it is
 * taken as well, because what it stands for is known only in a run.
 * @param name makes the names of its definitions unique in the document.
 */
export function inputJsonSchema(input: z.ZodObject, name: string): { readonly schema: JsonSchema; readonly definitions: JsonSchema } {
  const whole = z.toJSONSchema(input, { target: 'draft-7', io: 'input', unrepresentable: 'any', reused: 'inline', override: tidy });
  const { $schema, definitions = {}, ...schema } = JSON.parse(JSON.stringify(whole)) as JsonSchema;
  const renamed = (key: string): string => `${name}${key.replace(/^__schema/, '-')}`;
  const finished = (value: unknown): JsonSchema => withReferences(renameReferences(value, renamed)) as JsonSchema;
  const own = Object.entries(definitions as JsonSchema).map(([key, value]) => [renamed(key), finished(value)]);
  return { schema: finished(schema), definitions: Object.fromEntries(own) };
}

/** Takes out what zod knows and editors do not, or what says nothing. */
function tidy({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  delete jsonSchema['asset'];
  delete jsonSchema['propertyNames'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
}

function renameReferences(value: unknown, renamed: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => renameReferences(each, renamed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const [, target] = key === '$ref' ? (/^#\/definitions\/(.+)$/.exec(String(member)) ?? []) : [];
      return [key, target === undefined ? renameReferences(member, renamed) : `#/definitions/${renamed(target)}`];
    }),
  );
}

// Keywords whose value is data of the author, not a schema.
const plain = new Set(['default', 'const', 'enum', 'examples']);

/** The same schema; numbers, booleans and texts that are not just any text may be given as a reference. */
function withReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withReferences);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { description, default: byDefault, ...rest } = schema as JsonSchema;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, member]) => [key, plain.has(key) ? member : below(key, member)]));
  const about = { ...(description === undefined ? {} : { description }), ...(byDefault === undefined ? {} : { default: byDefault }) };
  return isMoreThanText(rest) ? { ...about, anyOf: [inner, { $ref: referencePath }] } : { ...about, ...inner };
}

function below(key: string, member: unknown): unknown {
  if (key !== 'properties') return withReferences(member);
  return Object.fromEntries(Object.entries(member as JsonSchema).map(([name, each]) => [name, withReferences(each)]));
}

function isMoreThanText(schema: JsonSchema): boolean {
  const { type } = schema;
  if (type === 'integer' || type === 'number' || type === 'boolean') return true;
  return type === 'string' && ['pattern', 'format', 'enum', 'const', 'maxLength'].some((keyword) => keyword in schema);
}
