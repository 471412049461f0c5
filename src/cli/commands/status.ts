import { resourceKinds } from '../../runner/clean.ts';
import { isSamePlace } from '../../runner/earlier-run.ts';
import { deadlineOf, liveResources } from '../../runner/ledger.ts';
import type { LedgerContent } from '../../runner/ledger-text.ts';
import { liveLedgers, readLedgers } from '../../runner/state-folder.ts';
import { stepKinds } from '../../steps/registry.ts';
import type { ResourceKind, ResourceRef } from '../../steps/resource.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { jsonText } from '../../util/json.ts';
import { legibleLine } from '../../util/printable.ts';
import { counted, createPaint, indented } from '../../util/text.ts';
import { age } from '../age.ts';
import { printFailure } from '../failure.ts';
import { type LiveCost, liveCost, perHourText, sumOf } from '../live-cost.ts';
import type { OutputFlags, TargetFlags } from '../options.ts';
import { ledgerTarget } from '../run-ledger.ts';
import { type Surroundings, stateFolder } from '../surroundings.ts';
import { openTarget } from '../target.ts';
import { unfinishedLines, unfinishedRuns } from '../unfinished.ts';
import { visit } from '../visit.ts';

/** One run that has left something. */
interface RunStatus {
  readonly run: string;
  readonly lab: string;
  readonly target: LedgerContent['header']['target'];
  /** ISO 8601. */
  readonly since: string;
  readonly resources: readonly ResourceStatus[];
  /** ISO 8601: until when they may live. */
  readonly until?: string;
  /** Numbers of the lines of its ledger that cannot be read: what they announced is not known. */
  readonly damagedLines?: readonly number[];
}

interface ResourceStatus extends ResourceRef, LiveCost {
  readonly noun: string;
  readonly since: string;
  /** `seen`: AWS has just said so. `recorded`: the ledger says so. `announced`: it may not have been created. */
  readonly state: 'seen' | 'recorded' | 'announced';
}

/**
 * Says what runs have left alive, since when, and what that costs. With `--target`, AWS is asked; without, the ledgers are,
 * which costs no call.
 */
export async function status(flags: TargetFlags & OutputFlags, io: Surroundings): Promise<ExitCode> {
  const { ledgers, unreadable } = readLedgers(stateFolder(io));
  for (const { problem } of unreadable) printFailure(problem, io, false);
  const live = liveLedgers(ledgers);
  const kinds = live.length === 0 ? new Map<string, ResourceKind>() : await resourceKinds(stepKinds);
  const runs =
    flags.target === undefined ? live.map((ledger) => recorded(ledger, kinds)) : await seen(flags.target, live, kinds, flags, io);
  const unfinished = unfinishedRuns(ledgers, io);
  if (flags.json) io.out(`${jsonText({ runs, ...costOf(runs), unfinished }, 2)}\n`);
  else
    io.out(
      `${describe(runs, io)}${unfinished.length === 0 ? '' : `\nBegun, and not finished:\n${indented(unfinishedLines(unfinished), '  ')}`}`,
    );
  return unreadable.length > 0 ? ExitCode.couldNotRun : ExitCode.ok;
}

function recorded(ledger: LedgerContent, kinds: ReadonlyMap<string, ResourceKind>): RunStatus {
  const { header, entries, damaged } = ledger;
  const resources = liveResources(entries).map((live): ResourceStatus => {
    const { ref, since, state } = live;
    const kind = kinds.get(ref.type);
    const about = { noun: kind?.noun ?? ref.type, since, ...liveCost(ledger, live, kind) };
    return { ...ref, ...about, state: state === 'created' ? 'recorded' : 'announced' };
  });
  const known = { run: header.run, lab: header.lab.id, target: header.target, since: header.started, resources, ...untilOf(entries) };
  return damaged.length === 0 ? known : { ...known, damagedLines: damaged };
}

function untilOf(entries: LedgerContent['entries']): Pick<RunStatus, 'until'> {
  const until = deadlineOf(entries);
  return until === undefined ? {} : { until };
}

/** The runs on one target, with what is really there. */
async function seen(
  name: string,
  live: readonly LedgerContent[],
  kinds: ReadonlyMap<string, ResourceKind>,
  flags: TargetFlags & OutputFlags,
  io: Surroundings,
): Promise<readonly RunStatus[]> {
  if (name === 'sandbox') return live.filter(({ header }) => header.target.label === 'sandbox').map((ledger) => recorded(ledger, kinds));
  const open = await openTarget(name, flags, io);
  try {
    return await visit(open, async (context) => {
      const runs: RunStatus[] = [];
      for (const ledger of live) {
        if (!isSamePlace(ledger.header.target, ledgerTarget(open))) continue;
        const run = recorded(ledger, kinds);
        const resources: ResourceStatus[] = [];
        for (const each of run.resources) {
          if (await kinds.get(each.type)?.exists(each.id, context)) resources.push({ ...each, state: 'seen' });
        }
        if (resources.length > 0 || ledger.damaged.length > 0) runs.push({ ...run, resources });
      }
      return runs;
    });
  } finally {
    await open.close();
  }
}

function costOf(runs: readonly RunStatus[]): LiveCost {
  return sumOf(runs.flatMap(({ resources }) => resources));
}

function describe(runs: readonly RunStatus[], io: Surroundings): string {
  if (runs.length === 0) return 'Nothing is alive.\n';
  const paint = createPaint(io.colour);
  const notes = { seen: '', recorded: '', announced: paint('dim', ' (may not have been created)') };
  const blocks = runs.map(({ lab, target, since, resources, damagedLines, until }) => {
    const head = paint('bold', `Lab ${legibleLine(lab)} on ${legibleLine(target.label)}`);
    const where = paint('dim', `account ${legibleLine(target.account)}, ${legibleLine(target.region)}, begun ${age(since)}`);
    const lines = resources.map(({ noun, id, since: from, state, ...cost }) => {
      const parts = [`${legibleLine(noun)} ${legibleLine(id)}`, age(from), perHourText(cost)].filter((part) => part !== '');
      return `  ${parts.join(', ')}${notes[state]}\n`;
    });
    const over = until !== undefined && Date.parse(until) <= Date.now();
    const limit = until === undefined ? '' : over ? paint('red', `  over its time since ${until}\n`) : `  to be removed by ${until}\n`;
    const damage =
      damagedLines === undefined
        ? ''
        : `  What line ${damagedLines.join(', ')} of its ledger announced cannot be read; kinesis-labs clean looks for it by its tags.\n`;
    return `${head} (${where})\n${lines.join('')}${limit}${damage}`;
  });
  const together = perHourText(costOf(runs));
  const cost = together === '' ? '' : ` They cost ${together}.`;
  const count = runs.flatMap(({ resources }) => resources).length;
  return `${blocks.join('\n')}\n${counted(count, 'resource')} alive.${cost} kinesis-labs clean removes ${count === 1 ? 'it' : 'them'}.\n`;
}
