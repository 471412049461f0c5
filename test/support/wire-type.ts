import * as sdk from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import { operationShapes } from '../../src/sandbox/protocols/schema.ts';
import { unreachable } from '../../src/util/unreachable.ts';
import type { ConformanceTarget } from './conformance.ts';
import { failureOf } from './failure.ts';
import { sendBody } from './kinesis-access.ts';

/** What a member of a request is in JSON. */
type WireType = 'a String' | 'an Integer' | 'a Boolean' | 'a Blob' | 'a Timestamp' | 'a List' | 'a Map' | 'a Structure';

/** The members of a request by their paths: `ShardFilter.Type`, `Records[].Data`, `TagKeys[]`, `Tags{}` for a map's values. */
type MemberTypes = Readonly<Record<string, WireType>>;

const list = [[], 'Start of list found where not expected'] as const;
const structure = [{}, 'Start of structure or map found where not expected.'] as const;

/** Values of other types, and what Kinesis says of them (recorded from AWS). */
function wrong(type: WireType): readonly (readonly [value: unknown, message: string])[] {
  switch (type) {
    case 'a String':
      return [scalar('an String', 23), list, structure];
    case 'an Integer':
      return [scalar('an Integer', '23'), list, structure];
    case 'a Boolean':
      return [scalar('an Boolean', 'true'), list, structure];
    case 'a Timestamp':
      return [scalar('milliseconds since epoch', '23'), list, structure];
    case 'a Blob':
      return [scalar('a Blob', true), list, structure, ...brokenBlobs];
    case 'a List':
      return [[23, 'Expected list or null'], structure];
    case 'a Map':
      return [['23', 'Expected map or null'], list];
    case 'a Structure':
      return [[true, 'Expected null'], list];
    default:
      return unreachable(type);
  }
}

const brokenBlobs = [
  ['23456', "'23456' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5"],
  ['=+/=', "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='"],
  ['+/+=', "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected"],
] as const;

const javaClasses = {
  string: 'java.lang.String',
  boolean: 'java.lang.Boolean',
  number: 'com.amazon.coral.value.json.numbers.TruncatingBigNumber',
};

function scalar(wanted: string, value: string | number | boolean) {
  const type = typeof value as keyof typeof javaClasses;
  return [value, `class ${javaClasses[type]} can not be converted to ${wanted}`] as const;
}

/** A body in which a value stands at a path. */
function bodyWith(path: string, value: unknown): unknown {
  return path
    .split('.')
    .reverse()
    .reduce<unknown>((inner, step) => {
      if (step.endsWith('[]')) return { [step.slice(0, -2)]: [inner] };
      return step.endsWith('{}') ? { [step.slice(0, -2)]: { key: inner } } : { [step]: inner };
    }, value);
}

/** Declares the tests of how an operation reads its request, for which it names the type of each member. */
export function readsTypes(kinesis: ConformanceTarget, operation: string, types: MemberTypes): void {
  it('knows the members of the service model', () => {
    const shape = operationShapes(sdk).get(operation);
    const members = [...(shape?.input.structIterator() ?? [])].map(([name]) => name);
    expect(new Set(Object.keys(types).map((path) => path.replace(/\W.*/, '')))).toEqual(new Set(members));
  });
  for (const [path, type] of Object.entries(types)) {
    it(`refuses a ${path} that is not ${type}`, async () => {
      for (const [value, message] of wrong(type)) {
        const refused = { name: 'SerializationException', message };
        expect(await failureOf(sendBody(kinesis.client, operation, JSON.stringify(bodyWith(path, value)))), JSON.stringify(value)).toEqual(
          refused,
        );
      }
    });
  }
}
