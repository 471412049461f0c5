import { describe, expect, it } from 'vitest';
import type { MutationResult, ProofEvent, ProofResult, StageResult } from '../../../src/runner/proof/proof.ts';
import { proofJsonDocument, proofJsonLines } from '../../../src/runner/reporters/proof-json.ts';
import { proofJunit } from '../../../src/runner/reporters/proof-junit.ts';
import { ProofRecords } from '../../../src/runner/reporters/proof-record.ts';
import { proofTerminal } from '../../../src/runner/reporters/proof-terminal.ts';
import { planOf } from '../../support/stream-lab.ts';

const at = Date.UTC(2026, 10, 21);
const plan = planOf([
  { id: 'orders', with: { name: 'orders' } },
  { id: 'looked', with: { name: 'orders' } },
]);

const red: StageResult = { stage: 'unsolved', outcome: 'held', problems: [], durationMs: 5 };
const green: StageResult = { stage: 'solved', outcome: 'held', problems: [], durationMs: 20 };
const writes: StageResult = {
  stage: 'again',
  outcome: 'failed',
  problems: [{ message: 'The step "orders" writes again what is there already.', hint: 'Look first.' }],
  durationMs: 2,
};
const noticed: MutationResult = {
  name: 'the stream orders is deleted',
  step: 'orders',
  when: 'afterwards',
  outcome: 'noticed',
  noticedBy: [{ step: 'orders', facts: ['stream orders'] }],
  durationMs: 40,
};
const unnoticed: MutationResult = {
  name: 'orders has a shard more',
  step: 'orders',
  when: 'afterwards',
  outcome: 'unnoticed',
  noticedBy: [],
  problem: { message: 'Every step is met.', hint: 'Let a check look.' },
  durationMs: 30,
};
const excused: MutationResult = {
  ...unnoticed,
  name: 'the log is deleted',
  outcome: 'excused',
  problem: { message: 'A lab need not look at a log.' },
};

const proved: ProofResult = {
  outcome: 'proved',
  stages: [red, green],
  mutations: [noticed, excused],
  steps: [
    { step: 'orders', outcome: 'can-fail', neverRed: ['status of orders'] },
    { step: 'looked', outcome: 'exempt', problem: { message: 'Nothing on AWS can make it fail.' }, neverRed: [] },
  ],
  durationMs: 1_500,
};
const notProved: ProofResult = {
  outcome: 'not-proved',
  stages: [red, writes, { ...green, stage: 'looked', outcome: 'skipped' }],
  mutations: [noticed, unnoticed, { ...unnoticed, name: 'the sky falls', outcome: 'untried', problem: { message: 'It could not be.' } }],
  steps: [
    { step: 'orders', outcome: 'can-fail', neverRed: [] },
    { step: 'looked', outcome: 'cannot-fail', problem: { message: 'It was content.', hint: 'Let it expect something.' }, neverRed: [] },
  ],
  durationMs: 1_500,
};

function eventsOf(result: ProofResult): readonly ProofEvent[] {
  return [
    { type: 'proof-started', at, plan },
    ...result.stages.map((stage) => ({ type: 'stage-ended', at, stage }) as const),
    { type: 'mutations-started', at, count: result.mutations.length },
    ...result.mutations.map((mutation) => ({ type: 'mutation-ended', at, mutation }) as const),
    { type: 'proof-ended', at, result },
  ];
}

function printed(result: ProofResult, detail: 'quiet' | 'brief' | 'full'): string {
  let text = '';
  const report = proofTerminal({ write: (more) => (text += more), width: 80, colour: false, detail });
  for (const event of eventsOf(result)) report(event);
  return text;
}

function recorded(result: ProofResult): ProofRecords {
  const records = new ProofRecords();
  for (const event of eventsOf(result)) records.report(event);
  return records;
}

describe('a proof in the terminal', () => {
  it('shows somebody who looks on how far it has got, in a line that is gone in the end', () => {
    const written: string[] = [];
    const report = proofTerminal({ write: (text) => written.push(text), width: 80, colour: false, detail: 'brief', live: true });
    for (const event of eventsOf(proved)) report(event);
    const progress = written.filter((text) => text.includes(' tried …'));
    expect(progress).toEqual([
      '  0 of 2 mutations tried …',
      '\r\u001b[2K  1 of 2 mutations tried …',
      '\r\u001b[2K  2 of 2 mutations tried …',
    ]);
    expect(written.at(-1)?.startsWith('\r\u001b[2K  ✓ 1 of 1 mutation noticed\n')).toBe(true);
  });

  it('shows each stage, how many mistakes were noticed, and what was never seen to be wrong', () => {
    expect(printed(proved, 'brief')).toBe(`
Lab 07: Streams
  ✓ red before anything has been done
  ✓ green when everything has been done
  ✓ 1 of 1 mutation noticed
  – not asked to fail: step "looked". Nothing on AWS can make it fail.
  – never seen to be wrong: status of orders (step "orders")

Proved. 2 mutations tried, 1.5 s.
`);
  });

  it('says what was not noticed, by name, what cannot fail, and what to do', () => {
    expect(printed(notProved, 'brief')).toBe(`
Lab 07: Streams
  ✓ red before anything has been done
  ✗ writes nothing when it is done again
      The step "orders" writes again what is there already.
      Look first.
  – green for somebody who may only read: could not be shown
  ✗ 1 of 3 mutations noticed
      not noticed: orders has a shard more (step "orders")
        Every step is met.
        Let a check look.
      not tried: the sky falls (step "orders")
        It could not be.
  ✗ step "looked" cannot fail
      It was content.
      Let it expect something.

Not proved: 1 promise broken, 1 mutation not noticed, 1 mutation not tried, 1 step that cannot fail. 1.5 s.
`);
  });

  it('names every mistake and who noticed it when asked for everything', () => {
    expect(printed(proved, 'full')).toContain('  ✓ the stream orders is deleted: noticed by "orders", 40 ms\n');
    expect(printed(proved, 'full')).toContain('  – the log is deleted: A lab need not look at a log.\n');
  });

  it('is quiet about what holds', () => {
    expect(printed(proved, 'quiet')).toBe('\nProved. 2 mutations tried, 1.5 s.\n');
    expect(printed(notProved, 'quiet')).toContain('not noticed: orders has a shard more');
    expect(printed(notProved, 'quiet')).not.toContain('✓');
  });

  it('does not blame a lab for what was interrupted', () => {
    const text = printed({ ...proved, outcome: 'interrupted', mutations: [], steps: [] }, 'brief');
    expect(text).toMatch(/\nInterrupted\. 1\.5 s\.\n$/);
    expect(text).not.toContain('mutations');
  });
});

