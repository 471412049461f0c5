import type { ResourceRef } from '../steps/resource.ts';
import { ExitCode } from '../util/exit-code.ts';
import { isMapping } from '../util/json.ts';
import type { ProcessIdentity } from '../util/process-identity.ts';
import { masked, redacted } from '../util/redact.ts';
import { UserError } from '../util/user-error.ts';
import type { RunResult, StepOutcome } from './event.ts';
import type { Mode } from './mode.ts';
import type { PlanValues } from './plan.ts';

/** The version of the file format (docs/ledger.md) that this program writes, and the newest that it reads. Format 1 had no sessions. */
export const ledgerFormat = 2;

/** The first line of a ledger: which run this is. It holds no credentials. */
export interface LedgerHeader {
  readonly ledger: number;
  readonly run: string;
  /** `file` is absolute; in format 1 it may start from a folder that nobody knows. */
  readonly lab: { readonly id: string; readonly file: string };
  /** That of the first session. */
  readonly target: LedgerTarget;
  readonly nonce: string;
  /** ISO 8601. */
  readonly started: string;
  readonly prefix: string;
  /** What `--set` said; absent in format 1. */
  readonly set?: Readonly<Record<string, string>>;
  /** What the variables and names of the lab stood for. */
  readonly values: PlanValues;
}

/** The settings and values of a run as its ledger has them: without secrets that somebody put into them. */
export function recordedSettings({ values, set }: Pick<LedgerHeader, 'values' | 'set'>): Pick<LedgerHeader, 'values' | 'set'> {
  const vars = redacted(values.vars) as PlanValues['vars'];
  const names = redacted(values.names) as PlanValues['names'];
  return { values: { vars, names }, ...(set === undefined ? {} : { set: redacted(set) as Readonly<Record<string, string>> }) };
}

/** Where the resources of a ledger are. */
export interface LedgerTarget {
  readonly label: string;
  readonly endpoint?: string;
  readonly region: string;
  readonly account: string;
  /** Set where what is created may cost money. */
  readonly billed?: boolean;
  /** The process that everything on the target ends with, if it does. */
  readonly endsWithProcess?: ProcessIdentity;
}

type Of<Entry extends string, More = unknown> = { readonly entry: Entry; readonly at: string } & ResourceRef & More;

interface Announced {
  readonly step: string;
  /** US dollars: what it costs as its step makes it, where it costs by the hour. */
  readonly perHour?: number;
}

/** Every line after the first. `at` is ISO 8601. */
export type LedgerEntry =
  /** Was not there when the run began, and is going to be created by a later step. */
  | Of<'planned', Announced>
  /** The step that creates it has begun. */
  | Of<'intended', Announced>
  | Of<'created', { readonly step: string }>
  /** Was found by its tags, after the ledger that announced it was lost. */
  | Of<'tagged'>
  /** Is somebody else's: never removed. */
  | Of<'found', { readonly step?: string }>
  | Of<'removed'>
  /** Still there after a teardown, and why. */
  | Of<'kept', { readonly why: string }>
  | SessionEntry
  /** `content` is that of the step when it ended so; absent in format 1. */
  | { readonly entry: 'step'; readonly at: string; readonly step: string; readonly outcome: StepOutcome; readonly content?: string }
  /** The step is to be done once more, as if it had never been. */
  | { readonly entry: 'reset'; readonly at: string; readonly step: string }
  | { readonly entry: 'ended'; readonly at: string; readonly outcome: RunResult['outcome'] };

/**
 * A process began to work on the run, or went on with it. Where the target ends with its process, what was there before
 * ended with the process before.
 */
export interface SessionEntry {
  readonly entry: 'session';
  readonly at: string;
  readonly mode: Mode['name'];
  readonly endsWithProcess?: ProcessIdentity;
  /** ISO 8601: until when what the run creates may live; absent where nobody has said so. */
  readonly until?: string;
  /** The steps that the lab had then, in order. */
  readonly steps: readonly SessionStep[];
}

