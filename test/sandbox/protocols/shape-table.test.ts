import type { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, it } from 'vitest';
import { operationShapes, queryErrorCodes } from '../../../src/sandbox/protocols/schema.ts';
import { shapesIn, shapeTable } from '../../../src/sandbox/protocols/shape-table.ts';
import { loadShapes } from '../../../src/sandbox/service-shapes.ts';
import { sdk, serviceNames } from '../../../src/util/sdk.ts';

/** All that can be known of the shapes of all operations, each shape once. */
function described(sdkPackage: object): unknown {
  const shapes = new Map<string, unknown>();
  const describeShape = (shape: NormalizedSchema): string => {
    const name = shape.getName(true) ?? '';
    const structured = shape.isStructSchema() || shape.isListSchema() || shape.isMapSchema();
    const key = structured ? name : `${String(shape.getSchema())} ${name}`;
    if (shapes.has(key)) return key;
    shapes.set(key, undefined);
    const members = shape.isStructSchema() ? [...shape.structIterator()] : [];
    shapes.set(key, {
      traits: shape.getOwnTraits(),
      kind: structured ? [shape.isStructSchema(), shape.isListSchema(), shape.isMapSchema()] : shape.getSchema(),
      members: members.map(([member, its]) => [member, its.getMergedTraits(), describeShape(its)]),
      ...(shape.isListSchema() || shape.isMapSchema() ? { value: describeShape(shape.getValueSchema()) } : {}),
    });
    return key;
  };
  const operations = [...operationShapes(sdkPackage)].map(([name, { input, output, http }]) => {
    return [name, http, describeShape(input), describeShape(output)];
  });
  return { operations, shapes: [...shapes], errors: [...queryErrorCodes(sdkPackage)] };
}

describe('the table of the shapes of a service', () => {
  it.each(serviceNames)('says of %s what its SDK package says', async (service) => {
    const sdkPackage = sdk[service].load();
    const table = JSON.stringify(shapeTable(sdkPackage));
    expect(described(shapesIn(JSON.parse(table)))).toEqual(described(sdkPackage));
  });

  it('is not needed where nothing was built', async () => {
    expect(described(await loadShapes('kinesis'))).toEqual(described(sdk.kinesis.load()));
  });
});
