import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { AnswerOf, apiCall } from '../../aws/api-call.ts';
import { type Aws, orAbsent } from '../../aws/aws.ts';
import { pages } from '../../aws/pages.ts';
import type { OutputOf } from '../../util/sdk.ts';
import { counted, short } from '../../util/text.ts';
import { inTime } from '../advice.ts';
import { examined, expectation } from '../expectation.ts';
import { looked, missing } from '../finding.ts';
import { defineStep, type Finding, type Mutation } from '../step.ts';
import { bucketName } from './bucket.ts';
import { listObjects, paged } from './object-list.ts';

// A look ends after so many objects and bytes, which no lab reaches.
const mostObjects = 200;
const mostBytes = 16 * 1024 * 1024;

const schema = z.strictObject({
  bucket: bucketName.describe('Name of the bucket.'),
  prefix: z.string().max(1024).default('').describe('What the keys of the objects begin with; all objects when this is left out.'),
  expect: z
    .strictObject({
      contains: z.array(z.string().min(1)).min(1).optional().describe('Texts that are in the objects.'),
      lines: z.int().min(0).optional().describe('How many lines the objects have together.'),
      'at-least': z.int().min(1).optional().describe('How many lines the objects have together, at least.'),
      json: z.array(expectation).min(1).optional().describe('JMESPath over the list of what the lines hold, each of which is JSON.'),
    })
    .refine(({ lines, 'at-least': least }) => lines === undefined || least === undefined, {
      path: ['at-least'],
      message: 'there can be `lines` or `at-least`, not both',
    })
    .default({})
    .describe('What the objects have to hold, all of them together in the order of their keys.'),
  within: z.int().min(0).max(900).default(300).describe('For how many seconds objects that are not there yet are waited for.'),
});
type Input = z.output<typeof schema>;

/** The newest object, where keys begin with the time. */
const getLastObject = (input: Input) =>
  apiCall('s3', 'GetObject', { Bucket: input.bucket, Key: new AnswerOf(listObjects(input), 'Contents[-1].Key') });

export const object = defineStep({
  summary: 'Waits until objects appear in an S3 bucket, reads them, and compares what they hold.',
  input: schema,
  outputs: {
    key: { what: 'key of the last object', example: 'telemetry/2026/01/31/12/x', call: listObjects, query: 'Contents[-1].Key' },
    size: { what: 'its size in bytes', example: '120', call: listObjects, query: 'Contents[-1].Size' },
    text: { what: 'what it holds, as text', example: '{"id":"a"}', call: getLastObject, query: 'Body' },
  },
  examples: [
    { bucket: 'telemetry-k3f9z2', prefix: 'telemetry/', expect: { contains: ['"speed":12'] } },
    {
      bucket: 'telemetry-k3f9z2',
      expect: { lines: 2, json: [{ query: '[].speed', equals: [12, 30] }] },
      within: 30,
    },
  ],
  resources: [],
  owns: () => [],
  explain: (input) => [listObjects(input), getLastObject(input)],
  awaits: (input) => [
    { what: appears(input), call: listObjects(input), query: 'length(not_null(Contents, `[]`)) > `0`', withinMs: [input.within * 1_000] },
  ],
  shows: listObjects,
  // Nothing is to be made; the check reads.
  apply: async () => undefined,
  async check(input, context) {
    const { aws } = context;
    let seen: Reading | undefined;
    let findings: readonly Finding[] = [];
    await inTime(
      context.wait({ what: appears(input), timeoutMs: input.within * 1_000 }, async () => {
        seen = await read(input, aws, seen);
        findings = seen === undefined ? [] : await compare(input, seen.objects);
        // A bucket that is not there does not come by itself.
        return seen === undefined || findings.every(({ ok }) => ok) ? true : undefined;
      }),
    );
    if (seen === undefined) return [missing(place(input), 'objects', `there is no bucket ${input.bucket}`, 'Create the bucket first.')];
    context.found(listObjects(input), seen.listed);
    const last = seen.objects.at(-1);
    if (last !== undefined) context.found<unknown>(getLastObject(input), { ...last.answer, Body: last.text });
    return findings;
  },
  mutations: (input) => [emptied(input)],
});

/** Completes the sentence "waiting for …". */
function appears(input: Input): string {
  return `${place(input)} to appear`;
}

function place({ bucket, prefix }: Input): string {
  return `objects ${prefix === '' ? 'in' : `below ${prefix} in`} ${bucket}`;
}

interface ReadObject {
  readonly key: string;
  readonly etag: string | undefined;
  readonly size: number;
  readonly text: string;
  /** What GetObject says about it, without the object itself. */
  readonly answer: object;
}

interface Reading {
  /** All pages together, as one answer of ListObjectsV2. */
  readonly listed: object;
  readonly objects: readonly ReadObject[];
}

