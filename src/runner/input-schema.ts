import type { z } from 'zod';
import type { Path } from './lab.ts';

type Schema = z.core.$ZodTypes;

/** A schema with its wrappers (optional, default, …) taken off. */
export interface BareSchema {
  readonly schema: Schema;
  /** What `.meta()` and `.describe()` say, on whichever wrapper; the outer ones win. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** The value of a `.default()`. */
  readonly byDefault: unknown;
}

/** Takes the wrappers off. Reads schemas by zod's public `_zod.def` and loads nothing of zod itself. */
export function bare(wrapped: z.core.$ZodType): BareSchema {
  let schema = wrapped as Schema;
  let meta: Readonly<Record<string, unknown>> = {};
  let byDefault: unknown;
  for (;;) {
    meta = { ...metaOf(schema), ...meta };
    const def = schema._zod.def;
    switch (def.type) {
      case 'default':
      case 'prefault':
        byDefault ??= def.defaultValue;
        schema = def.innerType as Schema;
        break;
      case 'optional':
      case 'nullable':
      case 'nonoptional':
      case 'readonly':
      case 'catch':
        schema = def.innerType as Schema;
        break;
      case 'pipe':
        schema = def.in as Schema;
        break;
      default:
        return { schema, meta, byDefault };
    }
  }
}

/** The schema of a member of an object or record, or of an element of a list. */
export function childSchema(schema: Schema, key: string | number): z.core.$ZodType | undefined {
  const def = schema._zod.def;
  switch (def.type) {
    case 'object':
      return Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
    case 'record':
      return def.valueType;
    case 'array':
      return def.element;
    default:
      return undefined;
  }
}

/** The bare schema at a path, if the schema says anything about that path. */
export function schemaAt(root: z.core.$ZodType, path: Path): BareSchema | undefined {
  let found = bare(root);
  for (const key of path) {
    const child = childSchema(found.schema, key);
    if (child === undefined) return undefined;
    found = bare(child);
  }
  return found;
}

/** The keys that an object schema has. */
export function schemaKeys(root: z.core.$ZodType, path: Path): readonly string[] {
  const def = schemaAt(root, path)?.schema._zod.def;
  return def?.type === 'object' ? Object.keys(def.shape) : [];
}

function metaOf(schema: Schema): Readonly<Record<string, unknown>> {
  return ('meta' in schema && typeof schema.meta === 'function' ? schema.meta() : undefined) ?? {};
}
