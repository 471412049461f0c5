import type { NormalizedSchema } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import { didYouMean } from '../util/closest.ts';
import { commonJs } from '../util/commonjs.ts';
import { isMapping, pathText } from '../util/json.ts';
import { sdk } from '../util/sdk.ts';
import type { UserError } from '../util/user-error.ts';
import type { ApiCall } from './api-call.ts';
import { unknownOperation } from './client.ts';

/** A member that the request of a call does not have: the SDK would leave it out without a word. */
export interface UnknownMember {
  /** From the root of the request. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint: string;
}

/** Compares a call that somebody wrote with what the SDK knows of its operation. @returns the error where there is no such operation. */
export function unknownMembers(call: ApiCall): UserError | readonly UnknownMember[] {
  const module = sdk[call.service].load() as unknown as Readonly<Record<string, unknown>>;
  const error = unknownOperation(call, module);
  if (error !== undefined) return error;
  // The packages export one schema for each operation, named after it; its request is the fifth of its parts.
  const schema = module[`${call.operation}$`] as StaticOperationSchema | undefined;
  if (schema === undefined) return [];
  const { NormalizedSchema } = commonJs<typeof import('@smithy/core/schema')>('@smithy/core/schema');
  return [...unknownIn(NormalizedSchema.of(schema[4]), call.input, [], `${call.service}:${call.operation}`)];
}

function* unknownIn(shape: NormalizedSchema, value: unknown, path: UnknownMember['path'], owner: string): Generator<UnknownMember> {
  if (Array.isArray(value) && shape.isListSchema()) {
    for (const [index, element] of value.entries()) yield* unknownIn(shape.getValueSchema(), element, [...path, index], owner);
  }
  if (!isMapping(value)) return;
  const members = shape.isStructSchema() ? Object.fromEntries(shape.structIterator()) : undefined;
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, key];
    if (members === undefined) {
      if (shape.isMapSchema()) yield* unknownIn(shape.getValueSchema(), inner, here, owner);
    } else if (members[key] === undefined) {
      const names = Object.keys(members);
      const known = names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`;
      const whose = path.length === 0 ? `The request of ${owner}` : `\`${pathText(path)}\` in the request of ${owner}`;
      yield { path: here, message: `${whose} has no member ${key}.`, hint: didYouMean(key, names) ?? known };
    } else {
      yield* unknownIn(members[key], inner, here, owner);
    }
  }
}
