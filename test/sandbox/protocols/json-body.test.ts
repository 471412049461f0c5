import { randomBytes } from 'node:crypto';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as sqs from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { readJsonBody } from '../../../src/sandbox/protocols/json-body.ts';
import { readJson } from '../../../src/sandbox/protocols/json-shape.ts';
import { operationShapes } from '../../../src/sandbox/protocols/schema.ts';

const shapes = new Map([...operationShapes(kinesis), ...operationShapes(sqs)]);

function shapeOf(operation: string) {
  const shape = shapes.get(operation);
  if (shape === undefined) throw new Error(`no operation ${operation}`);
  return shape.input;
}

/** What comes of a body that is read as it comes, and of one that is parsed at once. */
async function bothWays(operation: string, text: string): Promise<readonly [unknown, unknown]> {
  const body = Buffer.from(text);
  const outcome = async (read: () => unknown) => {
    try {
      return comparable(await read());
    } catch (error) {
      return error;
    }
  };
  return [
    await outcome(() => readJsonBody(shapeOf(operation), body)),
    await outcome(() => readJson(shapeOf(operation), JSON.parse(body.toString()))),
  ];
}

/** Bytes as text, which is compared faster. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, comparable(member)]));
}

const base64 = (size: number) => randomBytes(size).toString('base64');
const put = (...data: unknown[]) => JSON.stringify({ StreamName: 's', Records: data.map((Data) => ({ PartitionKey: 'a "key\\', Data })) });
const filling = base64(300_000);

describe('a large body of JSON', () => {
  it.each([
    ['records of all lengths', put(...[0, 1, 2, 3, 4_000, 98_303, 98_304, 98_305, 200_000, 200_001].map(base64))],
    ['many small records', put(...Array.from({ length: 2_000 }, () => base64(200)))],
    ['spaces between its parts', put(filling, base64(5_000)).replaceAll(/[,:{}[\]]/g, ' \n$&\t')],
    ['a record that is no list of bytes', put(filling, 5)],
    ['members that the shape does not have', JSON.stringify({ [filling]: 1, Unheard: filling, Data: filling, StreamName: 's' })],
    ['a name that is long and base64', JSON.stringify({ StreamName: filling })],
    ['base64 where a list belongs', JSON.stringify({ Records: filling })],
    ['base64 that is cut off', put(filling.slice(1))],
    ['a sign in it that is none of base64', put(`${filling.slice(0, 200_000)}*${filling.slice(200_001)}`)],
    ['a padding in the middle', put(`${filling.slice(0, 131_068)}AA==${filling.slice(131_072)}`)],
    ['bits that are left over', put(`${filling.slice(0, -4)}QUF=`)],
    ['quotes and backslashes in its strings', put(`${'\\"'.repeat(150_000)}`, filling)],
    ['letters of other alphabets', JSON.stringify({ StreamName: 'ü☃'.repeat(1_000), Data: filling, PartitionKey: 'é' })],
  ])('is what it is when it is parsed at once: %s', async (_, text) => {
    const [large, whole] = await bothWays('PutRecords', text);
    expect(large).toEqual(whole);
    const [one, other] = await bothWays('PutRecord', text);
    expect(one).toEqual(other);
  });

  it('gives a text where a text belongs, even if it could be base64', async () => {
    const message = 'abcd'.repeat(100_000);
    const [large, whole] = await bothWays('SendMessage', JSON.stringify({ QueueUrl: 'q', MessageBody: message }));
    expect(large).toEqual({ QueueUrl: 'q', MessageBody: message });
    expect(whole).toEqual(large);
  });

  it.each([
    ['ends too early', put(filling).slice(0, -1)],
    ['ends within a string', put(filling).slice(0, 290_000)],
    ['has a comma too many', put(filling).replace('}]', '},]')],
    [
      'has a line break in a string',
      put(filling)
        .replace(/(.{1000})\\$/, '$1\n')
        .replace('AA', 'A\n'),
    ],
  ])('is refused as if it had been parsed at once where it %s', async (_, text) => {
    const [large, whole] = await bothWays('PutRecords', text);
    expect(whole).toBeInstanceOf(SyntaxError);
    expect(String(large)).toBe(String(whole));
  });

  it('lets others have their turn while it is read', async () => {
    let turns = 0;
    let reading = true;
    const others = () => {
      turns += 1;
      if (reading) setImmediate(others);
    };
    setImmediate(others);
    await readJsonBody(shapeOf('PutRecord'), Buffer.from(JSON.stringify({ Data: base64(20_000_000) })));
    reading = false;
    expect(turns).toBeGreaterThan(2);
  });
});
