import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiCall } from '../../../src/aws/api-call.ts';
import { bucket } from '../../../src/steps/s3/bucket.ts';
import { object } from '../../../src/steps/s3/object.ts';
import { type Bench, failed, openBench } from '../../support/step-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
  expect(bench.bugs).toEqual([]);
});

const put = (name: string, key: string, body: string | Uint8Array) =>
  bench.visit().context.aws.call(apiCall('s3', 'PutObject', { Bucket: name, Key: key, Body: body }));

/** A bucket with these objects. */
async function filled(name: string, objects: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  await bucket.bind({ name }).apply(bench.visit().context);
  for (const [key, body] of Object.entries(objects)) await put(name, key, body);
}

const look = () => bench.visit({ readOnly: true });

describe('reading objects', () => {
  it('shows the key, the size and the text, and takes the objects together in the order of their keys', async () => {
    await filled('together', { 'in/2': '{"n":2}\n{"n":3}\n', 'in/1': '{"n":1}\n', other: 'no JSON' });
    const { context, found } = look();
    const expected = { contains: ['"n":3'], lines: 3, json: [{ query: '[].n', equals: [1, 2, 3] }] };
    const findings = await object.bind({ bucket: 'together', prefix: 'in/', expect: expected }).check(context);
    expect(failed(findings)).toEqual([]);
    expect(findings[0]?.observed).toBe('2 objects, the last one: in/2 (16 bytes): {"n":2} / {"n":3}');
    const [listed, read] = found.map(({ answer }) => answer);
    expect(listed).toMatchObject({ KeyCount: 2, Contents: [{ Key: 'in/1' }, { Key: 'in/2', Size: 16 }] });
    expect(read).toMatchObject({ Body: '{"n":2}\n{"n":3}\n', ContentLength: 16 });
  });

  it('unpacks what is gzip', async () => {
    await filled('packed', { 'a.gz': gzipSync('{"n":1}\n') });
    const findings = await object.bind({ bucket: 'packed', expect: { json: [{ query: '[0].n', equals: 1 }] } }).check(look().context);
    expect(failed(findings)).toEqual([]);
  });

  it('reads more than one page of them', async () => {
    await filled('many', Object.fromEntries(Array.from({ length: 1_003 }, (_, n) => [`k${String(n).padStart(5, '0')}`, `${n}\n`])));
    const { context, found } = look();
    expect(failed(await object.bind({ bucket: 'many', expect: { contains: ['1002'], lines: 200 } }).check(context))).toEqual([]);
    expect(found[0]?.answer).toMatchObject({ KeyCount: 1_003 });
  });

  it('waits for an object that is still to come', async () => {
    await filled('late', {});
    const { context, waits } = look();
    const checking = object.bind({ bucket: 'late', prefix: 'in/' }).check(context);
    await context.aws.call(apiCall('s3', 'ListBuckets', {}));
    await put('late', 'in/1', 'here');
    expect(failed(await checking)).toEqual([]);
    expect(waits).toEqual(['objects below in/ in late to appear']);
  });
});

describe('objects that are not what is expected', () => {
  it.each([
    ['a text', { contains: ['absent'] }, 'not in 2 lines, which end with no JSON'],
    ['a number of lines', { lines: 3 }, '2 lines'],
    ['too few lines', { 'at-least': 3 }, '2 lines'],
    ['JSON', { json: [{ query: '[0].n', equals: 1 }] }, 'a line that is no JSON: no JSON'],
  ])('are told by what was found: %s', async (_, expected, observed) => {
    const name = `wrong-${Object.keys(expected).join('')}`;
    await filled(name, { a: '{"n":1}\nno JSON\n' });
    const findings = failed(await object.bind({ bucket: name, expect: expected, within: 2 }).check(look().context));
    expect(findings).toMatchObject([{ observed, hint: expect.any(String) }]);
  });

  it('are told when there are none, and when there is no bucket, which is not waited for', async () => {
    await filled('empty', {});
    const none = await object.bind({ bucket: 'empty', within: 2 }).check(look().context);
    expect(none).toMatchObject([{ fact: 'objects in empty', observed: 'there is none', ok: false }]);
    const { context, waits } = look();
    expect(await object.bind({ bucket: 'nowhere' }).check(context)).toMatchObject([{ observed: 'there is no bucket nowhere', ok: false }]);
    expect(waits).toEqual([]);
  });

  it('cannot be expected to have two numbers of lines', () => {
    expect(() => object.bind({ bucket: 'any', expect: { lines: 1, 'at-least': 1 } })).toThrow(
      'there can be `lines` or `at-least`, not both',
    );
  });
});
