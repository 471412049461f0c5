import { deadlineOf, type Ledger, refKey } from '../runner/ledger.ts';
import type { LedgerContent } from '../runner/ledger-text.ts';
import type { Plan } from '../runner/plan.ts';
import { counted } from '../util/text.ts';
import { readConfiguration } from './configuration.ts';
import { dollars, hourlyCosts, totalOf } from './costs.ts';
import type { Interrupts } from './interrupts.ts';
import type { Surroundings } from './surroundings.ts';
import type { OpenTarget } from './target.ts';

const hourMs = 3_600_000;

/** Until when what a lab creates may live; `undefined` where nobody has said so. */
export interface TimeLimit {
  /** ISO 8601. */
  readonly until?: string;
  /** Ends the watch. */
  stop(): void;
}

/**
 * Watches the time that a lab may take: `--max-hours`, what the run that is gone on with was begun with, or on a real account
 * the configuration. When it is over, the lab is interrupted, and takes down what it would take down at its end. A program that has ended removes
 * nothing: there, the time stands in the ledger, and whoever asks is told.
 */
export function limitTime(
  { maxHours, earlier }: { readonly maxHours?: number; readonly earlier?: LedgerContent },
  open: OpenTarget,
  interrupts: Pick<Interrupts, 'hangUp'>,
  io: Surroundings,
): TimeLimit {
  const before = earlier === undefined ? undefined : deadlineOf(earlier.entries);
  const hours = maxHours ?? (before === undefined && open.target.billed ? readConfiguration(io).maxHours : undefined);
  const until = hours === undefined ? before : new Date(Date.now() + hours * hourMs).toISOString();
  if (until === undefined) return { stop: () => undefined };
  const leftMs = Date.parse(until) - Date.now();
  if (leftMs <= 0) {
    io.err(
      `This run is over its time since ${until}. Give it another one with --max-hours, or remove what it has created: kinesis-labs clean\n`,
    );
    return { until, stop: () => undefined };
  }
  io.err(`What this lab creates may live until ${until}. If it is still at work then, it is ended.\n`);
  const timer = setTimeout(() => {
    io.err('\nThe time of this lab is over. It is ended.\n');
    interrupts.hangUp();
  }, leftMs);
  return { until, stop: () => clearTimeout(timer) };
}

/** After a run: what is still there, what it costs, and by when to remove it, which nobody does by itself. */
export function tellLeft(ledger: Ledger, plan: Plan, { until }: TimeLimit, open: OpenTarget, io: Surroundings): void {
  if (ledger.live.length === 0 || open.target.endsWithProcess !== undefined) return;
  const live = new Set(ledger.live.map(({ ref }) => refKey(ref)));
  const costs = open.target.billed ? hourlyCosts([plan], open).filter((cost) => live.has(refKey(cost))) : [];
  const [costing, they] = live.size === 1 ? ['costs', 'it exists'] : ['cost', 'they exist'];
  const cost = costs.length === 0 ? '' : `, and ${costing} about ${dollars(totalOf(costs))} an hour for as long as ${they}`;
  if (cost === '' && until === undefined) return;
  const when = until === undefined ? '' : ` Remove it by ${until}; nothing does that by itself.`;
  io.err(`${counted(live.size, 'resource')} of this lab ${live.size === 1 ? 'is' : 'are'} left${cost}.${when}\n`);
}
