import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PromptClosed, type Prompter } from '../../src/cli/prompter.ts';
import { type ChoiceOptions, chooseRun } from '../../src/cli/run-choice.ts';
import { holdLedger, ledgerTarget } from '../../src/cli/run-ledger.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import type { OpenTarget } from '../../src/cli/target.ts';
import { unfinishedLines, unfinishedRuns } from '../../src/cli/unfinished.ts';
import type { Noted } from '../../src/runner/ledger.ts';
import { parseLedger, type SessionStep } from '../../src/runner/ledger-text.ts';
import { lockRun } from '../../src/runner/lock.ts';
import type { Plan } from '../../src/runner/plan.ts';
import { resolveValues } from '../../src/runner/settings.ts';
import { beginLedger, readLedgers } from '../../src/runner/state-folder.ts';
import { UserError } from '../../src/util/user-error.ts';
import { planOf, testTarget } from '../support/stream-lab.ts';

const steps = ['orders', 'later'].map((id) => ({ id, with: { name: id } }));
const file = '/labs/07-streams.md';
const settable = { vars: { message: 'Hello', count: 3 }, names: { stream: 'orders' } };

/** The lab, with the values that these settings give it. */
function planWith(settings: { readonly set?: Readonly<Record<string, string>>; readonly prefix?: string } = {}, lab = {}): Plan {
  const plan = planOf(steps);
  const ours = { ...plan.lab, ...settable, ...lab };
  return { ...plan, lab: ours, values: resolveValues(ours, settings) };
}

const lasting = openOn({ label: 'http://127.0.0.1:1' });
const embedded = openOn({ label: 'sandbox', endsWithProcess: process.pid });

function openOn(target: Partial<OpenTarget['target']>, account = '000000000000'): OpenTarget {
  const close = async () => undefined;
  return { target: { ...testTarget, ...target }, account, principal: '', environment: {}, clock: { now: Date.now, sleep: close }, close };
}

const session = (mode: 'guide' | 'test' = 'guide', ids = ['orders', 'later']): Noted => {
  const listed: SessionStep[] = ids.map((id) => ({ id, content: id, points: 10 }));
  return { entry: 'session', mode, steps: listed };
};
const done = (step: string): Noted => ({ entry: 'step', step, outcome: 'met', content: step });
const stream: Noted = { entry: 'created', step: 'orders', type: 'kinesis:stream', id: 'orders' };

/** A state folder with somebody in front of it. `answers` are what they choose, by a part of its text. */
function place(over: { readonly interactive?: boolean; readonly choose?: string } = {}) {
  const path = mkdtempSync(join(tmpdir(), 'kinesis-labs-test-'));
  let began = Date.UTC(2026, 10, 21);
  const said: string[] = [];
  const offered: string[] = [];
  const io: Surroundings = {
    env: { KINESIS_LABS_HOME: path },
    cwd: '/',
    interactive: over.interactive ?? true,
    colour: false,
    width: 80,
    out: () => undefined,
    reveal: () => undefined,
    err: (text) => void said.push(text),
  };
  const prompter: Prompter = {
    async choose(_message, options) {
      offered.push(...options.map(({ title }) => title));
      const chosen = options.find(({ title }) => over.choose !== undefined && title.includes(over.choose));
      if (chosen === undefined) throw new PromptClosed();
      return chosen.value;
    },
    input: async () => '',
    confirm: async () => true,
  };
  return {
    io,
    offered,
    said: () => said.join(''),
    /** A run that was left. @returns its id. */
    run(open: OpenTarget, given: Parameters<typeof planWith>[0], ...entries: readonly Noted[]): string {
      const { prefix = '', set = {} } = given ?? {};
      const lab = { id: '07', file };
      began += 1_000;
      const ledger = beginLedger({ path }, { lab, target: ledgerTarget(open), prefix, set, values: planWith(given).values }, () => began);
      ledger.note(...entries);
      ledger.close();
      return ledger.header.run;
    },
    choose(open: OpenTarget, flags: ChoiceOptions['flags'] = {}, plan = planWith(flags)) {
      return chooseRun({ plan, file, open, flags, prompter, signal: new AbortController().signal }, io);
    },
    ledgers: () => readLedgers({ path }).ledgers,
    path,
  };
}

