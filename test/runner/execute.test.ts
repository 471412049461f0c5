import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiCall } from '../../src/aws/api-call.ts';
import { ApiError } from '../../src/aws/aws.ts';
import { execute } from '../../src/runner/execute.ts';
import { liveResources } from '../../src/runner/ledger.ts';
import { parseLedger } from '../../src/runner/ledger-text.ts';
import { modes } from '../../src/runner/mode.ts';
import { bareKind, noInput } from '../support/bare-kind.ts';
import { copies, ill, orders, planOf, type Rig, rig } from '../support/stream-lab.ts';

function ledgerOf({ options }: Rig) {
  return parseLedger(readFileSync(options.ledger.file, 'utf8'), options.ledger.file);
}

describe('a test run', () => {
  it('applies and checks every step, hands outputs on, and removes everything', async () => {
    const run = rig(planOf([orders, copies]));
    const result = await execute(run.options);
    expect(result).toMatchObject({ outcome: 'met', points: { earned: 20, possible: 20 }, left: [] });
    expect(run.ended()).toEqual(['orders met', 'copies met']);
    expect(run.streams.calls.filter((call) => call.operation === 'CreateStream').map((call) => call.input['StreamName'])).toEqual([
      'orders',
      'arn:stream/orders',
    ]);
    expect([...run.streams.names]).toEqual([]);
    expect(liveResources(ledgerOf(run).entries)).toEqual([]);
  });

  it('reports what happens in order, from the first event to the last', async () => {
    const run = rig(planOf([orders]));
    await execute(run.options);
    expect(run.types().filter((type) => type !== 'call-answered')).toEqual([
      'run-started',
      'step-started',
      'step-applying',
      'answer-shown',
      'findings',
      'step-ended',
      'teardown-started',
      'resource-removed',
      'run-ended',
    ]);
  });

  it('has an intent on the disk before the first write', async () => {
    const run = rig(planOf([orders]));
    let atWrite: readonly unknown[] = [];
    run.streams.before = (call) => {
      if (call.operation === 'CreateStream') atWrite = ledgerOf(run).entries;
    };
    await execute(run.options);
    expect(atWrite).toContainEqual(expect.objectContaining({ entry: 'intended', type: 'kinesis:stream', id: 'orders', step: 'orders' }));
  });

  it('removes in the opposite order of creation', async () => {
    const run = rig(planOf([orders, { id: 'later', with: { name: 'later' } }, copies]));
    await execute(run.options);
    const removed = run.streams.calls.filter((call) => call.operation === 'DeleteStream').map((call) => call.input['StreamName']);
    expect(removed).toEqual(['arn:stream/orders', 'later', 'orders']);
  });

  it('stops at a step that is not met, and still removes everything', async () => {
    const run = rig(planOf([orders, ill, copies]));
    const result = await execute(run.options);
    expect(result).toMatchObject({ outcome: 'not-met', points: { earned: 10, possible: 30 }, left: [] });
    expect(run.ended()).toEqual(['orders met', 'ill not-met']);
    expect([...run.streams.names]).toEqual([]);
  });

  it('never takes over a stream that was there before, and stops before it writes anything', async () => {
    const run = rig(planOf([orders, { id: 'taken', with: { name: 'taken' } }]));
    run.streams.names.add('taken');
    const result = await execute(run.options);
    expect(result.outcome).toBe('could-not-run');
    expect(result.problem?.message).toBe('The stream taken exists already, and this run did not create it.');
    expect(result.problem?.hint).toContain('--prefix');
    expect(run.streams.writes).toEqual([]);
    expect([...run.streams.names]).toEqual(['taken']);
    expect(ledgerOf(run).entries).toContainEqual(expect.objectContaining({ entry: 'found', id: 'taken' }));
  });

  it('says of an error of AWS which call it was and what AWS said', async () => {
    const run = rig(planOf([orders]));
    run.streams.before = (call) => {
      if (call.operation === 'CreateStream') {
        throw new ApiError(call, { code: 'LimitExceededException', message: 'Too many streams.', status: 400 });
      }
    };
    const result = await execute(run.options);
    expect(result.outcome).toBe('not-met');
    expect(result.steps).toEqual([
      {
        id: 'orders',
        outcome: 'not-met',
        problem: { message: 'AWS answered LimitExceededException to kinesis:CreateStream: Too many streams.' },
      },
    ]);
  });

  it('could not run when the credentials may not do what a step does', async () => {
    const run = rig(planOf([orders]));
    run.streams.before = (call) => {
      if (call.operation === 'CreateStream') throw new ApiError(call, { code: 'AccessDeniedException', message: 'No.', status: 400 });
    };
    const result = await execute(run.options);
    expect(result).toMatchObject({ outcome: 'could-not-run', steps: [{ id: 'orders', outcome: 'unchecked' }] });
    expect(result.problem?.hint).toContain('kinesis:CreateStream');
  });

  it('takes down what it has made when a step of ours is broken, and calls it a bug', async () => {
    const broken = bareKind(noInput, {
      summary: 'Breaks.',
      apply: async () => {
        throw new TypeError('x is not a function');
      },
    });
    const run = rig(planOf([orders, { id: 'broken', with: {}, kind: broken }]));
    const result = await execute(run.options);
    expect(result).toMatchObject({ outcome: 'could-not-run', left: [] });
    expect(result.problem?.message).toBe('This is a bug in kinesis-labs: x is not a function');
    expect(result.problem?.bug).toBeInstanceOf(TypeError);
    expect([...run.streams.names]).toEqual([]);
  });

  it('lists what could not be removed, and why, and removes the rest', async () => {
    const run = rig(planOf([orders, { id: 'later', with: { name: 'later' } }]));
    run.streams.before = (call) => {
      if (call.operation === 'DeleteStream' && call.input['StreamName'] === 'later') {
        throw new ApiError(call, { code: 'ResourceInUseException', message: 'It has consumers.', status: 400 });
      }
    };
    const result = await execute(run.options);
    expect(result.left).toEqual([
      {
        ref: { type: 'kinesis:stream', id: 'later' },
        why: 'AWS answered ResourceInUseException to kinesis:DeleteStream: It has consumers.',
      },
    ]);
    expect([...run.streams.names]).toEqual(['later']);
    expect(liveResources(ledgerOf(run).entries).map(({ ref }) => ref.id)).toEqual(['later']);
  });

  it('removes once more what has come back by the end of the teardown', async () => {
    const run = rig(planOf([orders, { id: 'later', with: { name: 'later' } }]));
    let deleted = 0;
    run.streams.before = (call) => {
      if (call.operation !== 'DeleteStream') return;
      deleted += 1;
      // While the first stream is removed, the one that was removed before it comes back.
      if (deleted === 2) run.streams.names.add('later');
    };
    const result = await execute(run.options);
    expect(result.left).toEqual([]);
    expect([...run.streams.names]).toEqual([]);
  });

  it('compares the answer with what the page shows', async () => {
    const page = { StreamDescriptionSummary: { StreamName: 'orders', StreamARN: '<any>' } };
    const run = rig(planOf([{ ...orders, output: page }]));
    expect(await execute(run.options)).toMatchObject({ outcome: 'met' });
    expect(run.events).toContainEqual(
      expect.objectContaining({
        findings: expect.arrayContaining([expect.objectContaining({ fact: 'answer to DescribeStreamSummary', ok: true })]),
      }),
    );
  });

  it('is not met where the page shows another answer', async () => {
    const run = rig(planOf([{ ...orders, output: { StreamDescriptionSummary: { StreamName: 'others' } } }]));
    expect(await execute(run.options)).toMatchObject({ outcome: 'not-met' });
    expect(run.events).toContainEqual(
      expect.objectContaining({
        findings: expect.arrayContaining([
          {
            fact: 'StreamDescriptionSummary.StreamName in the answer to DescribeStreamSummary',
            expected: '"others"',
            observed: '"orders"',
            ok: false,
            hint: 'The page shows another answer than the one that came.',
          },
        ]),
      }),
    );
  });

  it('leaves everything in place when asked to, and says what stays', async () => {
    const run = rig(planOf([orders]), { keep: 'everything' });
    const result = await execute(run.options);
    expect(result).toMatchObject({ outcome: 'met', left: [] });
    expect([...run.streams.names]).toEqual(['orders']);
    expect(run.events).toContainEqual(expect.objectContaining({ type: 'resource-kept', intended: true, noun: 'stream' }));
    expect(liveResources(ledgerOf(run).entries)).toHaveLength(1);
  });
});