/** Reads what is there; what was read before is not read again. @returns `undefined` when there is no such bucket. */
async function read(input: Input, aws: Aws, before: Reading | undefined): Promise<Reading | undefined> {
  const listed = await orAbsent(list(input, aws));
  if (listed === undefined) return undefined;
  const objects: ReadObject[] = [];
  let bytes = 0;
  for (const { Key: key = '', ETag: etag, Size: size = 0 } of listed.Contents.slice(-mostObjects)) {
    bytes += size;
    if (bytes > mostBytes) break;
    const known = before?.objects.find((each) => each.key === key && each.etag === etag);
    const found = known ?? (await readObject({ bucket: input.bucket, key, etag, size }, aws));
    if (found !== undefined) objects.push(found);
  }
  return { listed, objects };
}

async function list(input: Input, aws: Aws) {
  const Contents: NonNullable<OutputOf<'s3', 'ListObjectsV2'>['Contents']> = [];
  for await (const page of pages(aws, listObjects(input), paged)) Contents.push(...(page.Contents ?? []));
  return { Name: input.bucket, Prefix: input.prefix, KeyCount: Contents.length, IsTruncated: false, Contents };
}

async function readObject(
  { bucket, key, etag, size }: { readonly bucket: string; readonly key: string; readonly etag: string | undefined; readonly size: number },
  aws: Aws,
): Promise<ReadObject | undefined> {
  // It may be gone again.
  const found = await orAbsent(aws.call(apiCall('s3', 'GetObject', { Bucket: bucket, Key: key })));
  if (found === undefined) return undefined;
  const { Body = new Uint8Array(), ...answer } = found;
  return { key, etag, size, text: textOf(Body), answer };
}

/** As UTF-8, unpacked where it is gzip, by its first bytes: Firehose says nothing of it in the object's metadata. */
function textOf(bytes: Uint8Array): string {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return new TextDecoder().decode(zipped ? gunzipSync(bytes) : bytes);
}

async function compare(input: Input, objects: readonly ReadObject[]): Promise<readonly Finding[]> {
  const fact = place(input);
  if (objects.length === 0) {
    const hint =
      'What delivers to the bucket may still be waiting for its buffer to fill, or may lack a permission. Look again in a minute.';
    return [missing(fact, 'an object', 'there is none', hint)];
  }
  const { contains = [], lines: wanted, 'at-least': least, json } = input.expect;
  const text = objects.map((each) => each.text).join('');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return [
    looked(fact, true, 'an object', described(objects), ''),
    ...contains.map((each) =>
      looked(
        `text of the ${fact}`,
        text.includes(each),
        short(each),
        text.includes(each) ? short(each) : `not in ${counted(lines.length, 'line')}, which end with ${short(lines.at(-1) ?? '')}`,
        'Look at what was sent, and whether it was sent after the delivery had begun. What is under way may take a minute more.',
      ),
    ),
    ...(wanted === undefined && least === undefined ? [] : [lineFinding(fact, lines, wanted, least)]),
    ...(json === undefined ? [] : await jsonFindings(fact, lines, json)),
  ];
}

/** The key, the size and the text of the last object, and how many there are. */
function described(objects: readonly ReadObject[]): string {
  const { key = '', size = 0, text = '' } = objects.at(-1) ?? {};
  const last = `${key} (${counted(size, 'byte')}): ${short(text.trimEnd().replaceAll('\n', ' / '), 300)}`;
  return objects.length === 1 ? last : `${objects.length} objects, the last one: ${last}`;
}

function lineFinding(fact: string, lines: readonly string[], wanted: number | undefined, least = 0): Finding {
  const ok = wanted === undefined ? lines.length >= least : lines.length === wanted;
  const expected = wanted === undefined ? `${counted(least, 'line')} at least` : counted(wanted, 'line');
  const hint =
    'A line ends where the data of a record has a line feed; Firehose puts records together as they are. What is under way may take a minute more.';
  return looked(`lines of the ${fact}`, ok, expected, counted(lines.length, 'line'), hint);
}

async function jsonFindings(fact: string, lines: readonly string[], json: NonNullable<Input['expect']['json']>): Promise<Finding[]> {
  const values: unknown[] = [];
  for (const line of lines) {
    try {
      values.push(JSON.parse(line));
    } catch {
      const hint = 'Records that stand on one line have been put without a line feed at the end of their data.';
      return [looked(`lines of the ${fact}`, false, 'JSON in each line', `a line that is no JSON: ${short(line)}`, hint)];
    }
  }
  return Promise.all(json.map((each) => examined(`the lines of the ${fact}`, each, values)));
}

function emptied(input: Input): Mutation {
  return {
    name: `the ${place(input)} are deleted`,
    when: 'afterwards',
    async apply({ aws }) {
      const { Contents } = await list(input, aws);
      for (const { Key = '' } of Contents) await aws.call(apiCall('s3', 'DeleteObject', { Bucket: input.bucket, Key }));
    },
  };
}
