import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { liveResources } from '../../src/runner/ledger.ts';
import { type LedgerEntry, parseLedger } from '../../src/runner/ledger-text.ts';
import { parseFault } from '../../src/sandbox/fault.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts';
import { cli, type Ended, ledgerFiles, RunningCli, temporaryFolder } from './cli.ts';
import { environmentFor } from './environment.ts';
import { patience } from './patience.ts';

/** The program in a home of its own, and a sandbox in this process as its target: what it is asked can be seen and spoiled here. */
export interface ProgramBench {
  readonly sandbox: Sandbox;
  readonly home: string;
  /** What leads the program to the sandbox. */
  readonly env: Record<string, string>;
  start(...args: readonly string[]): RunningCli;
  run(...args: readonly string[]): Promise<Ended>;
  /** Lets the sandbox do this wrong from now on. */
  spoil(...faults: readonly string[]): void;
  /** Waits until the sandbox does what it was told to do wrong last. */
  met(): Promise<void>;
  /** What the only ledger says. */
  entries(): readonly LedgerEntry[];
  /** What is alive as far as the only ledger knows: `stream orders`. */
  alive(): readonly string[];
  stop(): Promise<void>;
}

export async function programBench(options: SandboxOptions = {}): Promise<ProgramBench> {
  const sandbox = await startSandbox(options);
  const home = temporaryFolder();
  const env = environmentFor(sandbox, sandbox.credentials);
  const entries = () => {
    const [file = '', ...more] = ledgerFiles(home);
    expect(more).toEqual([]);
    return parseLedger(readFileSync(file, 'utf8'), file).entries;
  };
  return {
    sandbox,
    home,
    env,
    start: (...args) => new RunningCli(args, { home, env }),
    run: (...args) => cli(args, { home, env }),
    spoil: (...faults) => sandbox.faults.add(...faults.map(parseFault)),
    met: () => expect.poll(() => sandbox.faults.list.at(-1)?.met, patience).toBeGreaterThan(0),
    entries,
    alive: () => liveResources(entries()).map(({ ref }) => `${ref.type.split(':')[1]} ${ref.id}`),
    stop: () => sandbox.stop(),
  };
}
