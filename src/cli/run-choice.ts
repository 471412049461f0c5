import { type EarlierRun, earlierRuns, isRunOf, isSameTarget } from '../runner/earlier-run.ts';
import type { LedgerContent, LedgerTarget } from '../runner/ledger-text.ts';
import { lockHolder } from '../runner/lock.ts';
import type { Plan } from '../runner/plan.ts';
import { progressText, settingsText } from '../runner/reporters/resumption.ts';
import { conflictsWith, type KeptSettings, keptSettings, type RunSettings } from '../runner/run-settings.ts';
import { leadOf } from '../runner/settings.ts';
import { readLedgers } from '../runner/state-folder.ts';
import { ExitCode } from '../util/exit-code.ts';
import { legibleLine } from '../util/printable.ts';
import { counted } from '../util/text.ts';
import { UserError } from '../util/user-error.ts';
import type { LabFlags } from './options.ts';
import type { Prompter } from './prompter.ts';
import { ledgerTarget, runSettings } from './run-ledger.ts';
import { startCommand } from './start-command.ts';
import { type Surroundings, stateFolder } from './surroundings.ts';
import type { OpenTarget } from './target.ts';

/** Which run is meant: one that is gone on with, or a new one. */
export interface RunChoice {
  readonly earlier?: LedgerContent;
  /** What holds for it: what it was begun with or, of a new one, what the command line says. */
  readonly settings: RunSettings;
}

export interface ChoiceOptions {
  /** Of the lab with the settings of the command line. */
  readonly plan: Plan;
  /** The file of the lab; absolute. */
  readonly file: string;
  readonly open: OpenTarget;
  readonly flags: LabFlags & { readonly yes?: boolean; readonly restart?: boolean };
  readonly prompter: Prompter;
  readonly signal: AbortSignal;
}

/**
 * Finds the run of a lab that is to be gone on with, and tells about others that there are.
 * @throws {UserError} when several could be meant and nobody can be asked, or other values were given than it was begun with.
 */
export async function chooseRun(options: ChoiceOptions, io: Surroundings): Promise<RunChoice> {
  const { plan, file, open, flags } = options;
  const here = ledgerTarget(open);
  const runs = earlierRuns(readLedgers(stateFolder(io)).ledgers).filter((run) => isRunOf(run, plan, file));
  const onTarget = runs.filter((run) => isSameTarget(run.ledger.header.target, here) && !isOthers(run, options, io));
  const meant = await meantRun(onTarget, options, io);
  const others = runs.filter((run) => run !== meant && !isToldElsewhere(run, here, open));
  io.err(others.map((run) => `${otherRunText(run, here, io)}\n`).join(''));
  if (meant === undefined) return { settings: runSettings(flags) };
  return { earlier: meant.ledger, settings: settingsOf(meant, options, io) };
}

/** Without questions, a run that somebody works on in another terminal is none of ours where each has an AWS of its own. */
function isOthers({ ledger }: EarlierRun, { flags }: ChoiceOptions, io: Surroundings): boolean {
  const { header } = ledger;
  return flags.yes === true && header.target.endsWithProcess !== undefined && lockHolder(stateFolder(io), header) !== undefined;
}

async function meantRun(runs: readonly EarlierRun[], options: ChoiceOptions, io: Surroundings): Promise<EarlierRun | undefined> {
  const { plan, flags, prompter, signal } = options;
  const withPrefix = (prefix: string) => runs.find(({ ledger }) => leadOf(ledger.header.prefix) === leadOf(prefix));
  if (flags.prefix !== undefined) return withPrefix(flags.prefix);
  if (runs.length <= 1) return runs[0];
  if (io.interactive && !flags.yes) {
    const choices = runs.map((run, index) => ({ value: String(index), title: runText(run) }));
    io.out('\n');
    return runs[Number(await prompter.choose('Which of your runs do you want to go on with?', choices, signal))];
  }
  const plain = withPrefix('');
  if (plain !== undefined) return plain;
  throw new UserError(
    `Lab ${plan.lab.id} has ${counted(runs.length, 'run')} that can be gone on with: ${runs.map(runText).join(' and ')}.`,
    {
      hint: `Say which one is meant: --prefix ${runs[0]?.ledger.header.prefix}. To begin another one: --prefix ''`,
    },
  );
}

/** What holds for a run that is gone on with: what it was begun with, or with `--restart`, what is given now over that. */
function settingsOf(run: EarlierRun, { plan, flags }: ChoiceOptions, io: Surroundings): RunSettings {
  const { lab } = plan;
  const { header } = run.ledger;
  const { prefix, set: given } = runSettings(flags);
  const kept = keptSettings(header, lab);
  if (flags.restart) return { prefix: flags.prefix === undefined ? header.prefix : prefix, set: { ...kept.settings.set, ...given } };
  const conflicts = conflictsWith(kept, given, lab);
  if (conflicts.length > 0) {
    throw new UserError(
      `The run of lab ${lab.id} that you have begun has other values: ${conflicts.map((name) => valueText(name, run, plan)).join(' and ')}.`,
      {
        exitCode: ExitCode.couldNotRun,
        hint: `Leave ${conflicts.map((name) => `--set ${name}`).join(' and ')} out to go on with it, or add --restart to begin anew with other values.${run.alive > 0 ? ` What it has left (${counted(run.alive, 'resource')}) is removed first then.` : ''}`,
      },
    );
  }
  for (const name of kept.unfit)
    io.err(`${legibleLine(name)}, which you had set, is no longer part of the lab in that way; it is left out.\n`);
  return { ...kept.settings, set: { ...kept.settings.set, ...secretsAgain(kept, given) } };
}

/** What was secret has to be given again. */
function secretsAgain({ secret }: KeptSettings, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const missing = secret.filter((name) => !Object.hasOwn(given, name));
  if (missing.length === 0) return Object.fromEntries(secret.map((name) => [name, given[name] ?? '']));
  throw new UserError(`${missing.join(' and ')} was set to something that was taken for a secret, and is written down nowhere.`, {
    hint: `Give it again: ${missing.map((name) => `--set ${name}=…`).join(' ')}`,
  });
}

function valueText(name: string, { ledger }: EarlierRun, { values }: Plan): string {
  const { vars, names } = ledger.header.values;
  const before = vars[name] ?? names[name] ?? 'its default';
  return `${name} is ${legibleLine(String(before), 80)}, not ${legibleLine(String(values.vars[name] ?? values.names[name]), 80)}`;
}

/** `--prefix ada: 3 of 10 steps done, 30 of 100 points`. */
function runText({ ledger, progress, alive }: EarlierRun): string {
  const { prefix, set = {} } = ledger.header;
  const settings = settingsText({ prefix, set });
  const parts = [
    ...(progress === undefined ? [] : [progressText(progress)]),
    ...(alive > 0 ? [`${counted(alive, 'resource')} alive`] : []),
  ];
  return legibleLine(`${settings === '' ? 'without --prefix' : settings} (${parts.join(', ')})`);
}

/** Where an account costs money, what is alive in others is told when it is confirmed. */
function isToldElsewhere({ ledger, alive }: EarlierRun, here: LedgerTarget, { target }: OpenTarget): boolean {
  return target.billed && alive > 0 && !isSameTarget(ledger.header.target, here);
}

function otherRunText(run: EarlierRun, here: LedgerTarget, io: Surroundings): string {
  const { header } = run.ledger;
  const there = isSameTarget(header.target, here) ? '' : ` on ${header.target.label}, region ${header.target.region}`;
  return legibleLine(`There is another run of this lab${there}, ${runText(run)}. To go on with it: ${startCommand(run.ledger, io)}`);
}
