import { existsSync, renameSync } from 'node:fs';
import { Ledger, refKey } from './ledger.ts';
import type { LedgerContent, LedgerTarget } from './ledger-text.ts';
import type { Leftover } from './leftovers.ts';
import { ledgerFile, type StateFolder } from './state-folder.ts';

/**
 * Writes down what was found by its tags, in the ledgers of the runs that created it: in those that are there, and in new
 * ones for runs whose ledger is lost. So it is removed like everything else, and known of until it is.
 * @param known ledgers on the same target.
 * @returns the files of the ledgers that have something to remove now.
 * @throws {UserError} when that cannot be written down.
 */
export function adopt(
  leftovers: readonly Leftover[],
  known: readonly LedgerContent[],
  { folder, target }: { readonly folder: StateFolder; readonly target: LedgerTarget },
): readonly string[] {
  const runs = new Map<string, Leftover[]>();
  for (const leftover of leftovers) {
    const { run } = leftover.tags;
    runs.set(run, [...(runs.get(run) ?? []), leftover]);
  }
  return [...runs].map(([run, its]) => {
    const ledger = openLedger(run, its, known, folder, target);
    try {
      const live = new Set(ledger.live.map(({ ref }) => refKey(ref)));
      ledger.note(...its.filter(({ ref }) => !live.has(refKey(ref))).map(({ ref }) => ({ entry: 'tagged' as const, ...ref })));
      return ledger.file;
    } finally {
      ledger.close();
    }
  });
}

function openLedger(
  run: string,
  [first]: readonly Leftover[],
  known: readonly LedgerContent[],
  folder: StateFolder,
  target: LedgerTarget,
): Ledger {
  const own = known.find(({ header }) => header.run === run);
  if (own !== undefined) return Ledger.resume(own.file, Date.now);
  const file = ledgerFile(folder, run);
  // One that cannot be read is kept for whoever wants to look into it.
  if (existsSync(file)) renameSync(file, `${file}.damaged`);
  const { lab = '', created = '' } = first?.tags ?? {};
  const nothing = { nonce: '', prefix: '', values: { vars: {}, names: {} } };
  return Ledger.create(file, { run, lab: { id: lab, file: '' }, target, started: created, ...nothing }, Date.now);
}
