import { describe, expect, it } from 'vitest';
import type { RunEvent, RunResult } from '../../src/runner/event.ts';
import { execute } from '../../src/runner/execute.ts';
import type { Choice } from '../../src/runner/guide.ts';
import { Ledger } from '../../src/runner/ledger.ts';
import { modes } from '../../src/runner/mode.ts';
import { resetOf } from '../../src/runner/reset.ts';
import type { RunOptions } from '../../src/runner/run.ts';
import { bareKind, noInput } from '../support/bare-kind.ts';
import { guideThat } from '../support/guide.ts';
import { copies, later, orders, planOf, type Rig, rig, type StepSketch, testTarget } from '../support/stream-lab.ts';
import { swiftClock } from '../support/swift-clock.ts';

const last: StepSketch = { id: 'last', with: { name: 'last' } };

/** A target that ends with a process that is called by this number. */
const ending = (endsWithProcess: number) => ({ ...testTarget, endsWithProcess });

interface Session {
  readonly result: RunResult;
  readonly events: readonly RunEvent[];
  /** Steps that the learner was asked about. */
  readonly asked: readonly string[];
  /** Each step, with how it ended and how it was taken up. */
  readonly ended: readonly string[];
  /** Streams that were created. */
  readonly created: readonly string[];
}

/** One run in several sessions, on one AWS. */
class Sessions {
  readonly rig: Rig;

  constructor(sketches: readonly StepSketch[], over: Partial<RunOptions & { readonly ledger: Ledger }> = {}) {
    this.rig = rig(planOf(sketches), over);
    this.rig.options.ledger.close();
  }

  /** Goes on with the run. What AWS holds stays, unless the target is one that ends. */
  async session(
    sketches: readonly StepSketch[],
    choices: readonly Choice[],
    over: Partial<RunOptions & { readonly ledger: Ledger }> = {},
    teardown = false,
  ): Promise<Session> {
    const { options, streams, events } = this.rig;
    if (over.target?.endsWithProcess !== undefined) streams.names.clear();
    events.length = 0;
    streams.calls.length = 0;
    const guide = guideThat(choices, { teardown });
    const ledger = Ledger.resume(options.ledger.file, options.clock.now);
    const result = await execute({ ...options, plan: planOf(sketches), mode: modes.guide, guide, ledger, ...over });
    ledger.close();
    const created = streams.calls.filter(({ operation }) => operation === 'CreateStream').map(({ input }) => String(input['StreamName']));
    return { result, events: [...events], asked: guide.asked, ended: this.rig.ended(), created };
  }
}

function resumed({ events }: Session) {
  return events.flatMap((event) => (event.type === 'run-started' ? [event.resumed] : []))[0];
}