async function problemOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error;
  return `${error.message} ${error.hint}`;
}

describe('the run that is gone on with', () => {
  it('is a new one, with what the command line says, where nothing was begun', async () => {
    const { choose, said } = place();
    expect(await choose(embedded, { prefix: 'ada', set: { message: 'Hi' } })).toEqual({
      settings: { prefix: 'ada', set: { message: 'Hi' } },
    });
    expect(said()).toBe('');
  });

  it('is the one that a learner has begun, in whichever process the embedded AWS was', async () => {
    const { choose, run } = place();
    const id = run(openOn({ label: 'sandbox', endsWithProcess: 1 }), {}, session(), done('orders'));
    expect((await choose(embedded)).earlier?.header.run).toBe(id);
  });

  it('is none that has ended, that nothing was done in, or that ran by itself where nothing of it can be left', async () => {
    const { choose, run } = place();
    run(embedded, {}, session(), done('orders'), done('later'), { entry: 'ended', outcome: 'met' });
    run(embedded, { prefix: 'none' }, session());
    run(embedded, { prefix: 'test' }, session('test'), done('orders'), { entry: 'ended', outcome: 'not-met' });
    expect(await choose(embedded)).not.toHaveProperty('earlier');
  });

  it('is any that has left something where it is still there', async () => {
    const { choose, run } = place();
    const id = run(lasting, {}, session('test'), stream, done('orders'), { entry: 'ended', outcome: 'met' });
    run(lasting, {}, session(), done('orders'), { entry: 'ended', outcome: 'quit' });
    expect((await choose(lasting)).earlier?.header.run).toBe(id);
  });

  it('is the last of several with the same names, and no longer one that was begun anew after it', async () => {
    const { choose, run } = place();
    run(embedded, {}, session(), done('orders'));
    const id = run(embedded, {}, session(), done('orders'));
    run(embedded, {}, session('test'), { entry: 'ended', outcome: 'met' });
    expect((await choose(embedded)).earlier?.header.run).toBe(id);
    run(embedded, {}, session());
    expect(await choose(embedded)).not.toHaveProperty('earlier');
  });

  it('is none of another target, account or region; those are told, with the command that goes on with them', async () => {
    const { choose, run, said } = place();
    run(lasting, { prefix: 'ada' }, session(), stream, done('orders'));
    run(openOn({ label: 'http://127.0.0.1:1', region: 'eu-central-1' }), {}, session(), done('orders'));
    expect(await choose(openOn({ label: 'http://127.0.0.1:1' }, '210987654321'))).not.toHaveProperty('earlier');
    expect(said()).toContain(
      'There is another run of this lab on http://127.0.0.1:1, region us-east-1, --prefix ada (1 of 2 steps done, 10 of 20 points, 1 resource alive). To go on with it: kinesis-labs start 07 --target http://127.0.0.1:1 --prefix ada\n',
    );
    expect(said()).toContain('To go on with it: kinesis-labs start 07 --target http://127.0.0.1:1 --region eu-central-1\n');
  });

  it('is recognised by its steps when the lab has another id or another place, and not taken for another lab', async () => {
    const { choose, run } = place();
    const id = run(embedded, {}, session(), done('orders'));
    expect((await choose(embedded, {}, planWith({}, { id: '70' }))).earlier?.header.run).toBe(id);
    const other = place();
    other.run(embedded, {}, session('guide', ['role', 'function']), done('role'));
    expect(await other.choose(embedded)).not.toHaveProperty('earlier');
    const elsewhere = place();
    elsewhere.run(embedded, {}, session(), done('orders'));
    const plan = planWith({}, { id: '70' });
    const options = { plan, file: '/elsewhere.md', open: embedded, flags: {} };
    const { prompter, signal } = { prompter: {} as Prompter, signal: new AbortController().signal };
    expect(await chooseRun({ ...options, prompter, signal }, elsewhere.io)).not.toHaveProperty('earlier');
  });
});