describe('an interrupted run', () => {
  it('removes what it has made, with a session that is not interrupted', async () => {
    const run = rig(planOf([orders, { id: 'later', with: { name: 'later' } }]));
    run.streams.before = (call) => {
      if (call.operation === 'CreateStream' && call.input['StreamName'] === 'later') run.interrupt();
    };
    const result = await execute(run.options);
    expect(result).toMatchObject({ outcome: 'interrupted', left: [] });
    expect(run.ended()).toEqual(['orders met', 'later unchecked']);
    expect([...run.streams.names]).toEqual([]);
  });

  it('stops at once when the teardown is interrupted too, and says what is left', async () => {
    const run = rig(planOf([orders, { id: 'later', with: { name: 'later' } }]));
    run.streams.before = (call) => {
      if (call.operation === 'DeleteStream') {
        run.interrupt();
        run.abandon();
      }
    };
    const result = await execute(run.options);
    expect(result.outcome).toBe('interrupted');
    expect(result.left.map(({ ref, why }) => `${ref.id}: ${why}`)).toEqual([
      'later: the teardown was interrupted',
      'orders: the teardown was interrupted',
    ]);
  });
});

describe('a run that only looks', () => {
  const check = { mode: modes.check };

  it('writes nothing, and goes on after a step that is not met', async () => {
    const run = rig(planOf([orders, { id: 'later', with: { name: 'later' } }]), check);
    run.streams.names.add('later');
    const result = await execute(run.options);
    expect(result).toMatchObject({ outcome: 'not-met', points: { earned: 10, possible: 20 } });
    expect(run.ended()).toEqual(['orders not-met', 'later met']);
    expect(run.streams.writes).toEqual([]);
    expect(ledgerOf(run).entries).toEqual([]);
  });

  it('says that a step cannot be looked at when it needs what a step that is not met would tell', async () => {
    const run = rig(planOf([orders, copies]), check);
    const result = await execute(run.options);
    expect(result.steps[1]).toMatchObject({
      outcome: 'unchecked',
      problem: { message: 'The step "copies" needs orders.arn.' },
    });
  });

  describe('and comes to a step of which nothing is left to look at', () => {
    const fleeting = bareKind(noInput, {
      summary: 'Leaves nothing.',
      check: async () => {
        throw new Error('There is nothing to look at.');
      },
      leavesTrace: () => false,
    });
    const gone = { id: 'gone', with: {}, kind: fleeting };

    it('leaves it out, with its points', async () => {
      const run = rig(planOf([gone, orders]), check);
      run.streams.names.add('orders');
      const result = await execute(run.options);
      expect(result).toMatchObject({ outcome: 'met', points: { earned: 10, possible: 10 } });
      expect(run.ended()).toEqual(['gone left-out', 'orders met']);
    });

    it('is not met when there is nothing else', async () => {
      expect(await execute(rig(planOf([gone]), check).options)).toMatchObject({ outcome: 'not-met', points: { earned: 0, possible: 0 } });
    });
  });

  it('does not let a step write', async () => {
    const writes = bareKind(noInput, {
      summary: 'Writes when it should look.',
      check: async (_input, { aws }) => {
        await aws.call(apiCall('kinesis', 'CreateStream', { StreamName: 'sneaky' }));
        return [];
      },
    });
    const run = rig(planOf([{ id: 'writes', with: {}, kind: writes }]), check);
    const result = await execute(run.options);
    expect(result.outcome).toBe('could-not-run');
    expect([...run.streams.names]).toEqual([]);
  });
});
