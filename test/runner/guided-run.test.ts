import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/aws/aws.ts';
import { execute } from '../../src/runner/execute.ts';
import type { Choice, Guide } from '../../src/runner/guide.ts';
import { Ledger } from '../../src/runner/ledger.ts';
import { modes } from '../../src/runner/mode.ts';
import { bareKind, noInput } from '../support/bare-kind.ts';
import { guideThat } from '../support/guide.ts';
import { copies, later, orders, planOf, type Rig, rig } from '../support/stream-lab.ts';

describe('a guided run', () => {
  it('checks what the learner did by hand, and removes it as if the runner had made it', async () => {
    let run: Rig;
    const guide = guideThat(['check'], { before: () => run.streams.names.add('orders') });
    run = rig(planOf([orders]), { mode: modes.guide, guide });
    const result = await execute(run.options);
    expect(result).toMatchObject({ outcome: 'met', points: { earned: 10 }, left: [] });
    expect(run.streams.writes).toEqual(['DeleteStream']);
    expect([...run.streams.names]).toEqual([]);
  });

  it('counts as theirs what the learner makes before its step is asked for', async () => {
    let run: Rig;
    const guide = guideThat(['apply', 'check'], { before: () => run.streams.names.add('later') });
    run = rig(planOf([orders, later]), { mode: modes.guide, guide });
    expect(await execute(run.options)).toMatchObject({ outcome: 'met', left: [] });
    expect([...run.streams.names]).toEqual([]);
  });

  it('asks again after a check that is not met, and gives the hint when it is asked for', async () => {
    const run = rig(planOf([{ ...orders, hint: 'Create it.' }]), { mode: modes.guide, guide: guideThat(['check', 'hint', 'apply']) });
    expect(await execute(run.options)).toMatchObject({ outcome: 'met' });
    expect(run.events).toContainEqual(expect.objectContaining({ type: 'hint-shown', hint: 'Create it.' }));
    expect(run.events.filter((event) => event.type === 'findings').map((event) => event.findings[0]?.observed)).toEqual([
      'absent',
      'healthy',
    ]);
  });

  it('removes what there is of a step that is begun anew, and asks again', async () => {
    let run: Rig;
    const made = { id: 'made', with: { name: 'made', healthy: false } };
    const guide = guideThat(['check', 'anew', 'quit'], { before: (choice) => void (choice === 'check' && run.streams.names.add('made')) });
    run = rig(planOf([orders, made]), { mode: modes.guide, guide, from: 'made' });
    expect(await execute(run.options)).toMatchObject({ outcome: 'quit', left: [] });
    const removals = run.events.flatMap((event) => (event.type === 'teardown-started' ? [event.step?.block.id] : []));
    expect(removals).toEqual(['made', undefined]);
    expect(run.streams.writes).toEqual(['CreateStream', 'DeleteStream', 'DeleteStream']);
    expect([...run.streams.names]).toEqual([]);
  });

  it('asks as at first after a hint and after beginning anew, and as after a failure only when something was tried', async () => {
    const asked: boolean[] = [];
    const choices: readonly Choice[] = ['hint', 'check', 'hint', 'anew', 'quit'];
    const guide: Guide = {
      async choose({ first }) {
        asked.push(first);
        return choices[asked.length - 1] ?? 'quit';
      },
      confirmTeardown: async () => true,
    };
    await execute(rig(planOf([orders]), { mode: modes.guide, guide }).options);
    expect(asked).toEqual([true, true, false, false, true]);
  });

  it('can begin a step anew only where no step above it has made the same', async () => {
    const offered: boolean[] = [];
    const guide: Guide = {
      async choose({ anew }) {
        offered.push(anew);
        return offered.length === 3 ? 'quit' : 'apply';
      },
      confirmTeardown: async () => true,
    };
    const same = { id: 'same', with: { name: 'orders' } };
    await execute(rig(planOf([orders, same, copies]), { mode: modes.guide, guide }).options);
    expect(offered).toEqual([true, false, true]);
  });

  it('says what went wrong with an attempt, and asks again', async () => {
    const run = rig(planOf([orders]), { mode: modes.guide, guide: guideThat(['apply', 'apply']) });
    let refused = false;
    run.streams.before = (call) => {
      if (call.operation !== 'CreateStream' || refused) return;
      refused = true;
      throw new ApiError(call, { code: 'LimitExceededException', message: 'Too many.', status: 400 });
    };
    expect(await execute(run.options)).toMatchObject({ outcome: 'met' });
    expect(run.events).toContainEqual(
      expect.objectContaining({
        type: 'step-failed',
        problem: { message: 'AWS answered LimitExceededException to kinesis:CreateStream: Too many.' },
      }),
    );
  });

  describe('that comes to a question', () => {
    const question = { text: 'Which?', options: ['a', 'b'], explanation: 'Because.' };
    const asks = bareKind(noInput, {
      summary: 'Asks.',
      check: async (_input, { answer = 'b' }) => [{ fact: 'answer', expected: 'right', observed: answer, ok: answer === 'b' }],
      question: () => question,
      leavesTrace: () => false,
    });
    const which = { id: 'which', with: {}, kind: asks };
    const observed = ({ events }: Rig) =>
      events.flatMap((event) => (event.type === 'findings' ? event.findings.map((each) => each.observed) : []));

    it('has the answers of the learner judged until one is right, and then says why', async () => {
      const run = rig(planOf([which]), { mode: modes.guide, guide: guideThat([{ answer: 'a' }, { answer: 'b' }]) });
      expect(await execute(run.options)).toMatchObject({ outcome: 'met', points: { earned: 10, possible: 10 } });
      expect(observed(run)).toEqual(['a', 'b']);
      expect(run.events).toContainEqual(expect.objectContaining({ type: 'step-started', question }));
      expect(run.events.filter((event) => event.type === 'explained')).toMatchObject([{ explanation: 'Because.' }]);
    });

    it('gives the answer of the page to whoever skips it, without points', async () => {
      const run = rig(planOf([which]), { mode: modes.guide, guide: guideThat([{ answer: 'a' }, 'skip']) });
      expect(await execute(run.options)).toMatchObject({ outcome: 'met', points: { earned: 0, possible: 10 } });
      expect(observed(run)).toEqual(['a', 'b']);
      expect(run.types()).toContain('explained');
    });

    it('answers it with that of the page in a test run', async () => {
      const run = rig(planOf([which]));
      expect(await execute(run.options)).toMatchObject({ outcome: 'met', points: { earned: 10, possible: 10 } });
      expect(observed(run)).toEqual(['b']);
    });
  });

  it('does a skipped step for the learner, who earns nothing for it', async () => {
    const run = rig(planOf([orders, copies]), { mode: modes.guide, guide: guideThat(['skip', 'apply']) });
    expect(await execute(run.options)).toMatchObject({ outcome: 'met', points: { earned: 10, possible: 20 } });
    expect(run.ended()).toEqual(['orders skipped', 'copies met']);
  });

  it('does the steps before the one that is asked for without questions', async () => {
    const run = rig(planOf([orders, copies]), { mode: modes.guide, guide: guideThat(['apply']), from: 'copies' });
    expect(await execute(run.options)).toMatchObject({ outcome: 'met' });
    expect(run.ended()).toEqual(['orders skipped jumped', 'copies met']);
  });

  it('ends when the learner quits, and takes down only if they say so', async () => {
    const run = rig(planOf([orders, copies]), { mode: modes.guide, guide: guideThat(['apply', 'quit'], { teardown: false }) });
    expect(await execute(run.options)).toMatchObject({ outcome: 'quit', left: [] });
    expect([...run.streams.names]).toEqual(['orders']);
  });

  it('does not offer a teardown when nothing was made', async () => {
    const guide: Guide = {
      choose: async () => 'quit',
      confirmTeardown: async () => {
        throw new Error('There is nothing to ask.');
      },
    };
    expect(await execute(rig(planOf([orders]), { mode: modes.guide, guide }).options)).toMatchObject({ outcome: 'quit', left: [] });
  });

  it('goes on where the learner quit: what was met stays met and is not asked for again', async () => {
    const plan = planOf([orders, copies]);
    const first = rig(plan, { mode: modes.guide, guide: guideThat(['apply', 'quit'], { teardown: false }) });
    await execute(first.options);
    first.options.ledger.close();
    const guide = guideThat(['apply']);
    const ledger = Ledger.resume(first.options.ledger.file, first.options.clock.now);
    const result = await execute({ ...first.options, guide, ledger });
    expect(result).toMatchObject({ outcome: 'met', points: { earned: 20 }, left: [] });
    expect(first.streams.writes.filter((operation) => operation === 'CreateStream')).toHaveLength(2);
    expect([...first.streams.names]).toEqual([]);
  });
});
