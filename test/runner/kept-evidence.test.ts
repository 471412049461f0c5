import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/aws/aws.ts';
import { execute } from '../../src/runner/execute.ts';
import type { Guide } from '../../src/runner/guide.ts';
import { modes } from '../../src/runner/mode.ts';
import { log, orders, planOf, rig } from '../support/stream-lab.ts';

describe('a run that leaves what shows that it was done', () => {
  const plan = planOf([orders, log]);

  it('removes all else, says what stays and what that costs, and knows it as alive', async () => {
    const run = rig(plan, { keep: 'evidence' });
    expect(await execute(run.options)).toMatchObject({ outcome: 'met', left: [] });
    expect([...run.streams.names]).toEqual(['log']);
    expect(run.events).toContainEqual(
      expect.objectContaining({ type: 'resource-kept', intended: true, noun: 'log', hint: 'It shows that it was done.' }),
    );
    expect(run.options.ledger.live).toMatchObject([{ ref: { type: 'kinesis:log', id: 'log' }, state: 'created' }]);
  });

  it('asks the learner about all else, and leaves everything where they do not want it removed', async () => {
    const asked: unknown[] = [];
    const guide = (wanted: boolean): Guide => ({
      choose: async () => 'apply',
      confirmTeardown: async ({ refs }) => {
        asked.push(refs);
        return wanted;
      },
    });
    const willing = rig(plan, { keep: 'evidence', mode: modes.guide, guide: guide(true) });
    await execute(willing.options);
    const unwilling = rig(plan, { keep: 'evidence', mode: modes.guide, guide: guide(false) });
    await execute(unwilling.options);
    expect(asked).toEqual([[{ type: 'kinesis:stream', id: 'orders' }], [{ type: 'kinesis:stream', id: 'orders' }]]);
    expect([[...willing.streams.names], [...unwilling.streams.names]]).toEqual([['log'], ['orders', 'log']]);
  });

  it('does not take for alive what is not there when all else is gone', async () => {
    const run = rig(plan, { keep: 'evidence' });
    run.streams.before = ({ operation }) => void (operation === 'DeleteStream' && run.streams.names.delete('log'));
    expect(await execute(run.options)).toMatchObject({ outcome: 'met', left: [] });
    expect(run.options.ledger.live).toEqual([]);
  });

  it('takes for alive what it could not look for', async () => {
    const run = rig(plan, { keep: 'evidence' });
    let gone = false;
    run.streams.before = (call) => {
      gone ||= call.operation === 'DeleteStream';
      if (gone && call.input['StreamName'] === 'log') throw new ApiError(call, { code: 'AccessDenied', message: 'No.', status: 403 });
    };
    expect(await execute(run.options)).toMatchObject({ outcome: 'met', left: [] });
    expect(run.options.ledger.live).toHaveLength(1);
  });
});
