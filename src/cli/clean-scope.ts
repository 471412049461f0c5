import { isSamePlace } from '../runner/earlier-run.ts';
import { liveResources, refKey } from '../runner/ledger.ts';
import type { LedgerContent } from '../runner/ledger-text.ts';
import { findLeftovers, type Leftover } from '../runner/leftovers.ts';
import { lockHolder } from '../runner/lock.ts';
import type { StateFolder } from '../runner/state-folder.ts';
import { isKept, type Keeping } from '../runner/teardown.ts';
import type { ResourceKind, ResourceRef } from '../steps/resource.ts';
import { legibleLine } from '../util/printable.ts';
import { counted } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import { age } from './age.ts';
import type { OutputFlags } from './options.ts';
import type { Prompter } from './prompter.ts';
import { ledgerTarget } from './run-ledger.ts';
import type { Surroundings } from './surroundings.ts';
import type { OpenTarget } from './target.ts';
import { visit } from './visit.ts';

export interface StraySearch {
  readonly open: OpenTarget;
  readonly kinds: ReadonlyMap<string, ResourceKind>;
  /** Runs that are cleaned from their ledgers. */
  readonly runs: readonly LedgerContent[];
  /** All ledgers that there are here. */
  readonly ledgers: readonly LedgerContent[];
  readonly folder: StateFolder;
  readonly wanted: (run: { readonly lab: string; readonly created: string }) => boolean;
  readonly signal: AbortSignal;
}

/**
 * What is on a target, is tagged as that of a run, and is not known to be alive from a ledger. What belongs to a run that
 * goes on at the moment is left out, and so is what is known from the ledger of a run in another region (a role is in all
 * of them).
 */
export async function strays(search: StraySearch): Promise<{ readonly found: readonly Leftover[]; readonly problems: readonly string[] }> {
  const { open, kinds, runs, ledgers, folder, wanted, signal } = search;
  const { found, unseen } = await visit(open, (context) => findLeftovers(kinds, context), signal);
  const known = new Set(runs.flatMap(({ entries }) => liveResources(entries).map(({ ref }) => refKey(ref))));
  const place = ledgerTarget(open);
  const elsewhere = new Set(
    ledgers
      .filter(({ header }) => lockHolder(folder, header) !== undefined || !isSamePlace(header.target, place))
      .map(({ header }) => header.run),
  );
  return {
    found: found.filter(({ ref, tags }) => wanted(tags) && !known.has(refKey(ref)) && !elsewhere.has(tags.run)),
    problems: unseen.map(
      ({ noun, count, why }) => `Not all could be looked at: ${counted(count, 'question')} about a ${noun} refused. ${legibleLine(why)}`,
    ),
  };
}

export interface Removable {
  readonly runs: readonly LedgerContent[];
  readonly found: readonly Leftover[];
  readonly kinds: ReadonlyMap<string, ResourceKind>;
  /** What is left in place. Default: nothing. */
  readonly keep?: Keeping;
}

/**
 * Where it is real, shows what is going to be removed, and asks. Who has named the account and cannot be asked has asked for
 * what ledgers know; what is only found by its tags may be somebody else's lab, and takes a `--yes`.
 * @returns whether it may be removed.
 */
export async function confirmRemoval(
  { target, account }: Pick<OpenTarget, 'target' | 'account'>,
  removable: Removable,
  flags: OutputFlags,
  io: Surroundings,
  { prompter, signal }: { readonly prompter: Prompter; readonly signal: AbortSignal },
): Promise<boolean> {
  const lines = listing(removable);
  if (!target.billed || lines.length === 0) return true;
  if (!flags.json) io.err(`To be removed from account ${account}, ${target.region}:\n${lines.join('')}`);
  if (!io.interactive) {
    if (removable.found.length === 0) return true;
    throw new UserError('Nobody can be asked whether what was found by its tags may be removed.', {
      hint: 'Say so on the command line: --yes',
    });
  }
  if (await prompter.confirm(`Remove ${lines.length === 1 ? 'it' : `these ${lines.length}`}?`, false, signal)) return true;
  io.err('Nothing was removed.\n');
  return false;
}

function listing({ runs, found, kinds, keep }: Removable): readonly string[] {
  const line = ({ type, id }: ResourceRef, lab: string, since: string, how: string) =>
    `  ${legibleLine(kinds.get(type)?.noun ?? type)} ${legibleLine(id)} (lab ${legibleLine(lab)}, begun ${age(since)}${how})\n`;
  const goes = ({ ref }: { readonly ref: ResourceRef }): boolean => !isKept(ref, keep, (type) => kinds.get(type));
  return [
    ...runs.flatMap(({ header, entries }) =>
      liveResources(entries)
        .filter(goes)
        .map(({ ref }) => line(ref, header.lab.id, header.started, '')),
    ),
    ...found.filter(goes).map(({ ref, tags }) => line(ref, tags.lab, tags.created, ', found by its tags')),
  ];
}
