import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../util/exit-code.ts';
import { type ProcessIdentity, processRuns } from '../util/process-identity.ts';
import { UserError } from '../util/user-error.ts';
import { Ledger, lastSession, liveResources } from './ledger.ts';
import { type LedgerContent, type LedgerHeader, parseLedger, recordedSettings } from './ledger-text.ts';

/** Where the ledgers are: `runs/<run>.jsonl`, and the locks of runs that go on: `locks/<hash>.lock`. */
export interface StateFolder {
  readonly path: string;
}

/**
 * Begins a run: makes up its id, and its nonce where none is given, and writes down what it is.
 * @throws {UserError} when that cannot be written down.
 */
export function beginLedger(
  folder: StateFolder,
  run: Pick<LedgerHeader, 'lab' | 'target' | 'prefix' | 'set' | 'values'> & Partial<Pick<LedgerHeader, 'nonce'>>,
  now: () => number = Date.now,
): Ledger {
  const started = new Date(now()).toISOString();
  const unique = randomBytes(4).toString('hex');
  const id = `${started.replace(/[-:]|\.\d+/g, '')}-${run.lab.id.replace(/[^A-Za-z0-9-]/g, '_')}-${unique}`;
  const header = { run: id, nonce: unique, started, ...run, ...recordedSettings(run) };
  return Ledger.create(ledgerFile(folder, id), header, now);
}

/** The file of the ledger of a run. */
export function ledgerFile(folder: StateFolder, run: string): string {
  return join(folder.path, 'runs', `${run}.jsonl`);
}

/** A file that should be a ledger. */
export interface UnreadableLedger {
  /** What its name says that the run is called. */
  readonly run: string;
  readonly file: string;
  readonly problem: UserError;
}

/** All ledgers, the oldest first, and those that cannot be read. */
export function readLedgers(folder: StateFolder): {
  readonly ledgers: readonly LedgerContent[];
  readonly unreadable: readonly UnreadableLedger[];
} {
  const ledgers: LedgerContent[] = [];
  const unreadable: UnreadableLedger[] = [];
  for (const name of ledgerNames(folder)) {
    const run = name.slice(0, -'.jsonl'.length);
    const file = ledgerFile(folder, run);
    try {
      const text = readFileSync(file, 'utf8');
      // A process that died before its header was written has announced nothing.
      if (text.includes('\n')) ledgers.push(parseLedger(text, file));
    } catch (error) {
      unreadable.push({ run, file, problem: cannotRead(file, error) });
    }
  }
  return { ledgers, unreadable };
}

function ledgerNames({ path }: StateFolder): readonly string[] {
  try {
    return readdirSync(join(path, 'runs'))
      .filter((name) => name.endsWith('.jsonl'))
      .sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw cannotRead(join(path, 'runs'), error);
  }
}

function cannotRead(file: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new UserError(`${file} cannot be read: ${why}`, {
    exitCode: ExitCode.couldNotRun,
    hint: 'If it was the ledger of a run: kinesis-labs clean --all --target … finds what that run created by its tags.',
    cause: error,
  });
}

/** The runs that may have something alive, damaged ledgers among them. Nothing of a target that ended with its process is. */
export function liveLedgers(ledgers: readonly LedgerContent[]): readonly LedgerContent[] {
  return ledgers.filter((ledger) => (liveResources(ledger.entries).length > 0 || ledger.damaged.length > 0) && !hasEnded(ledger));
}

/** Whether the target of a run is gone, because the process that it ended with is. */
export function hasEnded(ledger: LedgerContent): boolean {
  const serving = servingProcess(ledger);
  return serving !== undefined && !processRuns(serving);
}

/** The process that the target of a run ends with, or has ended with; `undefined` where it outlives processes. */
export function servingProcess({ header, entries }: LedgerContent): ProcessIdentity | undefined {
  return lastSession(entries)?.endsWithProcess ?? header.target.endsWithProcess;
}
