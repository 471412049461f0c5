import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../util/user-error.ts';
import { Ledger, type LedgerContent, type LedgerHeader, liveResources, parseLedger, recordedValues } from './ledger.ts';

/** Where the ledgers are: `runs/<run>.jsonl`, and the locks of runs that go on: `locks/<hash>.lock`. */
export interface StateFolder {
  readonly path: string;
}

/** Begins a run: makes up its id, and its nonce where none is given, and writes down what it is. */
export function beginLedger(
  folder: StateFolder,
  run: Pick<LedgerHeader, 'lab' | 'target' | 'prefix' | 'values'> & Partial<Pick<LedgerHeader, 'nonce'>>,
  now: () => number = Date.now,
): Ledger {
  const started = new Date(now()).toISOString();
  const unique = randomBytes(4).toString('hex');
  const id = `${started.replace(/[-:]|\.\d+/g, '')}-${run.lab.id.replace(/[^A-Za-z0-9-]/g, '_')}-${unique}`;
  return Ledger.create(
    join(folder.path, 'runs', `${id}.jsonl`),
    { run: id, nonce: unique, started, ...run, values: recordedValues(run.values) },
    now,
  );
}

/** All ledgers, the oldest first, and those that cannot be read. */
export function readLedgers(folder: StateFolder): {
  readonly ledgers: readonly LedgerContent[];
  readonly unreadable: readonly UserError[];
} {
  const runs = join(folder.path, 'runs');
  const ledgers: LedgerContent[] = [];
  const unreadable: UserError[] = [];
  for (const name of existsSync(runs) ? readdirSync(runs).sort() : []) {
    if (!name.endsWith('.jsonl')) continue;
    const file = join(runs, name);
    try {
      const text = readFileSync(file, 'utf8');
      // A process that died before its header was written has announced nothing.
      if (text.includes('\n')) ledgers.push(parseLedger(text, file));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unreadable.push(error);
    }
  }
  return { ledgers, unreadable };
}

/** The runs that may have something alive. Nothing of a target that ended with its process is. */
export function liveLedgers(ledgers: readonly LedgerContent[]): readonly LedgerContent[] {
  return ledgers.filter((ledger) => liveResources(ledger.entries).length > 0 && !hasEnded(ledger.header));
}

/** Whether the target of a run is gone, because the process that it ended with is. */
export function hasEnded(header: LedgerHeader): boolean {
  return header.target.endsWithProcess !== undefined && !processRuns(header.target.endsWithProcess);
}

export function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