describe('a run that goes on where the target has ended with the process before', () => {
  it('does what was done again without questions, and asks for the first step that was not', async () => {
    const run = new Sessions([orders, copies, later]);
    await run.session([orders, copies, later], ['apply', 'skip', 'quit'], { target: ending(1) });
    const again = await run.session([orders, copies, later], ['apply'], { target: ending(2) }, true);
    expect(again.asked).toEqual(['later']);
    expect(again.ended).toEqual(['orders met redone', 'copies skipped redone', 'later met']);
    expect(again.created).toEqual(['orders', 'arn:stream/orders', 'later']);
    expect(again.result).toMatchObject({ outcome: 'met', met: 2, points: { earned: 20, possible: 30 }, left: [] });
    expect([...run.rig.streams.names]).toEqual([]);
  });

  it('does not wait again for what somebody has waited for before, and does for all else', async () => {
    const slow = bareKind(noInput, {
      summary: 'Takes a minute.',
      async apply(_input, { wait }) {
        let polls = 0;
        await wait({ what: 'a minute', timeoutMs: 60_000 }, async () => (polls++ > 3 ? true : undefined));
      },
      check: async () => [{ fact: 'it', expected: 'so', observed: 'so', ok: true }],
    });
    const steps = ['one', 'two', 'three'].map((id) => ({ id, with: {}, kind: slow }));
    const [clock, hurriedClock] = [swiftClock(), swiftClock()];
    const run = new Sessions(steps);
    await run.session(steps, ['apply', 'quit'], { target: ending(1), clock, hurriedClock });
    expect([clock.slept.length, hurriedClock.slept.length]).toEqual([4, 0]);
    await run.session(steps, ['apply', 'quit'], { target: ending(2), clock, hurriedClock });
    expect([clock.slept.length, hurriedClock.slept.length]).toEqual([8, 4]);
  });

  it('tells how far it had got before it does anything', async () => {
    const run = new Sessions([orders, copies, later]);
    expect(resumed(await run.session([orders, copies, later], ['apply', 'skip', 'quit'], { target: ending(1) }))).toBeUndefined();
    expect(resumed(await run.session([orders, copies, later], ['quit'], { target: ending(2) }))).toEqual({
      progress: { done: 2, of: 3, points: { earned: 10, possible: 30 } },
      changes: [],
      prefix: '',
      set: {},
    });
  });

  it('keeps the points of earlier sessions in the tally, also of steps that it does not come to again', async () => {
    const run = new Sessions([orders, later]);
    await run.session([orders, later], ['apply', 'quit'], { target: ending(1) });
    const again = await run.session([last, orders, later], ['quit'], { target: ending(2) });
    expect(again.ended).toEqual(['last unchecked']);
    expect(again.result).toMatchObject({ outcome: 'quit', met: 1, points: { earned: 10, possible: 30 } });
    expect((await run.session([orders, later], ['apply'], { target: ending(3) })).result).toMatchObject({ met: 2, points: { earned: 20 } });
  });

  it('knows nothing of what was there in the process before', async () => {
    const run = new Sessions([orders, later]);
    await run.session([orders, later], ['apply', 'apply'], { target: ending(1) });
    const ledger = Ledger.resume(run.rig.options.ledger.file, run.rig.options.clock.now);
    expect(ledger.live.map(({ ref }) => ref.id)).toEqual(['later', 'orders']);
    ledger.note({ entry: 'session', mode: 'guide', steps: [], endsWithProcess: { pid: 2 } });
    expect(ledger.live).toEqual([]);
  });

  it('asks about a step that cannot be done again, having shown it', async () => {
    const run = new Sessions([orders, later]);
    await run.session([orders, later], ['apply', 'quit'], { target: ending(1) });
    let refused = false;
    run.rig.streams.before = ({ operation }) => {
      if (operation !== 'CreateStream' || refused) return;
      refused = true;
      throw new Error('Broken.');
    };
    const again = await run.session([orders, later], [], { target: ending(2) });
    expect(again.result).toMatchObject({ outcome: 'could-not-run', met: 1 });
    run.rig.streams.before = () => undefined;
    const ill: StepSketch = { id: 'orders', with: { name: 'orders' }, output: { StreamDescriptionSummary: { StreamName: 'others' } } };
    const shown = await run.session([ill, later], ['quit'], { target: ending(3) });
    expect(shown.events.flatMap((event) => (event.type === 'step-started' ? [event.asked] : []))).toEqual([false, true]);
    expect(shown.asked).toEqual(['orders']);
  });
});

