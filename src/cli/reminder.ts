import { deadlineOf, type LiveResource, liveResources } from '../runner/ledger.ts';
import type { LedgerContent } from '../runner/ledger-text.ts';
import { lockHolder } from '../runner/lock.ts';
import { liveLedgers, readLedgers, servingProcess } from '../runner/state-folder.ts';
import { legibleLine } from '../util/printable.ts';
import { counted } from '../util/text.ts';
import { age } from './age.ts';
import { isBilled, type LiveCost, liveCost, perHourText, sumOf } from './live-cost.ts';
import type { OutputFlags } from './options.ts';
import { type Surroundings, stateFolder } from './surroundings.ts';

/**
 * Says in one line on standard error, before a command begins, what earlier runs have left alive, since when, and what it
 * costs. It says nothing of runs that go on in another process, nor where `flags` want to hear nothing, asks nobody, and costs no call.
 */
export async function remind(
  { json, quiet }: Pick<OutputFlags, 'json' | 'quiet'>,
  io: Surroundings,
  ledgers: () => readonly LedgerContent[] = () => readLedgers(stateFolder(io)).ledgers,
): Promise<void> {
  if (json || quiet) return;
  const left = abandonedRuns(io, ledgers);
  const [oldest] = left;
  if (oldest === undefined) return;
  const alive = left.flatMap((ledger) => liveResources(ledger.entries).map((live) => ({ ledger, live })));
  const labs = [...new Set(left.map(({ header }) => legibleLine(header.lab.id)))].sort();
  const certain = alive.filter(({ live }) => live.state === 'created');
  const perhaps = alive.length - certain.length;
  // What only a later step would make is there only if the learner was ahead of the page.
  const perHour = perHourText(await costOf(alive.filter(({ live }) => live.state !== 'planned')));
  const cost = perHour === '' ? '' : `, ${perHour}`;
  const of = `${labs.length === 1 ? 'lab' : 'labs'} ${labs.join(', ')}`;
  const others = certain.length > 0 && perhaps > 0 ? ` (and ${perhaps} that may not have been created)` : '';
  const what = `${counted(certain.length || perhaps, 'resource')} of ${of}${others}, since ${age(oldest.header.started)}${cost}`;
  const over = left.map(({ entries }) => deadlineOf(entries)).filter((until) => until !== undefined && Date.parse(until) <= Date.now());
  const late =
    over.length === 0
      ? ''
      : ` ${counted(over.length, 'run')} ${over.length === 1 ? 'is' : 'are'} over the time that was allowed, since ${over.sort()[0]}.`;
  io.err(
    `${certain.length > 0 ? 'Still alive' : 'Perhaps still alive'}: ${what}.${late} kinesis-labs status shows it, kinesis-labs clean removes it.\n`,
  );
}

/** Runs that nobody works on. A state folder that cannot be read is the affair of the command that needs it. */
function abandonedRuns(io: Surroundings, ledgers: () => readonly LedgerContent[]): readonly LedgerContent[] {
  const folder = stateFolder(io);
  try {
    return liveLedgers(ledgers()).filter(
      (ledger) => servingProcess(ledger) === undefined && lockHolder(folder, ledger.header) === undefined,
    );
  } catch {
    return [];
  }
}

/** Loads the kinds, which are slow to load, only where something costs money. */
async function costOf(alive: readonly { readonly ledger: LedgerContent; readonly live: LiveResource }[]): Promise<LiveCost> {
  const costing = alive.filter(({ ledger }) => isBilled(ledger));
  if (costing.length === 0) return sumOf([]);
  const [{ resourceKinds }, { stepKinds }] = await Promise.all([import('../runner/clean.ts'), import('../steps/registry.ts')]);
  const kinds = await resourceKinds(stepKinds);
  return sumOf(costing.map(({ ledger, live }) => liveCost(ledger, live, kinds.get(live.ref.type))));
}
