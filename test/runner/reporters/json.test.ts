import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/runner/execute.ts';
import { jsonDocument, jsonLines } from '../../../src/runner/reporters/json.ts';
import { RunRecords } from '../../../src/runner/reporters/run-record.ts';
import { printable } from '../../../src/util/printable.ts';
import { planOf, rig } from '../../support/stream-lab.ts';

const plan = planOf([{ id: 'orders', with: { name: 'orders' } }]);

async function linesOf(run: ReturnType<typeof rig>): Promise<readonly Record<string, unknown>[]> {
  let text = '';
  const report = jsonLines((line) => {
    text += line;
  });
  await execute({ ...run.options, report });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('JSON lines', () => {
  it('have one event each, in plain data', async () => {
    const run = rig(plan);
    const lines = await linesOf(run);
    const { run: id, nonce } = run.options.ledger.header;
    expect(lines.filter(({ type }) => type !== 'call-answered')).toEqual([
      {
        type: 'run-started',
        at: '2026-11-21T00:00:00.000Z',
        format: 1,
        lab: { id: '07', title: 'Streams', file: 'labs/07-streams.md', steps: ['orders'] },
        run: id,
        mode: 'test',
        nonce,
        target: 'test',
        region: 'us-east-1',
        account: '000000000000',
        lasting: true,
        resumed: false,
      },
      {
        type: 'step-started',
        at: expect.any(String),
        step: 'orders',
        index: 0,
        heading: 'Make orders',
        uses: 'kinesis/stream',
        calls: [{ service: 'kinesis', operation: 'CreateStream', input: { StreamName: 'orders', ShardCount: 1 } }],
        asked: true,
      },
      { type: 'step-applying', at: expect.any(String), step: 'orders' },
      {
        type: 'answer-shown',
        at: expect.any(String),
        step: 'orders',
        call: { service: 'kinesis', operation: 'DescribeStreamSummary', input: { StreamName: 'orders' } },
        answer: { StreamDescriptionSummary: { StreamName: 'orders', StreamARN: 'arn:stream/orders' } },
      },
      {
        type: 'findings',
        at: expect.any(String),
        step: 'orders',
        findings: [{ fact: 'stream orders', expected: 'healthy', observed: 'healthy', ok: true, hint: 'Look at it.' }],
      },
      { type: 'step-ended', at: expect.any(String), step: 'orders', outcome: 'met', durationMs: expect.any(Number) },
      { type: 'teardown-started', at: expect.any(String), count: 1 },
      { type: 'resource-removed', at: expect.any(String), resource: { type: 'kinesis:stream', id: 'orders' } },
      {
        type: 'run-ended',
        at: expect.any(String),
        outcome: 'met',
        met: 1,
        points: { earned: 10, possible: 10 },
        steps: [{ id: 'orders', outcome: 'met' }],
        left: [],
        durationMs: expect.any(Number),
      },
    ]);
  });

  it('hold no secrets', async () => {
    const run = rig(plan);
    run.streams.answerWith = {
      Credentials: { AccessKeyId: 'ASIA', SecretAccessKey: 's3cr3t', SessionToken: 't0k3n' },
      Location: 'https://bucket.s3.amazonaws.com/code?X-Amz-Signature=abc',
    };
    const lines = await linesOf(run);
    const text = JSON.stringify(lines);
    expect(text).toContain('<signed URL>');
    expect(text).toContain('<hidden>');
    expect(text).not.toMatch(/s3cr3t|t0k3n|X-Amz-Signature/);
  });

  it('have nothing that acts on a terminal, and say the same', async () => {
    const name = 'x\u009b2J\u202e\ud800\u001b]0;t\u0007';
    let text = '';
    const report = jsonLines((line) => {
      text += line;
    });
    await execute({ ...rig(planOf([{ id: 'evil', with: { name } }])).options, report });
    expect(printable(text)).toBe(text);
    const started = text.split('\n').find((line) => line.includes('"step-started"')) ?? '';
    expect(JSON.parse(started)).toMatchObject({ calls: [{ input: { StreamName: name } }] });
  });

  it('are cut where an answer has megabytes', async () => {
    const run = rig(plan);
    run.streams.answerWith = { Payload: 'p'.repeat(6_000_000), Numbers: Array.from({ length: 1_000_000 }, () => 0), Last: 'l' };
    const lines = await linesOf(run);
    for (const line of lines) expect(JSON.stringify(line).length).toBeLessThan(1_500_000);
    const { answer } = lines.find(({ type }) => type === 'answer-shown') as { answer: { Payload: string; Numbers: unknown[] } };
    expect(answer.Payload).toMatch(/^p{300000}…$/);
    expect(answer.Numbers.at(-1)).toBe('…');
  });
});

describe('a JSON document', () => {
  it('has all runs with all of their steps', async () => {
    const records = new RunRecords();
    await execute({ ...rig(plan).options, report: records.report });
    records.couldNotStart({ id: '99', title: '', file: '99' }, { message: 'There is no lab "99".' }, 0);
    expect(JSON.parse(jsonDocument(records.runs))).toMatchObject({
      format: 1,
      runs: [
        { lab: { id: '07' }, outcome: 'met', left: [], steps: [{ id: 'orders', outcome: 'met', findings: [{ ok: true }] }] },
        { lab: { id: '99' }, steps: [], problem: { message: 'There is no lab "99".' } },
      ],
    });
  });
});
