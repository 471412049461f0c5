import { expect } from 'vitest';
import { z } from 'zod';
import { apiCall } from '../../src/aws/api-call.ts';
import { printDiagnostics } from '../../src/runner/diagnostic-printer.ts';
import { planText, type StepKinds } from '../../src/runner/planning.ts';
import { defineResource } from '../../src/steps/resource.ts';
import { asset, defineStep, type StepKind } from '../../src/steps/step.ts';

const stream = defineResource({
  type: 'kinesis:stream',
  noun: 'stream',
  removal: (name) => ({ calls: [], left: { call: describeStream(name), query: 'StreamDescriptionSummary' }, timeoutMs: 1_000 }),
});

const nothing = { apply: async () => undefined, check: async () => [] };

const describeStream = (name: string) => apiCall('kinesis', 'DescribeStreamSummary', { StreamName: name });

/** Step kinds that are described like real ones and do nothing, for tests of how lab files are read. */
const kinds: Readonly<Record<string, StepKind>> = {
  'kinesis/stream': defineStep({
    summary: 'Creates a stream.',
    input: z.strictObject({
      name: z
        .string()
        .regex(/^[a-zA-Z0-9_.-]{1,128}$/, 'A stream name has 1 to 128 letters, digits, _ . and -.')
        .describe('The name of the stream.'),
      shards: z.int().min(1).max(10).default(1).describe('How many shards it has, 1 to 10.'),
      mode: z.enum(['PROVISIONED', 'ON_DEMAND']).optional(),
      tags: z.record(z.string(), z.string()).optional(),
    }),
    outputs: {
      arn: {
        what: 'The ARN of the stream.',
        example: 'arn:aws:kinesis:us-east-1:123456789012:stream/orders',
        call: ({ name }) => describeStream(name),
        query: 'StreamDescriptionSummary.StreamARN',
      },
    },
    examples: [{ name: 'orders' }],
    resources: [stream],
    owns: ({ name }) => [{ type: 'kinesis:stream', id: name }],
    explain: ({ name, shards }) => [apiCall('kinesis', 'CreateStream', { StreamName: name, ShardCount: shards })],
    shows: ({ name }) => describeStream(name),
    ...nothing,
  }),
  'lambda/function': defineStep({
    summary: 'Creates a function.',
    input: z.strictObject({
      name: z.string().min(1).max(64),
      code: z.string().meta(asset.folder).describe('The folder with the code.'),
      policy: z.string().meta(asset.file).optional(),
      layers: z.array(z.string().meta(asset.folder)).default([]),
      extra: z.strictObject({ notes: z.string().meta(asset.file).default('notes.txt') }).optional(),
    }),
    outputs: {},
    examples: [],
    resources: [],
    owns: () => [],
    explain: ({ code, policy, layers, extra }) => [
      apiCall('kinesis', 'ListStreams', { NextToken: [code, policy, ...layers, extra?.notes].join('|') }),
    ],
    shows: () => undefined,
    ...nothing,
  }),
  'kinesis/put-record': defineStep({
    summary: 'Puts a record.',
    input: z.strictObject({
      stream: z.string().startsWith('arn:', 'A stream is given by its ARN.'),
      data: z.union([z.string(), z.record(z.string(), z.union([z.string(), z.number()]))]),
      attempts: z.number().optional(),
    }),
    outputs: {},
    examples: [],
    resources: [],
    owns: () => [],
    explain: ({ stream: StreamARN, data }) => [
      apiCall('kinesis', 'PutRecord', {
        StreamARN,
        PartitionKey: '1',
        Data: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
      }),
    ],
    shows: () => undefined,
    ...nothing,
  }),
};

export const labKinds: StepKinds = { names: Object.keys(kinds), load: async (name) => kinds[name] };

/** What an author reads about a lab file, as lines. Holds that there is a plan or an error, never both or neither. */
export async function problems(text: string): Promise<string[]> {
  const { plan, diagnostics } = await planText('labs/07-streams.md', text, { kinds: labKinds, assets: '/nowhere' });
  expect(plan === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  return printDiagnostics(diagnostics, new Map([['labs/07-streams.md', text]]))
    .split('\n')
    .slice(0, -1);
}

/** A lab file with a page of these parts. */
export function labOf(...parts: readonly string[]): string {
  return labWith({}, ...parts);
}

/** The same; `head` replaces keys of its front matter, and leaves those out that it has as empty text. */
export function labWith(head: Readonly<Record<string, string>>, ...parts: readonly string[]): string {
  const keys = { id: '"07"', title: 'Streams', summary: 'Makes streams.', minutes: '5', format: '1', ...head };
  const lines = Object.entries(keys).map(([key, value]) => (value === '' ? '' : `${key}: ${value}\n`));
  return `---\n${lines.join('')}---\n${parts.join('')}`;
}

/** A step block. */
export function step(...lines: readonly string[]): string {
  return fenced('```yaml step', ...lines);
}

/** An output block. */
export function output(...lines: readonly string[]): string {
  return fenced('```json output', ...lines);
}

function fenced(...lines: readonly string[]): string {
  return [...lines, '```', ''].join('\n');
}

/** A step that is as it should be. */
export const orders: string = step('id: orders', 'uses: kinesis/stream', 'with:', '  name: orders', '  shards: 2');