export interface SessionStep {
  readonly id: string;
  /** As in `PlannedStep`. */
  readonly content: string;
  readonly points: number;
}

/** A ledger as it was read. */
export interface LedgerContent {
  readonly file: string;
  readonly header: LedgerHeader;
  readonly entries: readonly LedgerEntry[];
  /** Numbers of the lines that cannot be read: what they announced is not known. */
  readonly damaged: readonly number[];
}

const members: Readonly<Record<LedgerEntry['entry'], readonly string[]>> = {
  planned: ['at', 'type', 'id', 'step'],
  intended: ['at', 'type', 'id', 'step'],
  created: ['at', 'type', 'id', 'step'],
  tagged: ['at', 'type', 'id'],
  found: ['at', 'type', 'id'],
  removed: ['at', 'type', 'id'],
  kept: ['at', 'type', 'id', 'why'],
  session: ['at', 'mode'],
  step: ['at', 'step', 'outcome'],
  reset: ['at', 'step'],
  ended: ['at', 'outcome'],
};

/**
 * Reads a ledger. What stands behind the last line feed was being written when the process died, so what it announced did
 * not begin, and it is left out. Lines that a disk has lost or garbled are left out too, and counted.
 * @throws {UserError} when the file is not a ledger, or one of a newer version of the program.
 */
export function parseLedger(text: string, file: string): LedgerContent {
  const [first = '', ...rest] = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const header = parsed(first);
  if (!isHeader(header)) {
    throw new UserError(`${file} is not a ledger: its first line is not the header of a run.`, {
      exitCode: ExitCode.couldNotRun,
      hint: 'If it was one: kinesis-labs clean --all --target … finds what that run created by its tags. Then delete the file.',
    });
  }
  if (header.ledger > ledgerFormat) {
    throw new UserError(`${file} was written by a newer kinesis-labs (ledger format ${header.ledger}; this one reads ${ledgerFormat}).`, {
      exitCode: ExitCode.couldNotRun,
      hint: 'Use the newer version to clean that run.',
    });
  }
  const lines = rest.map((line, index) => ({ number: index + 2, line, entry: parsed(line) })).filter(({ line }) => line !== '');
  return {
    file,
    header,
    entries: lines.flatMap(({ entry }) => (isEntry(entry) ? [entry] : [])),
    damaged: lines.filter(({ entry }) => !isEntry(entry)).map(({ number }) => number),
  };
}

/** One line of a ledger, with its line feed. It holds no secrets. */
export function ledgerLine(content: LedgerHeader | LedgerEntry): string {
  return masked(`${JSON.stringify(content)}\n`);
}

/** After a power cut, a file can have zeros where the disk had not yet written. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line.replaceAll('\0', ''));
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is LedgerHeader {
  if (!isMapping(value) || typeof value['ledger'] !== 'number') return false;
  // What a newer version writes beside its number is its own affair.
  if (value['ledger'] > ledgerFormat) return true;
  const { lab, target } = value;
  return (
    hasTexts(value, ['run', 'nonce', 'started', 'prefix']) &&
    isMapping(lab) &&
    hasTexts(lab, ['id', 'file']) &&
    isMapping(target) &&
    hasTexts(target, ['label', 'region', 'account']) &&
    isMapping(value['values'])
  );
}

function isEntry(value: unknown): value is LedgerEntry {
  if (!isMapping(value)) return false;
  const entry = String(value['entry']);
  if (!Object.hasOwn(members, entry) || !hasTexts(value, members[entry as LedgerEntry['entry']])) return false;
  return entry !== 'session' || (Array.isArray(value['steps']) && value['steps'].every(isSessionStep));
}

function isSessionStep(value: unknown): boolean {
  return isMapping(value) && hasTexts(value, ['id', 'content']) && typeof value['points'] === 'number';
}

function hasTexts(value: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}
