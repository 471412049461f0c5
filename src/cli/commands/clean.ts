import { AccessLost } from '../../aws/access-lost.ts';
import { openSession } from '../../aws/session.ts';
import { adopt } from '../../runner/adoption.ts';
import { cleanRun, resourceKinds } from '../../runner/clean.ts';
import { isSamePlace } from '../../runner/earlier-run.ts';
import type { Left } from '../../runner/event.ts';
import { Ledger, liveResources } from '../../runner/ledger.ts';
import type { LedgerContent, LedgerTarget } from '../../runner/ledger-text.ts';
import type { Leftover } from '../../runner/leftovers.ts';
import { describeHolder, lockHolder, lockRun } from '../../runner/lock.ts';
import { stillThere } from '../../runner/reporters/summary.ts';
import { liveLedgers, readLedgers, type StateFolder, servingProcess } from '../../runner/state-folder.ts';
import { worstOf } from '../../runner/verdict.ts';
import { stepKinds } from '../../steps/registry.ts';
import type { ResourceKind } from '../../steps/resource.ts';
import { ExitCode } from '../../util/exit-code.ts';
import { legibleLine } from '../../util/printable.ts';
import { counted, listed } from '../../util/text.ts';
import { UserError } from '../../util/user-error.ts';
import { confirmAccount } from '../account-guard.ts';
import { confirmRemoval, type Removable, strays } from '../clean-scope.ts';
import { printFailure } from '../failure.ts';
import { type Interrupts, listenForInterrupts } from '../interrupts.ts';
import { type KeepFlags, keeping, type OutputFlags, type TargetFlags } from '../options.ts';
import { createPrompter } from '../prompter.ts';
import { openReporter } from '../reporters.ts';
import { ledgerTarget } from '../run-ledger.ts';
import { type Surroundings, stateFolder } from '../surroundings.ts';
import { type OpenTarget, openTarget } from '../target.ts';

export interface CleanFlags extends TargetFlags, OutputFlags, Pick<KeepFlags, 'keepLogs'> {
  readonly yes?: boolean;
  /** Also what has no ledger here. */
  readonly all?: boolean;
  /** Milliseconds. */
  readonly olderThan?: number;
}

/**
 * Removes what runs have left, from their ledgers: of one lab or of all, on one target or on all that can be reached. With
 * `all` or `olderThan` also what is found on the target by its tags. Goes on when something cannot be removed, and says why.
 */
export async function clean(lab: string | undefined, flags: CleanFlags, io: Surroundings): Promise<ExitCode> {
  const folder = stateFolder(io);
  const searched = searchedTarget(flags, io);
  const { ledgers, unreadable } = readLedgers(folder);
  for (const { problem } of unreadable) printFailure(problem, io, false);
  const wanted = (run: Wanted) => isWanted(run, lab, flags);
  const interrupts = listenForInterrupts({
    onFirst: () => io.err('\nInterrupted. The resource that is being removed is still waited for; press Ctrl-C again to stop at once.\n'),
    onSecond: () => io.err('\nStopping at once.\n'),
  });
  const tools: Tools = { folder, ledgers, wanted, interrupts, flags, io };
  const codes: ExitCode[] = unreadable.length > 0 ? [ExitCode.couldNotRun] : [ExitCode.ok];
  try {
    const live = liveLedgers(ledgers).filter(({ header }) => wanted({ lab: header.lab.id, created: header.started }));
    const places = byPlace(live).filter(([target]) => isMeant(target, flags));
    if (searched !== undefined) codes.push(await cleanSearched(searched, places, tools));
    else if (places.length === 0 && !flags.json) io.out('Nothing is alive.\n');
    for (const [place, runs] of places) {
      if (interrupts.signal.aborted) break;
      if (searched === undefined || !isMeant(place, { target: searched })) codes.push(await cleanPlace(place, runs, tools));
    }
    return interrupts.signal.aborted ? ExitCode.interrupted : worstOf(codes);
  } finally {
    interrupts.dispose();
  }
}

interface Wanted {
  readonly lab: string;
  /** ISO 8601. */
  readonly created: string;
}

interface Tools {
  readonly folder: StateFolder;
  readonly ledgers: readonly LedgerContent[];
  readonly wanted: (run: Wanted) => boolean;
  readonly interrupts: Interrupts;
  readonly flags: CleanFlags;
  readonly io: Surroundings;
}

