import { rmSync } from 'node:fs';
import { type LiveResource, liveResources } from '../../runner/ledger.ts';
import type { LedgerContent } from '../../runner/ledger-text.ts';
import { describeHolder, lockHolder } from '../../runner/lock.ts';
import { unwritable } from '../../runner/state-disk.ts';
import { hasEnded, readLedgers, type StateFolder, servingProcess, type UnreadableLedger } from '../../runner/state-folder.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { jsonText } from '../../util/json.ts';
import { legibleLine } from '../../util/printable.ts';
import { counted } from '../../util/text.ts';
import { UserError } from '../../util/user-error.ts';
import { listenForInterrupts } from '../interrupts.ts';
import type { OutputFlags } from '../options.ts';
import { createPrompter } from '../prompter.ts';
import { type Surroundings, stateFolder } from '../surroundings.ts';

export interface ForgetFlags extends OutputFlags {
  readonly yes?: boolean;
}

/**
 * Deletes the ledger of a run whose target is gone, with everything that was there. Asks, because what is still alive after
 * all is known to nobody then but AWS itself.
 * @param run its id, or as much of the beginning as is unique
 */
export async function forget(run: string, flags: ForgetFlags, io: Surroundings): Promise<ExitCode> {
  const folder = stateFolder(io);
  const { ledgers, unreadable } = readLedgers(folder);
  const { file, ledger } = theOne(run, ledgers, unreadable);
  if (ledger !== undefined) refuseRunning(ledger, folder);
  const alive = ledger === undefined || hasEnded(ledger) ? [] : liveResources(ledger.entries);
  if (!flags.json) io.out(describe(file, ledger, alive));
  if (!flags.yes && alive.length + (ledger === undefined ? 1 : 0) > 0 && !(await confirmed(io))) {
    io.err('Nothing was forgotten.\n');
    return ExitCode.couldNotRun;
  }
  try {
    rmSync(file, { recursive: true, force: true });
  } catch (error) {
    throw unwritable(file, error);
  }
  if (flags.json) io.out(`${jsonText({ forgotten: file, alive: alive.map(({ ref }) => ref) })}\n`);
  else io.out('Forgotten.\n');
  return ExitCode.ok;
}

function theOne(
  run: string,
  ledgers: readonly LedgerContent[],
  unreadable: readonly UnreadableLedger[],
): { readonly file: string; readonly ledger?: LedgerContent } {
  const all = [...ledgers.map((ledger) => ({ run: ledger.header.run, file: ledger.file, ledger })), ...unreadable];
  const exact = all.filter((each) => each.run === run);
  const found = exact.length > 0 ? exact : all.filter((each) => each.run.startsWith(run));
  const [first, ...others] = found;
  if (first === undefined || run === '') {
    throw new UserError(`There is no ledger of a run "${run}".`, { hint: 'kinesis-labs status --json says what runs are called.' });
  }
  if (others.length > 0) {
    throw new UserError(`"${run}" may be any of ${counted(found.length, 'run')}.`, { hint: found.map((each) => each.run).join('\n') });
  }
  return first;
}

function refuseRunning(ledger: LedgerContent, folder: StateFolder): void {
  const { header } = ledger;
  const serving = servingProcess(ledger);
  const holder = lockHolder(folder, header);
  if (holder === undefined && (serving === undefined || hasEnded(ledger))) return;
  const who = holder === undefined ? `Process ${serving?.pid}` : describeHolder(holder);
  throw new UserError(`${who} is running lab ${header.lab.id} at the moment.`, {
    exitCode: ExitCode.couldNotRun,
    hint: 'End it first; it removes what it has created.',
  });
}

function describe(file: string, ledger: LedgerContent | undefined, alive: readonly LiveResource[]): string {
  if (ledger === undefined) return `${file} cannot be read, so what it announced is not known.\n`;
  const { lab, target, started } = ledger.header;
  const where = `${legibleLine(target.label)}, account ${legibleLine(target.account)}, ${legibleLine(target.region)}`;
  const head = `Lab ${legibleLine(lab.id)} on ${where}, begun ${legibleLine(started)}`;
  if (alive.length === 0) return `${head}: nothing of it is alive.\n`;
  const lines = alive.map(({ ref }) => `  ${legibleLine(ref.type)} ${legibleLine(ref.id)}\n`);
  return `${head}. Its ledger says that this is alive:\n${lines.join('')}`;
}

async function confirmed(io: Surroundings): Promise<boolean> {
  if (!io.interactive) {
    throw new UserError('Nobody can be asked whether that may be forgotten.', { hint: 'Say so on the command line: --yes' });
  }
  const interrupts = listenForInterrupts({ onFirst: () => undefined, onSecond: () => undefined });
  try {
    const question = 'Forget it? What is still there after all has to be removed by hand, or with clean --all.';
    return await createPrompter(interrupts).confirm(question, false, interrupts.signal);
  } finally {
    interrupts.dispose();
  }
}
