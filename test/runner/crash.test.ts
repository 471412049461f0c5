import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { execute } from '../../src/runner/execute.ts';
import { Ledger } from '../../src/runner/ledger.ts';
import { modes } from '../../src/runner/mode.ts';
import { planOf, rig } from '../support/stream-lab.ts';

const plan = planOf([
  { id: 'orders', with: { name: 'orders' } },
  { id: 'copies', with: { name: '@' }, needs: ['orders.arn'] },
  { id: 'later', with: { name: 'later' } },
]);

const guide = { choose: async () => 'apply' as const, confirmTeardown: async () => true };

/** A run of the lab, and what there was on the disk and on AWS before and after each of its calls. */
async function moments() {
  const run = rig(plan, { mode: modes.guide, guide });
  const { file } = run.options.ledger;
  const seen: { readonly ledger: string; readonly streams: readonly string[] }[] = [];
  const look = () => seen.push({ ledger: readFileSync(file, 'utf8'), streams: [...run.streams.names] });
  const open = run.streams.open;
  const openSession: typeof open = (options) => {
    const session = open({
      ...options,
      onCall(answered) {
        look();
        options.onCall?.(answered);
      },
    });
    return session;
  };
  run.streams.before = () => void look();
  const result = await execute({ ...run.options, openSession });
  expect(result.outcome).toBe('met');
  return seen;
}

describe('a run that was killed', () => {
  it('before or after any of its calls goes on to its end, does nothing twice, and leaves nothing', async () => {
    const seen = await moments();
    expect(seen.length).toBeGreaterThan(20);
    for (const [index, { ledger: text, streams }] of seen.entries()) {
      const run = rig(plan, { mode: modes.guide, guide });
      const { file } = run.options.ledger;
      run.options.ledger.close();
      writeFileSync(file, text);
      for (const name of streams) run.streams.names.add(name);
      const ledger = Ledger.resume(file, run.options.clock.now);
      const result = await execute({ ...run.options, ledger });
      const at = `killed at moment ${index}`;
      expect({ at, ...result }).toMatchObject({ at, outcome: 'met', met: 3, points: { earned: 30, possible: 30 }, left: [] });
      expect([...run.streams.names], at).toEqual([]);
      const created = run.streams.calls.filter(({ operation }) => operation === 'CreateStream').map(({ input }) => input['StreamName']);
      expect(
        created.filter((name) => streams.includes(String(name))),
        at,
      ).toEqual([]);
      expect(new Set(created).size, at).toBe(created.length);
      ledger.close();
    }
  });
});