describe('of several runs with other names', () => {
  const several = (over: Parameters<typeof place>[0] = {}) => {
    const there = place(over);
    const ada = there.run(embedded, { prefix: 'ada' }, session(), done('orders'));
    const bob = there.run(embedded, { prefix: 'bob', set: { message: 'Hi there' } }, session(), done('orders'), done('later'));
    return { ...there, ada, bob };
  };

  it('the one with the prefix that is given is meant, and the other one told', async () => {
    const { choose, ada, said } = several();
    expect((await choose(embedded, { prefix: 'ada-' })).earlier?.header.run).toBe(ada);
    expect(said()).toBe(
      "There is another run of this lab, --prefix bob --set 'message=Hi there' (2 of 2 steps done, 20 of 20 points). To go on with it: kinesis-labs start 07 --prefix bob\n",
    );
  });

  it('another prefix begins another one', async () => {
    expect(await several().choose(embedded, { prefix: 'eve' })).toEqual({ settings: { prefix: 'eve', set: {} } });
  });

  it('is asked which one is meant', async () => {
    const { choose, bob, offered } = several({ choose: 'bob' });
    const { earlier, settings } = await choose(embedded);
    expect(earlier?.header.run).toBe(bob);
    expect(settings).toEqual({ prefix: 'bob', set: { message: 'Hi there' } });
    expect(offered[0]).toBe('--prefix ada (1 of 2 steps done, 10 of 20 points)');
  });

  it('the one without a prefix is meant where nobody can be asked, and what to say where there is none', async () => {
    const there = several({ interactive: false });
    expect(await problemOf(there.choose(embedded, { yes: true }))).toBe(
      "Lab 07 has 2 runs that can be gone on with: --prefix ada (1 of 2 steps done, 10 of 20 points) and --prefix bob --set 'message=Hi there' (2 of 2 steps done, 20 of 20 points). Say which one is meant: --prefix ada. To begin another one: --prefix ''",
    );
    const plain = there.run(embedded, {}, session(), done('orders'));
    expect((await there.choose(embedded, { yes: true })).earlier?.header.run).toBe(plain);
  });
});

describe('what a run was begun with', () => {
  it('holds without being given again, and may be', async () => {
    const { choose, run } = place();
    run(embedded, { prefix: 'ada', set: { count: '4' } }, session(), done('orders'));
    const settings = { prefix: 'ada', set: { count: '4' } };
    expect((await choose(embedded)).settings).toEqual(settings);
    expect((await choose(embedded, { prefix: 'ada', set: { count: '4.0', message: 'Hello' } })).settings).toEqual(settings);
  });

  it('cannot be changed in the middle; what to do is said', async () => {
    const { choose, run } = place();
    run(lasting, { set: { count: '4' } }, session(), stream, done('orders'));
    expect(await problemOf(choose(lasting, { set: { count: '5', message: 'Hi' } }))).toBe(
      'The run of lab 07 that you have begun has other values: count is 4, not 5 and message is Hello, not Hi. Leave --set count and --set message out to go on with it, or add --restart to begin anew with other values. What it has left (1 resource) is removed first then.',
    );
  });

  it('holds for one that is begun anew, but for what is given now', async () => {
    const { choose, run } = place();
    run(embedded, { prefix: 'ada', set: { count: '4', message: 'Hi' } }, session(), done('orders'));
    const { settings } = await choose(embedded, { restart: true, set: { message: 'Other' } });
    expect(settings).toEqual({ prefix: 'ada', set: { count: '4', message: 'Other' } });
    expect((await choose(embedded, { restart: true, prefix: '' })).settings.prefix).toBe('');
  });

  it('is left out, which is said, where the lab has no such value any more', async () => {
    const { choose, run, said } = place();
    run(embedded, { set: { message: 'Hi', count: '4' } }, session(), done('orders'));
    const plan = planWith({}, { vars: { count: true } });
    expect((await choose(embedded, {}, plan)).settings).toEqual({ prefix: '', set: {} });
    expect(said()).toBe(
      'message, which you had set, is no longer part of the lab in that way; it is left out.\ncount, which you had set, is no longer part of the lab in that way; it is left out.\n',
    );
  });

  it('has to be given again where it is a secret, which is written down nowhere', async () => {
    const { choose, run, path } = place();
    const lab = { vars: { password: '', count: 3 } };
    const id = run(embedded, {}, session(), done('orders'));
    const ledger = parseLedger(
      JSON.stringify({ ...readLedgers({ path }).ledgers[0]?.header, set: { password: '<hidden>' } }).concat('\n'),
      '',
    );
    expect(ledger.header.run).toBe(id);
    const there = place();
    const begun = beginLedger({ path: there.path }, { ...ledger.header, set: { password: 'hunter2hunter2' } });
    begun.note(session(), done('orders'));
    begun.close();
    expect(begun.header.set).toEqual({ password: '<hidden>' });
    expect(await problemOf(there.choose(embedded, {}, planWith({}, lab)))).toContain('Give it again: --set password=…');
    const given = { password: 'hunter2hunter2' };
    expect((await there.choose(embedded, { set: given }, planWith({}, lab))).settings.set).toEqual(given);
    expect(await choose(embedded)).toHaveProperty('earlier');
  });

  it('is read out of the values where an older version of the program did not note it', async () => {
    const { choose, path } = place();
    const given = { prefix: 'ada', set: { count: '4', stream: 'mine' } };
    const ledger = beginLedger(
      { path },
      { lab: { id: '07', file }, target: ledgerTarget(lasting), prefix: 'ada', values: planWith(given).values },
    );
    ledger.note(stream, { entry: 'step', step: 'orders', outcome: 'met' });
    ledger.close();
    expect((await choose(lasting)).settings).toEqual(given);
  });
});