describe('a run that goes on where everything is still there', () => {
  it('looks at what was done, and writes nothing where it is as it was', async () => {
    const run = new Sessions([orders, copies, later]);
    await run.session([orders, copies, later], ['apply', 'apply', 'quit']);
    const again = await run.session([orders, copies, later], ['quit']);
    expect(again.ended).toEqual(['orders met found', 'copies met found', 'later unchecked']);
    expect(run.rig.streams.writes).toEqual([]);
    expect(again.result).toMatchObject({ met: 2, points: { earned: 20 } });
  });

  it('says what has vanished meanwhile, does it again, and from there on does what builds on it', async () => {
    const run = new Sessions([orders, later, copies, last]);
    await run.session([orders, later, copies, last], ['apply', 'apply', 'apply', 'quit']);
    run.rig.streams.names.delete('later');
    const again = await run.session([orders, later, copies, last], ['quit']);
    expect(again.ended).toEqual(['orders met found', 'later met redone', 'copies met found', 'last unchecked']);
    expect(again.created).toEqual(['later']);
    expect(again.events.filter(({ type }) => type === 'step-vanished')).toMatchObject([
      { step: { block: { id: 'later' } }, gone: [{ ref: { type: 'kinesis:stream', id: 'later' }, noun: 'stream' }] },
    ]);
    expect(again.result).toMatchObject({ met: 3, points: { earned: 30 } });
  });

  it('says that what a step did is no longer so where nothing is gone', async () => {
    const run = new Sessions([orders, later]);
    const picky: StepSketch = { ...orders, output: { StreamDescriptionSummary: { StreamName: 'orders', Consumers: 1 } } };
    run.rig.streams.answerWith = { StreamDescriptionSummary: { StreamName: 'orders', StreamARN: 'arn:stream/orders', Consumers: 1 } };
    await run.session([picky, later], ['apply', 'quit']);
    run.rig.streams.answerWith = {};
    const again = await run.session([picky, later], ['quit']);
    expect(again.events.filter(({ type }) => type === 'step-vanished')).toMatchObject([{ gone: [] }]);
    expect(again.asked).toEqual(['orders']);
  });

  it('makes what the last session took down at its end anew, of which nothing is to be said', async () => {
    const run = new Sessions([orders, later]);
    await run.session([orders, later], ['apply', 'quit'], {}, true);
    const again = await run.session([orders, later], ['apply'], {}, true);
    expect(again.ended).toEqual(['orders met redone', 'later met']);
    expect(again.events.map(({ type }) => type)).not.toContain('step-vanished');
    expect([...run.rig.streams.names]).toEqual([]);
  });

  it('does not try to mend what it may not look at', async () => {
    const run = new Sessions([orders, later]);
    await run.session([orders, later], ['apply', 'quit']);
    run.rig.streams.before = () => {
      throw new TypeError('x is not a function');
    };
    const again = await run.session([orders, later], []);
    expect(again.result.outcome).toBe('could-not-run');
    expect(run.rig.streams.writes).toEqual([]);
  });

  describe('and comes to a step that leaves no trace', () => {
    let applied = 0;
    const fleeting = bareKind(noInput, {
      summary: 'Leaves nothing.',
      async apply() {
        applied += 1;
      },
      check: async () => [{ fact: 'it', expected: 'so', observed: 'so', ok: true }],
      leavesTrace: () => false,
    });
    const steps: readonly StepSketch[] = [orders, { id: 'once', with: {}, kind: fleeting }, later];

    it('takes it for done, as long as all before it is as it was', async () => {
      const run = new Sessions(steps);
      await run.session(steps, ['apply', 'apply', 'quit']);
      applied = 0;
      expect((await run.session(steps, ['quit'])).ended).toEqual(['orders met found', 'once met trusted', 'later unchecked']);
      expect(applied).toBe(0);
      run.rig.streams.names.clear();
      expect((await run.session(steps, ['quit'])).ended).toEqual(['orders met redone', 'once met redone', 'later unchecked']);
      expect(applied).toBe(1);
    });
  });
});

describe('a run that goes on with another version of the lab', () => {
  const changes = async (before: readonly StepSketch[], after: readonly StepSketch[], choices: readonly Choice[] = ['quit']) => {
    const run = new Sessions(before);
    await run.session(before, [...before.slice(1).map(() => 'apply' as const), 'quit']);
    const again = await run.session(after, choices);
    return { ...again, changes: resumed(again)?.changes, run };
  };

  it('asks again for a step that does something else now, and says that it has changed', async () => {
    const changed: StepSketch = { id: 'orders', with: { name: 'new-orders' } };
    const { changes: told, asked, ended, run, result } = await changes([orders, later, last], [changed, later, last], ['apply', 'quit']);
    expect(told).toEqual([{ change: 'changed', step: 'orders' }]);
    expect(asked).toEqual(['orders', 'last']);
    expect(ended).toEqual(['orders met', 'later met found', 'last unchecked']);
    expect(result).toMatchObject({ met: 2, points: { earned: 20 } });
    const end = await run.session([changed, later, last], ['apply'], {}, true);
    expect(resumed(end)?.changes).toEqual([]);
    expect(end.result).toMatchObject({ outcome: 'met', left: [] });
    expect([...run.rig.streams.names]).toEqual([]);
  });

  it('does not count as changed what is only said in another way', async () => {
    const worded: StepSketch = { id: 'orders', with: { name: 'orders' }, hint: 'Another one.' };
    expect((await changes([orders, later], [worded, later])).changes).toEqual([]);
  });

  it('says which steps are new, and asks for them in their place', async () => {
    const { changes: told, asked, ended } = await changes([orders, last], [later, orders, last], ['apply', 'quit']);
    expect(told).toEqual([{ change: 'new', step: 'later' }]);
    expect(asked).toEqual(['later', 'last']);
    expect(ended).toEqual(['later met', 'orders met found', 'last unchecked']);
  });

  it('says which steps are gone, and takes down at the end what they made', async () => {
    const { changes: told, run } = await changes([orders, later, last], [orders, last]);
    expect(told).toEqual([{ change: 'removed', step: 'later', alive: true }]);
    const end = await run.session([orders, last], ['apply'], {}, true);
    expect(resumed(end)?.changes).toEqual([]);
    expect(end.result).toMatchObject({ outcome: 'met', left: [] });
    expect([...run.rig.streams.names]).toEqual([]);
  });

  it('says that the steps stand in another order', async () => {
    expect((await changes([orders, later, last], [later, orders, last])).changes).toEqual([{ change: 'reordered' }]);
  });

  it('recognises steps by their id where the ledger does not say what they did then', async () => {
    const run = new Sessions([orders, later]);
    const ledger = Ledger.resume(run.rig.options.ledger.file, run.rig.options.clock.now);
    ledger.note({ entry: 'step', step: 'orders', outcome: 'met' }, { entry: 'step', step: 'old', outcome: 'met' });
    ledger.close();
    const again = await run.session([orders, later], ['quit']);
    expect(resumed(again)).toMatchObject({
      progress: { done: 1, of: 2, points: { earned: 10, possible: 20 } },
      changes: [{ change: 'removed', step: 'old', alive: false }],
    });
    expect(again.ended).toEqual(['orders met redone', 'later unchecked']);
  });
});