/** The target on which tags are looked for, if they are. */
function searchedTarget({ all, olderThan, target }: CleanFlags, io: Surroundings): string | undefined {
  if (!all && olderThan === undefined) return undefined;
  const name = target ?? io.env['AWS_ENDPOINT_URL'];
  const hint = 'For example: kinesis-labs clean --all --target aws';
  if (!name) throw new UserError('To find what has no ledger here, the target has to be named.', { hint });
  if (name === 'sandbox') throw new UserError('The embedded sandbox ends with its program, and everything in it.', { hint });
  return name;
}

function isWanted({ lab: id, created }: Wanted, lab: string | undefined, { olderThan = 0 }: CleanFlags): boolean {
  return (lab === undefined || id === lab || id === lab.padStart(2, '0')) && Date.now() - Date.parse(created) >= olderThan;
}

function isMeant(target: LedgerTarget, { target: wanted }: Pick<CleanFlags, 'target'>): boolean {
  if (wanted === undefined || wanted === target.label) return true;
  return target.endpoint !== undefined && target.endpoint === wanted.replace(/\/$/, '');
}

type Place = readonly [target: LedgerTarget, runs: readonly LedgerContent[]];

function byPlace(ledgers: readonly LedgerContent[]): readonly Place[] {
  const groups: [LedgerTarget, LedgerContent[]][] = [];
  // The newest run first: what it has made may stand on what an older one has made.
  for (const ledger of [...ledgers].reverse()) {
    const group = groups.find(([target]) => isSamePlace(target, ledger.header.target));
    if (group) group[1].push(ledger);
    else groups.push([ledger.header.target, [ledger]]);
  }
  return groups;
}

/** Removes what ledgers know to be in a place. */
async function cleanPlace(place: LedgerTarget, runs: readonly LedgerContent[], tools: Tools): Promise<ExitCode> {
  const { flags, io } = tools;
  try {
    const [serving] = runs.flatMap((run) => servingProcess(run) ?? []);
    if (serving !== undefined) {
      throw new UserError(`Process ${serving.pid} is still running its lab on the embedded sandbox.`, {
        exitCode: ExitCode.couldNotRun,
        hint: 'Everything there ends with it: end the lab in its terminal.',
      });
    }
    if (place.endpoint === undefined && io.env['AWS_ENDPOINT_URL']) {
      throw new UserError('What is to be removed is on AWS itself, and AWS_ENDPOINT_URL leads elsewhere.', {
        exitCode: ExitCode.couldNotRun,
        hint: 'Take it away first: unset AWS_ENDPOINT_URL',
      });
    }
    const open = await openTarget(place.endpoint ?? 'aws', { ...flags, region: place.region }, io);
    try {
      if (!isSamePlace(ledgerTarget(open), place)) {
        throw new UserError(`The run was in account ${place.account}, and the credentials belong to account ${open.account}.`, {
          exitCode: ExitCode.couldNotRun,
          hint: 'Choose the credentials of that account with --profile.',
        });
      }
      const kinds = await resourceKinds(stepKinds);
      const damaged = runs.filter((run) => run.damaged.length > 0).map(({ header }) => header.run);
      if (damaged.length === 0) return await cleanRuns(open, runs, [], kinds, tools);
      const { found, problems } = await strays({ open, kinds, runs, ...tools, signal: tools.interrupts.signal });
      for (const problem of problems) io.err(`${problem}\n`);
      const lost = found.filter(({ tags }) => damaged.includes(tags.run));
      return worstOf([problems.length === 0 ? ExitCode.ok : ExitCode.couldNotRun, await cleanRuns(open, runs, lost, kinds, tools)]);
    } finally {
      await open.close();
    }
  } catch (error) {
    const code = printFailure(error, io, flags.verbose ?? false);
    if (!(error instanceof AccessLost)) return code;
    const untouched = runs.map(({ header, entries }) => `${counted(liveResources(entries).length, 'resource')} of lab ${header.lab.id}`);
    io.err(`${legibleLine(`Nothing was removed on ${place.label}, region ${place.region}: ${listed(untouched)}.`)}\n`);
    if (place.endpoint !== undefined && error.reason === 'network') {
      const commands = runs.map(({ header }) => `  kinesis-labs clean --forget ${header.run}\n`);
      io.err(`If that server, with all that was there, is gone for good, its ledger can go too:\n${commands.join('')}`);
    }
    return code;
  }
}