describe('a proof as JUnit XML', () => {
  it('has a case for each stage, for each mistake, and for each step, which has to be able to fail', () => {
    const xml = proofJunit(recorded(notProved).proofs);
    const cases = [...xml.matchAll(/<testcase name="([^"]*)"[^>]*>\s*(?:<(failure|error|skipped))?/g)].map(([, name, ending]) => [
      name,
      ending,
    ]);
    expect(cases).toEqual([
      ['proof: red before anything has been done', undefined],
      ['proof: writes nothing when it is done again', 'failure'],
      ['proof: green for somebody who may only read', 'skipped'],
      ['mutation: the stream orders is deleted (orders)', undefined],
      ['mutation: orders has a shard more (orders)', 'failure'],
      ['mutation: the sky falls (orders)', 'error'],
      ['check: orders can fail', undefined],
      ['check: looked can fail', 'failure'],
    ]);
    expect(xml).toContain('<testsuites name="kinesis-labs" tests="8" failures="3" errors="1" skipped="1"');
  });

  it('is all green for a lab that is proved; what is excused is skipped', () => {
    expect(proofJunit(recorded(proved).proofs)).toContain('tests="6" failures="0" errors="0" skipped="2"');
  });

  it('is not green when the proof could not begin, or broke off', () => {
    const records = recorded(proved);
    records.couldNotProve({ id: '99', title: '', file: '99' }, { message: 'There is no lab "99".' }, at);
    const xml = proofJunit(records.proofs);
    expect(xml).toContain('errors="1"');
    expect(xml).toContain('<error message="There is no lab &quot;99&quot;."');
  });
});

describe('a proof as JSON', () => {
  it('is one line for each event', () => {
    const lines: string[] = [];
    const report = proofJsonLines((text) => void lines.push(text));
    for (const event of eventsOf(notProved)) report(event);
    const events = lines.map((line) => JSON.parse(line));
    expect(events.map(({ type }) => type)).toEqual([
      'proof-started',
      'stage-ended',
      'stage-ended',
      'stage-ended',
      'mutations-started',
      'mutation-ended',
      'mutation-ended',
      'mutation-ended',
      'proof-ended',
    ]);
    expect(events[0]).toEqual({
      type: 'proof-started',
      at: '2026-11-21T00:00:00.000Z',
      format: 1,
      lab: { id: '07', title: 'Streams', file: 'labs/07-streams.md', steps: ['orders', 'looked'] },
    });
    expect(events[2]).toMatchObject({ stage: 'again', outcome: 'failed', problems: [{ hint: 'Look first.' }] });
    expect(events.at(-1)).toMatchObject({ outcome: 'not-proved', steps: [{ step: 'orders' }, { step: 'looked', outcome: 'cannot-fail' }] });
  });

  it('is one document for all labs', () => {
    const { format, proofs } = JSON.parse(proofJsonDocument(recorded(proved).proofs));
    expect(format).toBe(1);
    expect(proofs).toEqual([
      {
        lab: { id: '07', title: 'Streams', file: 'labs/07-streams.md' },
        startedAt: '2026-11-21T00:00:00.000Z',
        outcome: 'proved',
        steps: [
          { step: 'orders', outcome: 'can-fail', neverRed: ['status of orders'] },
          { step: 'looked', outcome: 'exempt', neverRed: [], problem: { message: 'Nothing on AWS can make it fail.' } },
        ],
        durationMs: 1_500,
        stages: [expect.objectContaining({ stage: 'unsolved', outcome: 'held' }), expect.objectContaining({ stage: 'solved' })],
        mutations: [
          expect.objectContaining({ name: 'the stream orders is deleted', noticedBy: [{ step: 'orders', facts: ['stream orders'] }] }),
          expect.objectContaining({ outcome: 'excused', problem: { message: 'A lab need not look at a log.' } }),
        ],
      },
    ]);
  });

  it('never shows what was thrown', () => {
    const bug = { message: 'This is a bug.', bug: new Error('secret stack') };
    const broken: ProofResult = { ...notProved, stages: [{ ...writes, problems: [bug] }] };
    expect(proofJsonDocument(recorded(broken).proofs)).not.toContain('secret stack');
  });
});
