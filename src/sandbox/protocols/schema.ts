import type { NormalizedSchema } from '@smithy/core/schema';
import type { StaticErrorSchema, StaticOperationSchema, StaticStructureSchema } from '@smithy/types';
import { commonJs } from '../../util/commonjs.ts';

const schema = commonJs<typeof import('@smithy/core/schema')>('@smithy/core/schema');

/** An operation as the SDK describes it at run time: its name, its HTTP traits, the shapes of its input and output. */
export interface OperationShape {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Method, path template and status; of the REST protocols only. */
  readonly http: readonly [method: string, path: string, status: number] | undefined;
}

/**
 * Reads all operations off an SDK package. The packages export one schema for each operation, named after it
 * (`CreateStream$`); in a schema's array form the first element tells what it is, and 9 is an operation.
 */
export function operationShapes(sdkPackage: object): ReadonlyMap<string, OperationShape> {
  const shapes = new Map<string, OperationShape>();
  for (const [key, value] of Object.entries(sdkPackage)) {
    if (!key.endsWith('$') || !Array.isArray(value) || value[0] !== 9) continue;
    const [, , name, traits, input, output] = value as unknown as StaticOperationSchema;
    const http = typeof traits === 'object' ? traits.http : undefined;
    shapes.set(name, { name, input: schema.NormalizedSchema.of(input), output: schema.NormalizedSchema.of(output), http });
  }
  return shapes;
}

/** The members without which a structure is not complete. In its array form they come first, and the last element counts them. */
export function requiredMembers(shape: NormalizedSchema): readonly NormalizedSchema[] {
  const schema = shape.getSchema();
  const count = Array.isArray(schema) && typeof schema[6] === 'number' ? schema[6] : 0;
  return shape.isStructSchema() ? [...shape.structIterator()].slice(0, count).map(([, member]) => member) : [];
}

/** The code that each error of a service had in the query protocol, by the name of its shape; of services that moved on to JSON. */
export function queryErrorCodes(sdkPackage: object): ReadonlyMap<string, string> {
  const codes = new Map<string, string>();
  for (const [key, value] of Object.entries(sdkPackage)) {
    // In a schema's array form, -3 is an error.
    if (!key.endsWith('$') || !Array.isArray(value) || value[0] !== -3) continue;
    const [, , name, traits] = value as unknown as StaticErrorSchema;
    const queryError: unknown = typeof traits === 'object' ? traits.awsQueryError : undefined;
    codes.set(name, Array.isArray(queryError) ? String(queryError[0]) : name);
  }
  return codes;
}

/** A structure shape made here rather than by the SDK, for the envelopes that protocols put around outputs. `0` is a string. */
export function structure(name: string, members: Readonly<Record<string, NormalizedSchema | 0>>): NormalizedSchema {
  const schemas = Object.values(members).map((member) => (member === 0 ? 0 : () => member.getSchema()));
  return schema.NormalizedSchema.of([3, 'kinesis-labs', name, 0, Object.keys(members), schemas] as unknown as StaticStructureSchema);
}