describe('a run that another process has', () => {
  const options = (there: ReturnType<typeof place>, earlier: Awaited<ReturnType<typeof chooseRun>>) => ({
    ...earlier,
    plan: planWith(),
    file,
    open: embedded,
    folder: { path: there.path },
    learner: true,
    report: () => undefined,
    abandon: new AbortController().signal,
  });

  it('cannot be gone on with', async () => {
    const there = place();
    there.run(embedded, {}, session(), done('orders'));
    const choice = await there.choose(embedded);
    const held = await holdLedger(options(there, choice));
    expect(await problemOf(holdLedger(options(there, choice)))).toBe(
      `Process ${process.pid} is running lab 07 on sandbox at the moment. Go on in its terminal, wait until it has ended, or begin a run with other names: --prefix.`,
    );
    held.release();
    (await holdLedger(options(there, choice))).release();
  });

  it('is left alone by one without questions, which has an AWS of its own', async () => {
    const there = place();
    there.run(embedded, {}, session(), done('orders'));
    const lock = lockRun({ path: there.path }, { lab: { id: '07', file }, target: ledgerTarget(embedded), prefix: '' });
    expect(await there.choose(embedded, { yes: true })).not.toHaveProperty('earlier');
    expect(await there.choose(embedded)).toHaveProperty('earlier');
    lock.release();
  });

  it('is nothing to go on with any more when it was begun anew', async () => {
    const there = place();
    there.run(embedded, {}, session(), done('orders'));
    const choice = await there.choose(embedded, { restart: true });
    const held = await holdLedger({ ...options(there, choice), restart: true });
    expect(held.ledger.header.run).not.toBe(choice.earlier?.header.run);
    held.release();
    expect(unfinishedRuns(there.ledgers(), there.io)).toEqual([]);
  });
});

describe('unfinished runs', () => {
  it('are told with how far they are and the command that goes on with them', () => {
    const { run, ledgers, io } = place();
    run(embedded, {}, session(), done('orders'));
    run(lasting, { prefix: 'ada', set: { message: 'Hi' } }, session(), stream);
    run(lasting, { prefix: 'bob' }, session(), stream, done('orders'), done('later'));
    run(embedded, { prefix: 'eve' }, session('test'), done('orders'));
    expect(unfinishedLines(unfinishedRuns(ledgers(), io))).toBe(
      'Lab 07 on sandbox: 1 of 2 steps done, 10 of 20 points. To go on: kinesis-labs start 07\n' +
        'Lab 07 on http://127.0.0.1:1, --prefix bob: 2 of 2 steps done, 20 of 20 points. To go on: kinesis-labs start 07 --target http://127.0.0.1:1 --prefix bob\n',
    );
  });
});