/** Removes what ledgers and tags know to be on a target. */
async function cleanSearched(name: string, places: readonly Place[], tools: Tools): Promise<ExitCode> {
  const { flags, io, interrupts } = tools;
  try {
    const open = await openTarget(name, flags, io);
    try {
      const place = ledgerTarget(open);
      const runs = places.filter(([target]) => isSamePlace(target, place)).flatMap(([, its]) => its);
      const kinds = await resourceKinds(stepKinds);
      const { found, problems } = await strays({ open, kinds, runs, ...tools, signal: interrupts.signal });
      for (const problem of problems) io.err(`${problem}\n`);
      const code = problems.length === 0 ? ExitCode.ok : ExitCode.couldNotRun;
      if (found.length === 0 && runs.length === 0) {
        if (!flags.json) io.out('Nothing is alive.\n');
        return code;
      }
      return worstOf([code, await cleanRuns(open, runs, found, kinds, tools)]);
    } finally {
      await open.close();
    }
  } catch (error) {
    return interrupts.signal.aborted ? ExitCode.interrupted : printFailure(error, io, flags.verbose ?? false);
  }
}

/** Removes what is alive of runs on a target that is open, and what was found there besides. */
async function cleanRuns(
  open: OpenTarget,
  runs: readonly LedgerContent[],
  found: readonly Leftover[],
  kinds: ReadonlyMap<string, ResourceKind>,
  tools: Tools,
): Promise<ExitCode> {
  const { folder, ledgers, interrupts, flags, io } = tools;
  const ready = runs.filter((run) => isFree(run, tools));
  const prompter = createPrompter(interrupts);
  const ask = { prompter, signal: interrupts.signal };
  if (!flags.yes) await confirmAccount(open, flags, io, ask);
  const removable: Removable = { runs: ready, found, kinds, ...keeping(flags) };
  if (!flags.yes && !(await confirmRemoval(open, removable, flags, io, ask))) return ExitCode.couldNotRun;
  const target = ledgerTarget(open);
  const here = ledgers.filter(({ header }) => isSamePlace(header.target, target));
  const files = new Set([...ready.map(({ file }) => file), ...adopt(found, here, { folder, target })]);
  const report = await openReporter(flags, io, { detail: 'brief', cliLines: false });
  const { signal: stop, abandon } = interrupts;
  const left: Left[] = [];
  let keptByAny = false;
  for (const file of files) {
    if (stop.aborted) break;
    const ledger = Ledger.resume(file, Date.now);
    try {
      const lock = lockRun(folder, ledger.header);
      try {
        const kindOf = (type: string) => kinds.get(type);
        const run = { ledger, kindOf, target: open.target, clock: open.clock, openSession, report, stop, abandon };
        left.push(...(await cleanRun({ ...run, ...keeping(flags) })));
        keptByAny ||= ledger.live.length > 0;
        // What its lines can no longer say was looked for by its tags.
        if (ledger.damaged.length > 0 && ledger.live.length === 0) ledger.discard();
      } finally {
        lock.release();
      }
    } finally {
      ledger.close();
    }
  }
  if (flags.keepLogs && !flags.json && keptByAny) io.out('kinesis-labs status shows what stays, and kinesis-labs clean removes it.\n');
  if (left.length > 0 && !flags.json) io.out(`\n${stillThere(left.length)} kinesis-labs clean goes on from here.\n`);
  if (left.length > 0) return left.every(({ lost }) => lost === 'credentials') ? ExitCode.couldNotRun : ExitCode.leftBehind;
  return ready.length < runs.length ? ExitCode.couldNotRun : ExitCode.ok;
}

/** Whether nobody is working on a run; says so where somebody is. */
function isFree({ header }: LedgerContent, { folder, io }: Tools): boolean {
  const holder = lockHolder(folder, header);
  if (holder === undefined) return true;
  const problem = new UserError(`${describeHolder(holder)} is running lab ${header.lab.id} at the moment.`, {
    exitCode: ExitCode.couldNotRun,
    hint: 'End it first; it removes what it has created.',
  });
  printFailure(problem, io, false);
  return false;
}
