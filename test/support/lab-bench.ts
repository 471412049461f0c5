import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiCall, apiCall, isReadOnly } from '../../src/aws/api-call.ts';
import { openSession } from '../../src/aws/session.ts';
import type { RunEvent, RunResult } from '../../src/runner/event.ts';
import { execute } from '../../src/runner/execute.ts';
import { assetsFolder, readLab } from '../../src/runner/library.ts';
import type { Mode } from '../../src/runner/mode.ts';
import type { Plan } from '../../src/runner/plan.ts';
import { planText } from '../../src/runner/planning.ts';
import { beginLedger } from '../../src/runner/state-folder.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import { account, type Bench, openBench } from './step-bench.ts';

/** One walk over a lab. */
export interface LabRun {
  readonly result: RunResult;
  readonly events: readonly RunEvent[];
  /** What was written while each step ran, by step id; the teardown is not among it. */
  readonly writes: ReadonlyMap<string, readonly ApiCall[]>;
  /** What each step promised to call, by step id. */
  readonly promised: ReadonlyMap<string, readonly ApiCall[]>;
}

/** A lab, a sandbox of its own in which time passes as fast as the work allows, and one ledger over all walks. */
export interface LabBench {
  readonly bench: Bench;
  readonly plan: Plan;
  walk(mode: Mode, options?: { readonly keep?: boolean }): Promise<LabRun>;
  /** Names of everything that labs create and that exists now. */
  inventory(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Opens a bench for a lab file, absolute. @throws when the file has errors. */
export async function openLabBench(path: string): Promise<LabBench> {
  const { file, text } = await readLab(path, process.cwd());
  const { plan, diagnostics } = await planText(file, text, { kinds: stepKinds, assets: await assetsFolder(path) });
  if (plan === undefined) throw new Error(`${file} is not a lab: ${diagnostics.map(({ message }) => message).join('; ')}`);
  const bench = await openBench();
  const state = mkdtempSync(join(tmpdir(), 'kinesis-labs-state-'));
  const { target } = bench;
  const { clock } = bench.sandbox;
  const ledger = beginLedger(
    { path: state },
    { lab: { id: plan.lab.id, file }, target: { label: target.label, region: target.region, account }, prefix: '', values: plan.values },
    () => clock.now(),
  );
  return {
    bench,
    plan,
    async walk(mode, { keep = false } = {}) {
      const events: RunEvent[] = [];
      const never = new AbortController().signal;
      const report = (event: RunEvent): void => void events.push(event);
      const options = { plan, mode, target, account, openSession, clock, ledger, report, keep, signal: never, abandon: never };
      return summary(await execute(options), events);
    },
    async inventory() {
      const { aws } = bench.visit({ readOnly: true }).context;
      const [streams, functions, mappings, roles, groups] = await Promise.all([
        aws.call(apiCall('kinesis', 'ListStreams', {})),
        aws.call(apiCall('lambda', 'ListFunctions', {})),
        aws.call(apiCall('lambda', 'ListEventSourceMappings', {})),
        aws.call(apiCall('iam', 'ListRoles', {})),
        aws.call(apiCall('logs', 'DescribeLogGroups', {})),
      ]);
      return [
        ...(streams.StreamNames ?? []).map((name) => `stream ${name}`),
        ...(functions.Functions ?? []).map(({ FunctionName }) => `function ${FunctionName}`),
        ...(mappings.EventSourceMappings ?? []).map(({ UUID }) => `mapping ${UUID}`),
        ...(roles.Roles ?? []).map(({ RoleName }) => `role ${RoleName}`),
        ...(groups.logGroups ?? []).map(({ logGroupName }) => `log group ${logGroupName}`),
      ];
    },
    async close() {
      ledger.close();
      await bench.close();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

function summary(result: RunResult, events: readonly RunEvent[]): LabRun {
  const writes = new Map<string, ApiCall[]>();
  const promised = new Map<string, readonly ApiCall[]>();
  let step: string | undefined;
  for (const event of events) {
    if (event.type === 'step-started') {
      step = event.step.block.id;
      writes.set(step, []);
      promised.set(step, event.calls);
    } else if (event.type === 'step-ended') step = undefined;
    else if (event.type === 'call-answered' && step !== undefined && !isReadOnly(event.call)) writes.get(step)?.push(event.call);
  }
  return { result, events, writes, promised };
}
