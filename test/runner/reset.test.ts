import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LiveResource } from '../../src/runner/ledger.ts';
import { packageLabs, readLab } from '../../src/runner/library.ts';
import type { Plan } from '../../src/runner/plan.ts';
import { planText } from '../../src/runner/planning.ts';
import { resetOf } from '../../src/runner/reset.ts';
import { stepKinds } from '../../src/steps/registry.ts';

/** The plan of a lab of the package, and what is alive when all of its steps are done. */
async function done(name: string): Promise<{ readonly plan: Plan; readonly live: readonly LiveResource[] }> {
  const { file, text, assets } = await readLab(join(packageLabs, `${name}.md`), '/');
  const { plan } = await planText(file, text, { kinds: stepKinds, assets });
  if (plan === undefined) throw new Error(`${name} is not valid.`);
  const live = new Map<string, LiveResource>();
  const outputs: Record<string, Record<string, string>> = {};
  for (const { block, kind, bind } of plan.steps) {
    const known = { outputs, nonce: 'n', started: '2026-11-21T00:00:00.000Z' };
    for (const ref of bind(known).owns()) {
      const steps = [...(live.get(JSON.stringify(ref))?.steps ?? []), block.id];
      live.set(JSON.stringify(ref), { ref, steps, since: '', announced: '', state: 'created' });
    }
    outputs[block.id] = Object.fromEntries(Object.entries(kind.outputs).map(([output, { example }]) => [output, example]));
  }
  return { plan, live: [...live.values()].reverse() };
}

const reset = async (lab: string, step: string) => {
  const { plan, live } = await done(lab);
  const { dependents, resources } = resetOf(step, plan, live);
  return { dependents, removed: resources.map(({ ref }) => ref.type) };
};

describe('what is removed to do a step of lab 01 again', () => {
  it('is what it made, with what builds on that, the last one first', async () => {
    expect(await reset('01-hello-kinesis', 'stream')).toEqual({
      dependents: ['list', 'describe', 'mapping', 'hello', 'telemetry'],
      removed: ['lambda:event-source-mapping', 'kinesis:stream'],
    });
  });

  it('is not what only bears a name that the step refers to as well', async () => {
    expect(await reset('01-hello-kinesis', 'mapping')).toEqual({ dependents: [], removed: ['lambda:event-source-mapping'] });
  });

  it('is nearly everything where nearly everything builds on it', async () => {
    const { dependents, removed } = await reset('01-hello-kinesis', 'role');
    expect(dependents).toContain('logger');
    expect(removed).toEqual(['lambda:event-source-mapping', 'lambda:function', 'logs:group', 'iam:role']);
  });

  it('is nothing for a step that only looks or writes records', async () => {
    expect(await reset('01-hello-kinesis', 'log')).toEqual({ dependents: [], removed: [] });
    expect((await reset('01-hello-kinesis', 'hello')).removed).toEqual([]);
  });
});

describe('in every lab', () => {
  it.each(['02-put-and-get-records', '03-publish-and-subscribe', '04-telemetry-and-delivery', '05-a-pipeline-that-survives'])(
    'of %s, a step takes with it all whose resources need what it made, and never one above it that shares nothing with it',
    async (lab) => {
      const { plan, live } = await done(lab);
      for (const [index, { block }] of plan.steps.entries()) {
        const { dependents, resources } = resetOf(block.id, plan, live);
        const makers = new Set(resources.flatMap(({ steps }) => steps));
        expect([...makers].every((id) => id === block.id || dependents.includes(id))).toBe(true);
        for (const other of plan.steps.slice(0, index)) {
          const shares = resources.some(({ steps }) => steps.includes(other.block.id));
          expect(dependents.includes(other.block.id) && !shares, `${block.id} takes ${other.block.id}`).toBe(false);
        }
        const refers = plan.steps.filter((each) =>
          each.block.references.some(({ reference }) => reference.kind === 'output' && reference.step === block.id),
        );
        expect(dependents).toEqual(expect.arrayContaining(refers.map((each) => each.block.id)));
      }
    },
  );
});
