import { describe, expect, it } from 'vitest';
import type { Permission } from '../../src/aws/permission.ts';
import { openSession } from '../../src/aws/session.ts';
import { execute } from '../../src/runner/execute.ts';
import { modes } from '../../src/runner/mode.ts';
import { foresee, foreseenNonce, permissionsOf } from '../../src/runner/preflight/planned-calls.ts';
import { beginLedger } from '../../src/runner/state-folder.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { temporaryFolder } from '../support/cli.ts';
import { labPlan } from '../support/lab-plan.ts';
import { roleSession } from '../support/role-session.ts';

const account = '111122223333';
const place = { partition: 'aws', region: 'us-east-1', account };

/** Statements that allow this and nothing else; what only AWS can name may have any name. */
function statements(permissions: readonly Permission[]): readonly object[] {
  const resources = new Map<string, Permission[]>();
  for (const permission of permissions) {
    const key = JSON.stringify([permission.resource, permission.keys]);
    resources.set(key, [...(resources.get(key) ?? []), permission]);
  }
  return [...resources.values()].map((alike) => ({
    Effect: 'Allow',
    Action: alike.map(({ action }) => action),
    Resource: alike[0]?.resource.replace(/[0-]{36}$/, '*'),
    ...(alike[0]?.keys === undefined ? {} : { Condition: { StringEquals: alike[0].keys } }),
  }));
}

describe('whoever may do exactly what the program says that a lab needs', () => {
  // Between them, they have all kinds of resources.
  it.each(['03', '04', '05'])('can do lab %s from its beginning to the end of its teardown', async (id) => {
    const plan = await labPlan(id);
    const sandbox = await startSandbox({ account, virtualTime: true });
    try {
      const { credentials } = await roleSession(sandbox, 'learner', statements(permissionsOf(foresee(plan, place), place)));
      const { endpoint, region, clock } = sandbox;
      const target = { label: 'test', endpoint, region, credentials, propagationMs: 0, billed: false };
      // So that names which are made of it are those that are allowed.
      const ledger = beginLedger(
        { path: temporaryFolder() },
        {
          lab: { id, file: plan.lab.file },
          target: { label: 'test', region, account },
          prefix: '',
          set: {},
          values: plan.values,
          nonce: foreseenNonce,
        },
      );
      const never = new AbortController().signal;
      const common = { plan, mode: modes.test, target, account, openSession, clock, ledger, signal: never, abandon: never };
      const { outcome, problem, left } = await execute({ ...common, report: () => undefined });
      expect({ outcome, problem, left }).toEqual({ outcome: 'met', problem: undefined, left: [] });
      ledger.close();
    } finally {
      await sandbox.stop();
    }
  });
});