describe('a run that is begun at another step', () => {
  it('asks again from a step before what is done, and does not take away points that were earned', async () => {
    const run = new Sessions([orders, later, last]);
    await run.session([orders, later, last], ['apply', 'skip', 'quit'], { target: ending(1) });
    const again = await run.session([orders, later, last], ['skip', 'apply', 'quit'], { target: ending(2), from: 'orders' });
    expect(again.asked).toEqual(['orders', 'later', 'last']);
    expect(again.ended).toEqual(['orders met', 'later met', 'last unchecked']);
    expect(again.result).toMatchObject({ met: 2, points: { earned: 20 } });
  });

  it('does what it jumps over for the learner, without points', async () => {
    const run = new Sessions([orders, later, last]);
    await run.session([orders, later, last], ['apply', 'quit'], { target: ending(1) });
    const again = await run.session([orders, later, last], ['apply'], { target: ending(2), from: 'last' });
    expect(again.ended).toEqual(['orders met redone', 'later skipped jumped', 'last met']);
    expect(again.result).toMatchObject({ met: 2, points: { earned: 20, possible: 30 } });
  });
});

describe('a step that is to be done once more', () => {
  it('is asked for again, and what builds on it is done again by itself and keeps its points', async () => {
    const run = new Sessions([orders, copies, later]);
    await run.session([orders, copies, later], ['apply', 'apply', 'apply'], {});
    const ledger = Ledger.resume(run.rig.options.ledger.file, run.rig.options.clock.now);
    const { dependents, resources } = resetOf('orders', planOf([orders, copies, later]), ledger.live);
    expect(dependents).toEqual(['copies']);
    expect(resources.map(({ ref }) => ref.id)).toEqual(['arn:stream/orders', 'orders']);
    ledger.note({ entry: 'reset', step: 'orders' });
    for (const { ref } of resources) {
      run.rig.streams.names.delete(ref.id);
      ledger.note({ entry: 'removed', ...ref });
    }
    ledger.close();
    const again = await run.session([orders, copies, later], ['apply'], {}, true);
    expect(resumed(again)?.progress).toEqual({ done: 2, of: 3, points: { earned: 20, possible: 30 } });
    expect(again.asked).toEqual(['orders']);
    expect(again.ended).toEqual(['orders met', 'copies met redone', 'later met found']);
    expect(again.events.map(({ type }) => type)).not.toContain('step-vanished');
    expect(again.result).toMatchObject({ outcome: 'met', met: 3, points: { earned: 30 }, left: [] });
  });
});

describe('a run that goes on without questions', () => {
  it('keeps what was skipped without points, and does the rest', async () => {
    const run = new Sessions([orders, later, last]);
    await run.session([orders, later, last], ['apply', 'skip', 'quit'], { target: ending(1) });
    const again = await run.session([orders, later, last], [], { target: ending(2), mode: modes.test });
    expect(again.ended).toEqual(['orders met redone', 'later skipped redone', 'last met']);
    expect(again.result).toMatchObject({ outcome: 'met', met: 2, points: { earned: 20, possible: 30 }, left: [] });
  });

  it('stops where what was done cannot be done again', async () => {
    const run = new Sessions([orders, later]);
    await run.session([orders, later], ['apply', 'quit'], { target: ending(1) });
    const changed: StepSketch = { ...orders, output: { StreamDescriptionSummary: { StreamName: 'others' } } };
    const again = await run.session([changed, later], [], { target: ending(2), mode: modes.test });
    expect(again.ended).toEqual(['orders not-met']);
    expect(again.result).toMatchObject({ outcome: 'not-met', met: 0 });
  });
});
